//! Whole programs.
//!
//! **Measured:** every workload of the `workloads` crate at a size that takes a fraction of a second, from an empty
//! heap with default settings to the checked result; the rate is in the workload's own operations. Binary trees of
//! depth 14 are run by its peers too.
//!
//! **Not shown:** pauses (`tenure run` reports them), memory, and what one part of the collector contributes: a change
//! that shows here shows in one of the other benches, which say where.
//!
//! **Floor**, for binary trees: bumpalo, which frees a tree at a time. **Ceiling:** `Box`, which frees each node.
//! gc-arena, between or above them, is the collector for Rust programs to compare with. Java runs in `targets` only.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use gc_benches::settings::heap;
use gc_benches::trees::{arena, boxed, bump, tenure};
use gc_core::Config;
use std::time::Duration;

/// Workloads, and the parameters that make them small.
const SIZES: [(&str, &[&str]); 26] = [
    ("binary_trees", &["depth=14"]),
    ("gcbench", &[]),
    ("ring", &[]),
    ("splay", &[]),
    ("linked_list", &[]),
    ("random_graph", &[]),
    ("lru_cache", &[]),
    ("fragmentation", &["live=32_768"]),
    ("event_loop", &[]),
    ("http_server", &[]),
    ("websocket", &[]),
    ("udp", &[]),
    ("cluster", &[]),
    ("big_heap", &["live=65_536", "operations=50_000"]),
    ("stream", &[]),
    ("stream_naive", &[]),
    ("leak_cache", &[]),
    ("leak_queue", &[]),
    ("leak_closure", &[]),
    ("leak_listeners", &[]),
    ("adversary_survivors", &[]),
    ("adversary_promotion", &[]),
    ("adversary_list", &["length=300_000"]),
    ("adversary_array", &[]),
    ("adversary_remembered", &[]),
    ("adversary_ephemerons", &[]),
];

fn workloads(c: &mut Criterion) {
    let mut group = c.benchmark_group("workloads");
    for (name, parameters) in SIZES {
        let entry = workloads::find(name).expect("it is registered");
        let workload = entry.workload(parameters).expect("the parameters are legal");
        group.throughput(Throughput::Elements(workload.operations()));
        group.bench_function(name, |b| {
            b.iter(|| {
                workload.run(&mut heap(Config::default()), &mut |_| ()).expect("it finds what it must")
            });
        });
    }
    group.finish();
}

fn binary_trees(c: &mut Criterion) {
    const DEPTH: u32 = 14;
    let mut group = c.benchmark_group("binary trees, depth 14");
    group.bench_function("tenure", |b| b.iter(|| tenure::run(DEPTH, &Config::default())));
    group.bench_function("bumpalo", |b| b.iter(|| bump::run(DEPTH)));
    group.bench_function("box", |b| b.iter(|| boxed::run(DEPTH)));
    group.bench_function("gc-arena", |b| b.iter(|| arena::run(DEPTH, arena::BEST_PACING)));
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3));
    targets = workloads, binary_trees
}
criterion_main!(benches);
