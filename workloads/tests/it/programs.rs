//! Every workload, small, under every kind of configuration.

use crate::configs::{heap, plain, small};
use gc_core::clock::CostModel;
use gc_core::event::{Cause, Event, PauseKind, Recorder};
use gc_core::policy::{NewSpaceSizing, OldPacing};
use gc_core::{ClockSource, Config, Heap, Preset, Stress};
use workloads::{Latency, Outcome, WorkloadError, find, registry};

/// A workload by name, with overrides of its parameters.
type Case = (&'static str, &'static [&'static str]);

/// Small enough to collect at every other allocation.
const SMALL: [Case; 30] = [
    ("binary_trees", &["depth=5"]),
    ("gcbench", &["stretch_depth=5", "long_lived_depth=4", "array_length=100", "max_depth=6"]),
    ("ring", &["window=50", "message=100", "pushes=500"]),
    ("splay", &["size=8", "modifications=4", "runs=2", "payload_depth=2"]),
    ("linked_list", &["length=300", "rounds=2"]),
    ("random_graph", &["nodes=40", "steps=600"]),
    ("lru_cache", &["capacity=20", "keys=100", "lookups=500", "value=40"]),
    ("fragmentation", &["live=64", "rounds=8", "large=10"]),
    ("event_loop", &["events=12", "timer_us=1_000", "buffer=64", "sessions=5", "session=32"]),
    (
        "http_server",
        &[
            "requests=60",
            "connections=5",
            "users=9",
            "session=32",
            "expiry_us=1_000",
            "active=3",
            "waiting=4",
        ],
    ),
    ("websocket", &["connections=6", "rooms=2", "frames=80", "payload=40", "outbox=3"]),
    ("udp", &["datagrams=100", "label=20"]),
    ("cluster", &["workers=2", "jobs=24", "nodes=5", "data=40", "oversized=50_000", "worker_old=1_048_576"]),
    ("big_heap", &["live=16", "length=4", "order=1", "operations=40"]),
    ("window", &["objects=300", "window=40"]),
    ("growth", &["objects=200", "companion=16", "chunk=60"]),
    ("replacement", &["records=40", "steps=200"]),
    ("external_ring", &["buffers=60", "kept=8", "buffer=10_000"]),
    ("stream", &["messages=40", "message=500", "chunk=200", "high_water=500"]),
    ("stream_naive", &["messages=20", "message=500", "chunk=200"]),
    ("leak_cache", &["requests=250", "value=40"]),
    ("leak_queue", &["jobs=200", "payload=40"]),
    ("leak_closure", &["calls=60", "array=40"]),
    ("leak_listeners", &["owners=100", "active=10", "emitters=3", "data=40", "events=300"]),
    ("adversary_survivors", &["objects=150", "object=40", "rounds=2"]),
    ("adversary_promotion", &["objects=400", "object=40", "kept=20", "lifetime=4"]),
    ("adversary_list", &["length=120", "rounds=2"]),
    ("adversary_array", &["slots=300", "stores=400"]),
    ("adversary_remembered", &["holders=50", "holder=100", "rounds=6"]),
    ("adversary_ephemerons", &["length=60", "webs=2"]),
];

/// Large enough to be collected several times by a heap with small spaces.
const MEDIUM: [Case; 30] = [
    ("binary_trees", &["depth=12"]),
    ("gcbench", &["stretch_depth=12", "long_lived_depth=12", "array_length=40_000", "max_depth=10"]),
    ("ring", &["window=2_000", "message=1_000", "pushes=10_000"]),
    ("splay", &["size=400", "modifications=80", "runs=10"]),
    ("linked_list", &["length=60_000", "rounds=3"]),
    ("random_graph", &["nodes=20_000", "steps=300_000"]),
    ("lru_cache", &["capacity=4_000", "keys=40_000", "lookups=50_000"]),
    ("fragmentation", &["live=4_096", "rounds=3", "large=512"]),
    ("event_loop", &["events=600", "sessions=500", "timer_us=10_000"]),
    ("http_server", &["requests=2_000", "connections=200", "users=1_500", "expiry_us=40_000"]),
    ("websocket", &["connections=40", "frames=20_000"]),
    ("udp", &["datagrams=10_000"]),
    ("cluster", &["workers=3", "jobs=4_000", "nodes=8", "data=64", "worker_old=1_048_576", "oversized=600"]),
    ("big_heap", &["live=2_048", "operations=2_000"]),
    ("window", &["objects=60_000", "window=2_000"]),
    ("growth", &["objects=40_000", "companion=24", "chunk=1_000"]),
    ("replacement", &["records=8_000", "steps=30_000"]),
    ("external_ring", &["buffers=200", "kept=10", "buffer=262_144"]),
    ("stream", &["messages=400", "message=16_384"]),
    ("stream_naive", &["messages=1_500", "message=1_000", "chunk=256"]),
    ("leak_cache", &["requests=8_000"]),
    ("leak_queue", &["jobs=10_000"]),
    ("leak_closure", &["calls=1_200"]),
    ("leak_listeners", &["owners=3_000", "active=500"]),
    ("adversary_survivors", &["objects=10_000", "rounds=2"]),
    ("adversary_promotion", &["objects=40_000", "lifetime=600"]),
    ("adversary_list", &["length=20_000", "rounds=2"]),
    ("adversary_array", &["slots=30_000", "stores=60_000"]),
    ("adversary_remembered", &["holders=4_000", "rounds=8"]),
    ("adversary_ephemerons", &["length=10_000", "webs=2"]),
];

/// Workloads that need next to no objects, whatever their parameters.
const NEARLY_WITHOUT_OBJECTS: [&str; 4] = ["stream", "websocket", "udp", "external_ring"];

/// A small new space. Not the least that there is: with the feature `tiny-pages` that is 16 times less, and verifying
/// every collection takes minutes.
const SEMISPACE_BYTES: u64 = 256 << 10;

/// Small spaces, so that little work makes many collections.
fn tiny() -> Config {
    Config { clock: ClockSource::Measured, ..modelled() }
}

fn verified() -> Config {
    Config { stress: Stress { poison: true, verify: true, ..Stress::default() }, ..tiny() }
}

fn stressed(collect_every: u32) -> Config {
    Config { stress: Stress::all(collect_every, 11), ..tiny() }
}

fn modelled() -> Config {
    small(SEMISPACE_BYTES)
}

/// Too little old space for any workload of its default size.
fn cramped() -> Config {
    Config { max_old_bytes: 256 << 10, ..tiny() }
}

fn run_on(heap: &mut Heap, (name, overrides): (&str, &[&str])) -> Result<Outcome, WorkloadError> {
    let entry = find(name).expect("the workload is registered");
    let workload = entry.workload(overrides).expect("the parameters are legal");
    let outcome = workload.run(heap, &mut |_| ())?;
    assert_eq!(
        outcome.operations,
        workload.operations(),
        "{name} must make the operations that it announces"
    );
    Ok(outcome)
}

#[track_caller]
fn check_all(cases: &[Case], config: fn() -> Config) {
    for &case in cases {
        let outcome = run_on(&mut heap(config()), case);
        assert!(outcome.is_ok(), "{}: {}", case.0, outcome.expect_err("it is not"));
    }
}

#[test]
fn every_workload_has_a_small_and_a_medium_case() {
    let names: Vec<_> = registry().iter().map(|entry| entry.name).collect();
    assert_eq!(SMALL.map(|(name, _)| name).to_vec(), names);
    assert_eq!(MEDIUM.map(|(name, _)| name).to_vec(), names);
}

#[test]
fn results_are_right_by_default() {
    check_all(&SMALL, plain);
    check_all(&MEDIUM, plain);
}

/// A preset in tiny spaces.
fn preset(preset: Preset) -> Config {
    let (of, tiny) = (preset.config(), verified());
    let new_space = NewSpaceSizing { growth: of.new_space.growth, ..tiny.new_space };
    let pacing = OldPacing { growth: tiny.pacing.growth, initial_limit_bytes: 1 << 19, ..of.pacing };
    Config { new_space, pacing, ..Config { stress: tiny.stress, huge_pages: false, ..of } }
}

#[test]
fn results_are_right_under_every_preset() {
    check_all(&SMALL, || preset(Preset::V8Node20));
    check_all(&MEDIUM, || preset(Preset::V8Node20));
    check_all(&SMALL, || preset(Preset::JvmSerial));
    check_all(&SMALL, || preset(Preset::Ocaml));
}

#[test]
fn results_are_right_under_the_preset_of_v8_and_stress() {
    check_all(&SMALL, || Config { stress: Stress::all(3, 5), ..preset(Preset::V8Node20) });
}

#[test]
fn results_are_right_in_tiny_spaces() {
    check_all(&MEDIUM, tiny);
}

#[test]
fn results_are_right_while_every_collection_is_verified() {
    check_all(&SMALL, verified);
    check_all(&MEDIUM, verified);
}

#[test]
fn results_are_right_while_every_third_allocation_collects() {
    check_all(&SMALL, || stressed(3));
}

#[test]
fn results_are_right_while_every_allocation_collects() {
    check_all(&SMALL, || stressed(1));
}

#[test]
fn under_the_modelled_clock_a_run_repeats_to_the_last_event() {
    for case in MEDIUM {
        let run = || {
            let recorder = Recorder::default();
            let mut heap = heap(modelled());
            heap.set_sink(Box::new(recorder.clone()));
            (run_on(&mut heap, case), recorder.take())
        };
        let (first, second) = (run(), run());
        assert!(
            first.1.iter().any(|event| matches!(event, Event::PauseEnded(_))),
            "{}: no collection",
            case.0
        );
        assert!(first == second, "{}: two runs differ", case.0);
    }
}

#[test]
fn a_heap_that_is_too_small_is_an_error_and_remains_usable() {
    for small in SMALL.into_iter().filter(|case| !NEARLY_WITHOUT_OBJECTS.contains(&case.0)) {
        let mut heap = heap(cramped());
        // By default this one's objects live no longer than it takes to promote them.
        let large: &[&str] = if small.0 == "adversary_promotion" { &["lifetime=65_536"] } else { &[] };
        let outcome = run_on(&mut heap, (small.0, large));
        assert!(matches!(outcome, Err(WorkloadError::HeapFull(_))), "{}: {outcome:?}", small.0);
        let outcome = run_on(&mut heap, small);
        assert!(outcome.is_ok(), "{} after a refusal: {outcome:?}", small.0);
    }
}

#[test]
fn a_run_leaves_nothing_alive() {
    for case in MEDIUM {
        let mut heap = heap(plain());
        run_on(&mut heap, case).expect("there is room");
        heap.collect_full();
        assert_eq!(heap.usage().heap_used(), 0, "{}", case.0);
        // The slab that the next small buffer would be cut from is kept.
        assert!(heap.usage().external <= 8 << 10, "{}: {} bytes of buffers", case.0, heap.usage().external);
    }
}

/// What is alive when the operations of a run are done, by type.
fn kept_by(case: Case) -> Vec<(String, u64)> {
    let entry = find(case.0).expect("the workload is registered");
    let workload = entry.workload(case.1).expect("the parameters are legal");
    let mut kept = Vec::new();
    let outcome = workload.run_and_look(&mut heap(tiny()), &mut |_| (), &mut |heap| {
        let snapshot = heap.snapshot();
        kept.extend(snapshot.census().iter().map(|total| (total.of.name().to_owned(), total.count)));
    });
    assert!(outcome.is_ok(), "{}", case.0);
    kept
}

#[test]
fn whoever_looks_sees_what_a_run_keeps() {
    for case in MEDIUM {
        let kept = kept_by(case);
        assert_eq!(kept.is_empty(), case.0 == "linked_list", "{}: {kept:?}", case.0);
        assert!(kept.iter().all(|(name, _)| !name.is_empty()), "{}: {kept:?}", case.0);
    }
    assert_eq!(kept_by(("binary_trees", &["depth=9"])), [("Node".to_owned(), (2 << 9) - 1)]);
}

#[test]
fn whoever_looks_sees_what_filled_a_heap() {
    let workload = find("ring").expect("it is registered").workload([""; 0]).expect("the defaults are legal");
    let mut looks = Vec::new();
    let look = &mut |heap: &Heap| looks.push(heap.snapshot().len());
    let outcome = workload.run_and_look(&mut heap(cramped()), &mut |_| (), look);
    assert!(matches!(outcome, Err(WorkloadError::HeapFull(_))), "{outcome:?}");
    assert_eq!(looks.len(), 1);
}

#[test]
fn the_estimate_of_live_bytes_is_within_a_quarter() {
    for (name, overrides) in MEDIUM {
        let recorder = Recorder::default();
        let config = Config { stress: Stress { collect_every: Some(16), ..Stress::default() }, ..tiny() };
        let mut heap = heap(config);
        heap.set_sink(Box::new(recorder.clone()));
        run_on(&mut heap, (name, overrides)).expect("there is room");
        let peak = recorder.take().iter().filter_map(live_bytes_after_full).max().expect("it was collected");
        let entry = find(name).expect("the workload is registered");
        let estimate = entry.workload(overrides).expect("the parameters are legal").live_bytes();
        let slack = if NEARLY_WITHOUT_OBJECTS.contains(&name) { 4 << 10 } else { 0 };
        assert!(
            (estimate * 3 / 4..=estimate * 5 / 4 + slack).contains(&peak),
            "{name}: {peak}, estimated {estimate}"
        );
    }
}

fn live_bytes_after_full(event: &Event) -> Option<u64> {
    match event {
        Event::PauseEnded(pause) if pause.kind == PauseKind::Full => Some(pause.after.heap_used()),
        _ => None,
    }
}

#[test]
fn workloads_that_measure_latencies_measure_all_of_them() {
    for case in SMALL {
        let outcome = run_on(&mut heap(plain()), case).expect("there is room");
        let measured = outcome.latencies.map(|latencies| latencies.len() as u64);
        let measures = ["ring", "fragmentation", "event_loop", "http_server", "websocket", "udp", "big_heap"]
            .contains(&case.0);
        assert_eq!(measured, measures.then_some(outcome.operations), "{}", case.0);
    }
}

/// The checksum of a ring that gives its heap so much idle time, and how many pauses were made in it.
fn ring_with_idle_time(idle_us: &str) -> (u64, usize) {
    let recorder = Recorder::default();
    let mut heap = heap(modelled());
    heap.set_sink(Box::new(recorder.clone()));
    let outcome = run_on(&mut heap, ("ring", &["window=2_000", "pushes=10_050", idle_us]));
    let checksum = outcome.expect("there is room").checksum;
    let is_idle = |event: &Event| matches!(event, Event::PauseEnded(pause) if pause.cause == Cause::Idle);
    (checksum, recorder.take().iter().filter(|event| is_idle(event)).count())
}

#[test]
fn idle_time_is_used_and_changes_no_result() {
    let (checksum, pauses) = ring_with_idle_time("idle_us=0");
    assert_eq!(pauses, 0);
    for idle_us in ["idle_us=10", "idle_us=200", "idle_us=1_000_000"] {
        let with_idle_time = ring_with_idle_time(idle_us);
        assert!(with_idle_time.0 == checksum && with_idle_time.1 > 0, "{idle_us}: {with_idle_time:?}");
    }
}

/// The checksum of an event loop, and how many pauses were made in its idle time.
fn event_loop(config: Config, overrides: &[&'static str]) -> (u64, usize) {
    let recorder = Recorder::default();
    let mut heap = heap(config);
    heap.set_sink(Box::new(recorder.clone()));
    let overrides: Vec<_> = ["events=600", "sessions=500"].iter().chain(overrides).copied().collect();
    let outcome = run_on(&mut heap, ("event_loop", &overrides)).expect("there is room");
    let is_idle = |event: &Event| matches!(event, Event::PauseEnded(pause) if pause.cause == Cause::Idle);
    (outcome.checksum, recorder.take().iter().filter(|event| is_idle(event)).count())
}

#[test]
fn an_event_loop_gives_idle_time_and_finds_the_same_by_any_clock() {
    for rule in ["rule=0", "rule=1"] {
        let (checksum, pauses) = event_loop(modelled(), &[rule, "idle=0"]);
        assert_eq!(pauses, 0);
        let with_idle_time = event_loop(modelled(), &[rule]);
        assert!(with_idle_time.0 == checksum && with_idle_time.1 > 0, "{with_idle_time:?}");
        assert_eq!(event_loop(tiny(), &[rule]).0, checksum);
        assert_eq!(event_loop(tiny(), &[rule, "idle=0"]).0, checksum);
    }
}

/// Of all latencies of an event loop: their sum, what pauses add, and the longest without them.
fn event_loop_latencies(config: Config, overrides: &[&'static str]) -> [u64; 3] {
    let outcome = run_on(&mut heap(config), ("event_loop", overrides)).expect("there is room");
    let latencies = outcome.latencies.expect("they are measured");
    let sum = |part: fn(&Latency) -> u64| latencies.iter().map(|latency| part(&latency)).sum();
    let longest = latencies.iter().map(|latency| latency.without_pauses().0).max();
    assert_eq!(longest, Some(latencies.worst_without_pauses().0));
    [sum(|latency| latency.time.0), sum(|latency| latency.by_pauses.0), longest.unwrap_or(0)]
}

#[test]
fn delays_of_an_event_loop_less_what_collections_add_are_the_same_whatever_is_collected() {
    let overrides = ["events=3_000", "sessions=500", "interval_us=5", "timer_us=10_000", "idle=0"];
    // Whole nanoseconds, so that nothing is rounded.
    let cost = CostModel {
        allocated_byte_ps: 1_000,
        slot_ps: 1_000,
        copied_byte_ps: 1_000,
        promoted_byte_ps: 1_000,
        ..CostModel::default()
    };
    let clock = ClockSource::Modelled(cost);
    let small = Config { clock: clock.clone(), ..tiny() };
    let [delay, by_pauses, longest] = event_loop_latencies(small, &overrides);
    // Too large to have a reason to collect: pauses are all that tells the two runs apart.
    let new_space =
        NewSpaceSizing { initial_bytes: 64 << 20, max_bytes: 64 << 20, ..NewSpaceSizing::default() };
    let pacing = OldPacing { young_external_bytes: 1 << 30, ..OldPacing::default() };
    let large = Config { clock, new_space, pacing, ..plain() };
    let [delay_of_large, by_pauses_of_large, longest_of_large] = event_loop_latencies(large, &overrides);
    assert_eq!(by_pauses_of_large, 0);
    assert!(by_pauses > 0 && delay > by_pauses, "{by_pauses} of {delay}");
    assert_eq!((delay - by_pauses, longest), (delay_of_large, longest_of_large));
}

#[test]
fn the_seed_changes_what_a_random_workload_finds() {
    let without_choices =
        ["binary_trees", "gcbench", "ring", "linked_list", "window", "growth", "external_ring"];
    for name in registry().iter().map(|entry| entry.name).filter(|name| !without_choices.contains(name)) {
        let (_, small) = *SMALL.iter().find(|case| case.0 == name).expect("every workload has a case");
        let entry = find(name).expect("the workload is registered");
        let checksum = |seed: &'static str| {
            let overrides = small.iter().copied().chain([seed]);
            entry.workload(overrides).expect("the parameters are legal").expected_checksum()
        };
        assert_ne!(checksum("seed=1"), checksum("seed=2"), "{name}");
        assert_eq!(checksum("seed=3"), checksum("seed=3"), "{name}");
    }
}

#[test]
fn progress_rises_to_one_in_at_most_two_hundred_reports() {
    for (name, overrides) in MEDIUM {
        let workload = find(name).expect("it is registered").workload(overrides).expect("legal parameters");
        let mut shares = Vec::new();
        let outcome = workload.run(&mut heap(plain()), &mut |share| shares.push(share));
        assert!(outcome.is_ok(), "{name}");
        assert!(shares.len() <= 200, "{name}: {} reports", shares.len());
        assert!(shares.is_sorted(), "{name}");
        assert_eq!(shares.last(), Some(&1.0), "{name}");
    }
}
