//! The start of a heap.
//!
//! **Measured:** a heap made, and a heap made, used for one object and given back, with default settings and with those of a
//! small heap. It is what a worker of a cluster costs before it does anything.
//!
//! **Not shown:** the memory that a fresh heap has resident, and first touches of the memory that it grows into: `targets
//! start` prints the one, the workloads have the other.
//!
//! **Floor:** a reservation of address space made and given back. **Ceiling:** a millisecond, the goal.

use criterion::{Criterion, criterion_group, criterion_main};
use gc_benches::start;
use gc_core::Config;
use memmap2::MmapOptions;
use std::hint::black_box;
use std::time::Duration;

/// As much as a heap reserves.
const RESERVATION_BYTES: usize = 32 << 30;

fn reservation() {
    let reserved = MmapOptions::new().len(RESERVATION_BYTES).no_reserve_swap().map_anon();
    drop(black_box(reserved.expect("the system grants address space")));
}

fn starts(c: &mut Criterion) {
    let mut group = c.benchmark_group("start");
    for (name, config) in [("default", Config::default()), ("small", start::small())] {
        group.bench_function(format!("made, {name}"), |b| {
            b.iter_custom(|times| (0..times).map(|_| start::time(&config)).sum());
        });
        group.bench_function(format!("made, used and given back, {name}"), |b| {
            b.iter(|| start::time_of_life(&config));
        });
    }
    group.bench_function("address space reserved and given back", |b| b.iter(reservation));
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = starts
}
criterion_main!(benches);
