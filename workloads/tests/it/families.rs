//! What the families of workloads are there to show: leaks that grow and cures that do not, and streams that stay small.

use crate::configs::{heap, plain};
use gc_core::event::{Event, PauseKind, Recorder, Usage};
use gc_core::policy::OldPacing;
use gc_core::{Config, Heap, Stress};
use workloads::find;

/// A leak, and the settings of its cures.
const LEAKS: [(&str, &[&str], &[&str]); 4] = [
    ("leak_cache", &["requests=12_000", "value=64", "repeated=30", "bound=400"], &["cured=1", "cured=2"]),
    ("leak_queue", &["jobs=12_000", "payload=64", "consumed=50", "bound=100"], &["cured=1", "cured=2"]),
    ("leak_closure", &["calls=6_000", "array=100"], &["cured=1"]),
    ("leak_listeners", &["owners=8_000", "data=64", "active=100", "events=5"], &["cured=1"]),
];

/// Makes a run under `config`; what it told.
fn events(name: &str, overrides: &[&str], config: Config) -> Vec<Event> {
    let recorder = Recorder::default();
    let mut heap = heap(config);
    heap.set_sink(Box::new(recorder.clone()));
    let entry = find(name).expect("the workload is registered");
    let workload = entry.workload(overrides).expect("the parameters are legal");
    let outcome = workload.run(&mut heap, &mut |_| ());
    assert!(outcome.is_ok(), "{name} {overrides:?}: {}", outcome.expect_err("it is not"));
    recorder.take()
}

/// What a full collection left, each time that a twentieth or so of the run was done.
fn left_over_time(name: &str, overrides: &[&str]) -> Vec<u64> {
    let config = Config { stress: Stress { collect_every: Some(40), ..Stress::default() }, ..plain() };
    let left = |event: &Event| match event {
        Event::PauseEnded(pause) if pause.kind == PauseKind::Full => Some(taken(&pause.after)),
        _ => None,
    };
    events(name, overrides, config).iter().filter_map(left).collect()
}

/// Bytes of objects and of buffers.
fn taken(usage: &Usage) -> u64 {
    usage.heap_used() + usage.external
}

/// What is left after each quarter of a run.
fn quarters(name: &str, overrides: &[&str]) -> [u64; 4] {
    let left = left_over_time(name, overrides);
    assert!(left.len() >= 8, "{name} {overrides:?}: {} full collections", left.len());
    [1, 2, 3, 4].map(|quarter| left[left.len() * quarter / 4 - 1])
}

#[test]
fn leaks_grow_in_proportion_to_what_is_done() {
    for (name, overrides, _) in LEAKS {
        let left = quarters(name, overrides);
        for (quarter, bytes) in (1..).zip(left) {
            let expected = left[3] * quarter / 4;
            assert!(
                (expected * 7 / 10..=expected * 13 / 10).contains(&bytes),
                "{name}: {left:?} after quarter {quarter}"
            );
        }
    }
}

#[test]
fn cured_leaks_do_not_grow() {
    for (name, overrides, cures) in LEAKS {
        let leaked = quarters(name, overrides)[3];
        for cure in cures {
            let left = quarters(name, &[overrides, &[cure]].concat());
            let (least, most) = (left.iter().min().copied(), left.iter().max().copied());
            let is_flat = most <= least.map(|least| least * 5 / 4 + 1_024);
            assert!(is_flat && left[3] < leaked / 5, "{name} {cure}: {left:?}, uncured {leaked}");
        }
    }
}

/// What is alive when all operations of a leak have been done, by type.
fn census(name: &str, overrides: &[&str]) -> Vec<(String, u64)> {
    let mut heap = heap(plain());
    let workload = find(name).expect("it is registered").workload(overrides).expect("legal parameters");
    let mut census = Vec::new();
    let look = &mut |heap: &Heap| {
        let snapshot = heap.snapshot();
        census.extend(snapshot.census().iter().map(|total| (total.of.name().to_owned(), total.count)));
    };
    assert!(workload.run_and_look(&mut heap, &mut |_| (), look).is_ok(), "{name}");
    census.sort();
    census
}

#[track_caller]
fn check_census(name: &str, overrides: &[&str], expected: &[(&str, u64)]) {
    let expected: Vec<_> = expected.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
    assert_eq!(census(name, overrides), expected, "{name} {overrides:?}");
}

#[test]
fn a_census_names_what_leaks() {
    for calls in [100, 200] {
        let leaked = [("Array", calls), ("Closure", calls), ("Scope", calls), ("Thing", calls + 1)];
        check_census("leak_closure", &[&format!("calls={calls}")], &leaked);
        let cured = [("Array", 1), ("Closure", 1), ("Scope", 1), ("Thing", 1)];
        check_census("leak_closure", &[&format!("calls={calls}"), "cured=1"], &cured);

        let owners = &*format!("owners={calls}");
        let table = [("Data", calls), ("Emitter", 2), ("Listener", calls), ("Owner", calls), ("Table", 2)];
        check_census("leak_listeners", &[owners, "emitters=2", "active=10"], &table);
        let table = [("Data", 10), ("Emitter", 2), ("Listener", 10), ("Owner", 10), ("Table", 2)];
        check_census("leak_listeners", &[owners, "emitters=2", "active=10", "cured=1"], &table);
    }
}

#[test]
fn values_outside_are_on_no_heap() {
    check_census("leak_cache", &["requests=500", "cured=2"], &[("Connection", 1), ("buffer", 1)]);
}

/// Most bytes of objects and of buffers at the start or end of a collection, and of both together.
fn peak(name: &str, overrides: &[&str]) -> u64 {
    let pacing = OldPacing { young_external_bytes: 1 << 20, ..OldPacing::default() };
    let most = |event: &Event| match event {
        Event::PauseEnded(pause) => Some(taken(&pause.before).max(taken(&pause.after))),
        _ => None,
    };
    let events = events(name, overrides, Config { pacing, ..plain() });
    events.iter().filter_map(most).max().expect("it was collected")
}

#[test]
fn a_stream_stays_small_however_much_flows() {
    let [short, long] =
        ["messages=250", "messages=1_000"].map(|messages| peak("stream", &[messages, "message=20_000"]));
    assert!(short < 2 << 20 && long < short + (256 << 10), "{short}, {long}");
}

#[test]
fn reading_everything_first_takes_as_much_as_there_is() {
    let overrides = ["messages=1_000", "message=20_000"];
    let (naive, stream) = (peak("stream_naive", &overrides), peak("stream", &overrides));
    assert!(naive > 19_000_000 && naive > 10 * stream, "{naive}, {stream}");
}
