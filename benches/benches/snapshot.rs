//! Taking a snapshot.
//!
//! **Measured:** the time of `Heap::snapshot` on a heap of 3.3 million old nodes of 32 bytes (100 MiB) in one tree, in
//! address order or shuffled, freeing the snapshot not included; the rate is in objects.
//!
//! **Not shown:** long arrays, ephemerons, and typed values that have to be asked where their references are.
//!
//! **Floor:** a plain walk of the same tree in a bumpalo arena that sets a word in each node, and keeps nothing.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use gc_benches::graph::{OldGraph, with_bump_tree};
use gc_benches::survivors::Order;
use std::time::Duration;

const NODES: u32 = (100 << 20) / 32;

fn snapshot(c: &mut Criterion) {
    let mut group = c.benchmark_group("snapshot");
    group.throughput(Throughput::Elements(NODES.into()));
    for order in [Order::Address, Order::Shuffled] {
        let name = format!("{order:?}").to_lowercase();
        let graph = OldGraph::new(NODES, 100, order);
        group.bench_function(BenchmarkId::new("tenure", &name), |b| {
            b.iter_with_large_drop(|| graph.snapshot());
        });
        with_bump_tree(NODES, order, |mark| {
            group.bench_function(BenchmarkId::new("bumpalo", &name), |b| b.iter(&mut *mark));
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = snapshot
}
criterion_main!(benches);
