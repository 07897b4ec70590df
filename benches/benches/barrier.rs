//! Stores of references to young objects into old ones.
//!
//! **Measured:** a step that allocates an object of 16 bytes and stores it into a random slot of one of 256, 4,096 or
//! 65,536 holders of four slots each, 65,536 steps between two scavenges. With many holders most steps are the first
//! store into one since the scavenge and take the barrier's slow path; with few, the fast one. The `steady` group goes
//! on through its scavenges and so includes what the remembered set costs them.
//!
//! **Not shown:** stores into long arrays, which are remembered by the card; stores while marking is under way (there
//! is none yet); and what the allocation alone takes, which is part of every figure (see `allocation`).
//!
//! **Without a barrier:** `young holders` is the same code on the same heap with holders that need not be remembered.
//! `handles` stores into as many roots as there are slots, so that the same objects survive the same scavenges, found
//! without barrier or remembered set. **Floor:** `plain arrays`, the same writes to Rust arrays in place of a heap,
//! values bumped through a ring of 1 MiB as bumpalo would. **Ceiling:** `box`, where each store frees the object that
//! it overwrites: the price of knowing at once what dies.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use gc_benches::stores::{BoxLoop, Holders, PlainLoop, SteadyLoop, StoreLoop};
use std::time::{Duration, Instant};

const HOLDERS: [u32; 3] = [256, 4_096, 65_536];
/// Steps between two scavenges.
const STORES: u32 = 1 << 16;

/// The time of `steps` steps, made in rounds of [`STORES`].
fn time_rounds(steps: u64, mut round: impl FnMut(u32) -> Duration) -> Duration {
    let rounds = steps.div_ceil(STORES.into());
    let elapsed: Duration = (0..rounds).map(|_| round(STORES)).sum();
    elapsed.mul_f64(steps as f64 / (rounds * u64::from(STORES)) as f64)
}

fn time(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

fn between_scavenges(c: &mut Criterion) {
    let mut group = c.benchmark_group("barrier, between scavenges");
    for holders in HOLDERS {
        for (place, name) in [(Holders::Old, "old holders"), (Holders::Young, "young holders")] {
            let mut stores = StoreLoop::new(place, holders);
            group.bench_function(BenchmarkId::new(name, holders), |b| {
                b.iter_custom(|n| time_rounds(n, |count| stores.run(count)));
            });
        }
    }
    group.finish();
}

fn steady(c: &mut Criterion) {
    let mut group = c.benchmark_group("barrier, steady");
    for holders in HOLDERS {
        let mut old = SteadyLoop::into_holders(holders);
        group.bench_function(BenchmarkId::new("old holders", holders), |b| {
            b.iter_custom(|n| time_rounds(n, |count| time(|| old.run(count))));
        });
        let mut handles = SteadyLoop::into_handles(holders);
        group.bench_function(BenchmarkId::new("handles", holders), |b| {
            b.iter_custom(|n| time_rounds(n, |count| time(|| handles.run(count))));
        });
        let mut plain = PlainLoop::new(holders);
        group.bench_function(BenchmarkId::new("plain arrays", holders), |b| {
            b.iter_custom(|n| time_rounds(n, |count| time(|| plain.run(count))));
        });
        let mut boxes = BoxLoop::new(holders);
        group.bench_function(BenchmarkId::new("box", holders), |b| {
            b.iter_custom(|n| time_rounds(n, |count| time(|| boxes.run(count))));
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(1));
    targets = between_scavenges, steady
}
criterion_main!(benches);
