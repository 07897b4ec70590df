//! Workloads, recorded and replayed.

use super::graph::graph_of;
use crate::configs::{heap, small, stressed, verified};
use gc_core::Config;
use workloads::find;
use workloads::trace::{Replay, Replayed, TraceFile, TraceRecorder};

/// A workload by name, with overrides of its parameters.
pub(crate) type Case = (&'static str, &'static [&'static str]);

/// Small enough to be verified at every collection, and to be collected at every few allocations.
const SMALL: [Case; 14] = [
    ("binary_trees", &["depth=6"]),
    ("gcbench", &["stretch_depth=6", "long_lived_depth=5", "array_length=100", "max_depth=6"]),
    ("ring", &["window=50", "message=100", "pushes=500", "idle_us=10"]),
    ("splay", &["size=8", "modifications=4", "runs=2", "payload_depth=2"]),
    ("linked_list", &["length=300", "rounds=2"]),
    ("random_graph", &["nodes=40", "steps=600"]),
    ("lru_cache", &["capacity=20", "keys=100", "lookups=500", "value=40"]),
    ("fragmentation", &["live=64", "rounds=8", "large=10"]),
    ("event_loop", &["events=12", "timer_us=1_000", "buffer=64", "sessions=5", "session=32"]),
    ("stream", &["messages=40", "message=500", "chunk=200", "high_water=500"]),
    ("leak_queue", &["jobs=200", "payload=40"]),
    ("adversary_promotion", &["objects=400", "object=40", "kept=20", "lifetime=4"]),
    ("adversary_array", &["slots=600", "stores=800"]),
    ("adversary_remembered", &["holders=50", "holder=100", "rounds=6"]),
];

/// Large enough to be collected often with small spaces.
pub(crate) const MEDIUM: [Case; 14] = [
    ("binary_trees", &["depth=12"]),
    ("gcbench", &["stretch_depth=12", "long_lived_depth=12", "array_length=40_000", "max_depth=10"]),
    ("ring", &["window=2_000", "message=1_000", "pushes=10_000", "idle_us=50"]),
    ("splay", &["size=400", "modifications=80", "runs=10"]),
    ("linked_list", &["length=60_000", "rounds=3"]),
    ("random_graph", &["nodes=20_000", "steps=100_000"]),
    ("lru_cache", &["capacity=4_000", "keys=40_000", "lookups=50_000"]),
    ("fragmentation", &["live=4_096", "rounds=3", "large=512"]),
    ("event_loop", &["events=600", "sessions=500", "timer_us=10_000"]),
    ("stream", &["messages=400", "message=16_384"]),
    ("leak_queue", &["jobs=10_000"]),
    ("adversary_promotion", &["objects=40_000", "lifetime=600"]),
    ("adversary_array", &["slots=30_000", "stores=60_000"]),
    ("adversary_remembered", &["holders=4_000", "rounds=8"]),
];

/// A trace, and what was alive at its end.
pub(crate) struct Recorded {
    pub(crate) file: Vec<u8>,
    pub(crate) graph: Vec<u64>,
}

pub(crate) fn record((name, overrides): Case, config: Config) -> Recorded {
    let workload = find(name).expect("it is registered").workload(overrides).expect("legal parameters");
    let mut heap = heap(config);
    heap.record(Box::new(TraceRecorder::new(Vec::new(), name, Vec::new())));
    let mut recorded = Recorded { file: Vec::new(), graph: Vec::new() };
    let outcome = workload.run_and_end(&mut heap, &mut |_| (), &mut |heap| {
        recorded.graph = graph_of(heap);
        let log = heap.stop_recording().expect("it was set");
        recorded.file = TraceRecorder::finish(log).expect("memory takes everything");
        heap.verify().expect("a sound heap");
    });
    outcome.unwrap_or_else(|error| panic!("{name}: {error}"));
    recorded
}

#[track_caller]
pub(crate) fn check_replay(name: &str, recorded: &Recorded, config: Config) -> Replayed {
    let replay = Replay::new(TraceFile::open(&recorded.file).expect("it is whole"));
    let mut heap = heap(config);
    let mut graph = Vec::new();
    let replayed = replay.run_and_look(&mut heap, &mut |_| (), &mut |heap| graph = graph_of(heap));
    let replayed = replayed.unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(replayed.operations, replay.totals().operations(), "{name}");
    assert!(graph == recorded.graph, "{name}: {} objects instead of {}", graph.len(), recorded.graph.len());
    replayed
}

#[test]
fn a_replay_ends_with_what_the_program_kept() {
    for case in MEDIUM {
        let recorded = record(case, small(256 << 10));
        let replayed = check_replay(case.0, &recorded, small(512 << 10));
        assert_eq!(replayed.lost, 0, "{}", case.0);
    }
}

#[test]
fn recorded_and_replayed_while_everything_is_verified() {
    for case in SMALL {
        let recorded = record(case, verified());
        check_replay(case.0, &recorded, verified());
        check_replay(case.0, &recorded, stressed(3));
    }
}

#[test]
fn recorded_while_collecting_all_the_time() {
    for case in SMALL {
        for collect_every in [1, 7] {
            let recorded = record(case, stressed(collect_every));
            check_replay(case.0, &recorded, small(512 << 10));
        }
    }
}

#[test]
fn a_program_is_recorded_the_same_every_time() {
    for case in MEDIUM {
        let files = [(); 2].map(|()| record(case, small(256 << 10)).file);
        assert!(files[0] == files[1], "{}", case.0);
    }
}
