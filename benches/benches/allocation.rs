//! Allocation of small objects that die young.
//!
//! **Measured:** the time of one object of 16 or 32 bytes, header and initialised slots included, in chains of 64 of
//! which each is dropped when complete. Tenure's scavenges are part of the time; next to nothing survives them.
//! Arrays of bytes are measured by their size, since clearing them is most of their cost; one of 1 MiB is a large
//! object, with pages of its own.
//!
//! **Not shown:** what survivors cost (`scavenge`), and what a program does with its objects between allocating and
//! losing them, which fills the cache with other things.
//!
//! **Floor:** bumpalo, the same chains in an arena that starts anew after 1 MiB, as large as a semispace. It writes no
//! header, checks no handle and collects nothing. **Ceiling:** `Box`, which allocates and frees each object by itself.

use bumpalo::Bump;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use gc_benches::settings::heap;
use gc_benches::young::{self, CHAIN, Tenure};
use gc_core::{Config, Layout};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// The time of `objects` objects, made in whole chains.
fn time_objects(objects: u64, run: impl FnOnce(u32)) -> Duration {
    let chains = u32::try_from(objects.div_ceil(CHAIN.into())).expect("a sample has fewer objects");
    let start = Instant::now();
    run(chains);
    start.elapsed().mul_f64(objects as f64 / (f64::from(chains) * f64::from(CHAIN)))
}

fn small<const WORDS: usize>(c: &mut Criterion, name: &str) {
    let mut group = c.benchmark_group(format!("allocation, {name}, dies young"));
    let mut tenure = Tenure::new(WORDS as u32);
    group.bench_function("tenure", |b| b.iter_custom(|n| time_objects(n, |chains| tenure.run(chains))));
    let mut bump = Bump::new();
    group.bench_function("bumpalo", |b| {
        b.iter_custom(|n| time_objects(n, |chains| young::bumpalo::<WORDS>(&mut bump, chains)));
    });
    group.bench_function("box", |b| b.iter_custom(|n| time_objects(n, young::boxed::<WORDS>)));
    group.finish();
}

fn objects(c: &mut Criterion) {
    small::<0>(c, "16 B");
    small::<2>(c, "32 B");
}

fn arrays(c: &mut Criterion) {
    let mut group = c.benchmark_group("allocation, zeroed array of bytes, dies young");
    for bytes in [64, 1 << 10, 16 << 10, 1 << 20] {
        group.throughput(Throughput::Bytes(bytes.into()));
        let mut heap = heap(Config::default());
        let shape = heap.register("bytes", Layout::Bytes);
        group.bench_function(BenchmarkId::new("tenure", bytes), |b| {
            b.iter(|| heap.scope(|heap| heap.alloc_array(shape, bytes).is_ok()));
        });
        let mut bump = Bump::new();
        group.bench_function(BenchmarkId::new("bumpalo", bytes), |b| {
            b.iter(|| {
                if bump.allocated_bytes() > 2 << 20 || bump.chunk_capacity() < bytes as usize {
                    bump.reset();
                }
                black_box(bump.alloc_slice_fill_copy(bytes as usize, 0_u8));
            });
        });
        group.bench_function(BenchmarkId::new("box", bytes), |b| b.iter(|| vec![0_u8; bytes as usize]));
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(1));
    targets = objects, arrays
}
criterion_main!(benches);
