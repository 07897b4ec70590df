//! Marking.
//!
//! **Measured:** the time of the mark phase of a full collection, by the heap's own events, of 256 thousand or 2 million
//! old nodes of 32 bytes (8 and 64 MiB) in one tree: in address order or shuffled. All nodes live; the time is per
//! collection, the rate in objects.
//!
//! **Not shown:** deep lists, which leave a marker nothing to fetch ahead; wide arrays; and young objects, of which
//! there are none.
//!
//! **Floor:** a plain walk of the same tree in a bumpalo arena, with a stack, that sets a word in each node: no mark
//! bits, no shapes, nothing fetched ahead. **Ceiling:** `box`, freeing as many nodes one by one: what a program
//! without a collector pays for each object at its death, where marking pays for the living.

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use gc_benches::graph::{OldGraph, boxed_nodes, with_bump_tree};
use gc_benches::survivors::Order;
use gc_core::event::Phase;
use std::time::Duration;

const NODES: [u32; 2] = [1 << 18, 1 << 21];

fn mark(c: &mut Criterion) {
    for order in [Order::Address, Order::Shuffled] {
        let mut group = c.benchmark_group(format!("mark, {order:?}").to_lowercase());
        for nodes in NODES {
            group.throughput(Throughput::Elements(nodes.into()));
            let mut graph = OldGraph::new(nodes, 100, order);
            group.bench_function(BenchmarkId::new("tenure", nodes), |b| {
                b.iter_custom(|n| (0..n).map(|_| graph.collect(Phase::Mark)).sum());
            });
            with_bump_tree(nodes, order, |mark| {
                group.bench_function(BenchmarkId::new("bumpalo", nodes), |b| b.iter(&mut *mark));
            });
            group.bench_function(BenchmarkId::new("box", nodes), |b| {
                b.iter_batched(|| boxed_nodes(nodes, order), drop, BatchSize::PerIteration);
            });
        }
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = mark
}
criterion_main!(benches);
