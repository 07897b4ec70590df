//! Sweeping, in the pause and after it.
//!
//! **Measured:** an old space of 2 million nodes of 32 bytes (64 MiB) of which 10, 50, 80 or 95 % live, in random
//! clusters. `pause` is the sweep phase of a full collection by the heap's own events: mark bits are counted page by
//! page, nothing else. `promotion into holes` is the rest of the work, which is put off to allocation: a scavenge that
//! promotes 200,000 nodes (6 MiB) into the holes, and so walks the mark bits as it goes. `fresh pages` is the same
//! scavenge beside an old space without holes.
//!
//! **Not shown:** pages that become empty and are given back; freeing large objects; and the memory that holes too
//! small for an object waste (`old_allocation` prints it).
//!
//! **Floor:** `bumpalo`, a reset of an arena of the same size. **Ceiling:** `box`, freeing the dead nodes one by one.

use bumpalo::Bump;
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use gc_benches::graph::{OldGraph, boxed_nodes};
use gc_benches::survivors::{NODE_BYTES, Order};
use gc_core::event::Phase;
use std::time::Duration;

const NODES: u32 = 1 << 21;
const LIVE_PERCENTS: [u32; 4] = [10, 50, 80, 95];
const PROMOTED: u32 = 200_000;
/// Time to spend in sweeps for one figure; the markings before them take a hundred times as long.
const PAUSE_TIME: Duration = Duration::from_millis(20);
/// Time to spend in promotions for one figure; filling new space and collecting takes ten times as long.
const PROMOTION_TIME: Duration = Duration::from_millis(200);

fn pause(c: &mut Criterion) {
    let mut group = c.benchmark_group("sweep, pause");
    group.measurement_time(PAUSE_TIME);
    for live in LIVE_PERCENTS {
        let mut graph = OldGraph::new(NODES, live, Order::Address);
        group.bench_function(BenchmarkId::new("tenure", live), |b| {
            b.iter_custom(|n| (0..n).map(|_| graph.collect(Phase::Sweep)).sum());
        });
        let dead = NODES / 100 * (100 - live);
        group.bench_function(BenchmarkId::new("box", live), |b| {
            b.iter_batched(|| boxed_nodes(dead, Order::Address), drop, BatchSize::PerIteration);
        });
    }
    let full = || {
        let bump = Bump::with_capacity(NODES as usize * NODE_BYTES as usize);
        bump.alloc_slice_fill_copy(NODES as usize * NODE_BYTES as usize, 1_u8);
        bump
    };
    group.bench_function("bumpalo", |b| {
        b.iter_batched_ref(full, |bump| bump.reset(), BatchSize::PerIteration);
    });
    group.finish();
}

fn promotion(c: &mut Criterion) {
    let mut group = c.benchmark_group("sweep, promotion into holes");
    group.measurement_time(PROMOTION_TIME);
    group.throughput(Throughput::Elements(PROMOTED.into()));
    for live in LIVE_PERCENTS {
        let mut graph = OldGraph::new(NODES, live, Order::Address);
        group.bench_function(BenchmarkId::new("tenure", live), |b| {
            b.iter_custom(|n| (0..n).map(|_| graph.promote(PROMOTED)).sum());
        });
    }
    let mut graph = OldGraph::new(NODES, 100, Order::Address);
    group.bench_function("tenure, fresh pages", |b| {
        b.iter_custom(|n| (0..n).map(|_| graph.promote(PROMOTED)).sum());
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = pause, promotion
}
criterion_main!(benches);
