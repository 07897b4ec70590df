//! A replay under the configuration of the recording is the same to the collector.

use super::recording::Case;
use crate::configs::{heap, small};
use gc_core::event::{Event, PauseKind, Recorder};
use gc_core::{Config, Preset};
use workloads::find;
use workloads::trace::{Replay, TraceFile, TraceRecorder};

/// What the collector did in a run.
#[derive(Clone, Copy, Debug, Default)]
struct Account {
    minors: u64,
    steps: u64,
    fulls: u64,
    allocated_bytes: u64,
    promoted_bytes: u64,
    copied_bytes: u64,
}

fn account_of(recorder: &Recorder) -> Account {
    let mut account = Account::default();
    for event in recorder.take() {
        let Event::PauseEnded(pause) = event else { continue };
        match pause.kind {
            PauseKind::Minor => account.minors += 1,
            PauseKind::Full | PauseKind::Finish => account.fulls += 1,
            PauseKind::Step => account.steps += 1,
        }
        account.allocated_bytes += pause.allocated_bytes_before;
        account.promoted_bytes += pause.work.promoted_bytes;
        account.copied_bytes += pause.work.copied_bytes;
    }
    account
}

/// Runs a workload without recording it.
fn run((name, overrides): Case, config: Config) -> Account {
    let (mut heap, recorder) = (heap(config), Recorder::default());
    heap.set_sink(Box::new(recorder.clone()));
    let workload = find(name).expect("it is registered").workload(overrides).expect("legal parameters");
    workload.run(&mut heap, &mut |_| ()).expect("there is room");
    account_of(&recorder)
}

/// Runs a workload, and records it.
fn record((name, overrides): Case, config: Config) -> (Account, Vec<u8>) {
    let (mut heap, recorder) = (heap(config), Recorder::default());
    heap.set_sink(Box::new(recorder.clone()));
    heap.record(Box::new(TraceRecorder::new(Vec::new(), name, Vec::new())));
    let workload = find(name).expect("it is registered").workload(overrides).expect("legal parameters");
    workload.run(&mut heap, &mut |_| ()).expect("there is room");
    let log = heap.stop_recording().expect("it was set");
    (account_of(&recorder), TraceRecorder::finish(log).expect("memory takes everything"))
}

fn replay(file: &Vec<u8>, config: Config) -> Account {
    let (mut heap, recorder) = (heap(config), Recorder::default());
    heap.set_sink(Box::new(recorder.clone()));
    Replay::new(TraceFile::open(file).expect("it is whole"))
        .run(&mut heap, &mut |_| ())
        .expect("there is room");
    account_of(&recorder)
}

/// Checks that two figures differ by at most so many percent of the greater one, or by `slack`.
#[track_caller]
fn check_close(what: &str, expected: u64, found: u64, percent: u64, slack: u64) {
    let most = (expected.max(found) * percent / 100).max(slack);
    assert!(expected.abs_diff(found) <= most, "{what}: {found} instead of {expected}");
}

const CASES: [Case; 7] = [
    ("binary_trees", &["depth=14"]),
    ("splay", &["size=800", "modifications=80", "runs=20"]),
    ("lru_cache", &["capacity=4_000", "keys=40_000", "lookups=100_000"]),
    ("event_loop", &["events=2_000", "sessions=1_000", "timer_us=10_000"]),
    ("http_server", &["requests=2_000", "users=2_000"]),
    ("stream", &["messages=2_000", "message=16_384"]),
    ("ring", &["window=2_000", "message=500", "pushes=20_000"]),
];

const SEMISPACE_BYTES: u64 = 512 << 10;

#[test]
fn recording_changes_nothing_that_the_collector_does() {
    for case in CASES {
        let plain = run(case, small(SEMISPACE_BYTES));
        let (recorded, _) = record(case, small(SEMISPACE_BYTES));
        assert_eq!(format!("{plain:?}"), format!("{recorded:?}"), "{}", case.0);
    }
}

#[test]
fn a_replay_is_collected_as_the_program_was() {
    CASES.iter().for_each(|case| check_replay(*case, small(SEMISPACE_BYTES)));
}

/// V8 makes objects in old space whose siblings, made at the same place in the program, have all survived.
#[test]
fn what_allocation_sites_make_is_replayed_as_theirs() {
    // Sites are judged in a new space that grows no more.
    let Config { new_space, clock, .. } = small(SEMISPACE_BYTES);
    let config = || Config { new_space, clock: clock.clone(), ..Preset::V8Node20.config() };
    let case: Case = ("growth", &["objects=200_000"]);
    check_replay(case, config());
    let without = Config { pretenuring: None, ..config() };
    let (at_sites, anywhere) = (run(case, config()), run(case, without.clone()));
    assert!(2 * at_sites.promoted_bytes < anywhere.promoted_bytes, "{at_sites:?} {anywhere:?}");
    check_replay(case, without);
}

/// Checks that what is recorded under a configuration is replayed under it as it was.
#[track_caller]
fn check_replay(case: Case, config: Config) {
    let (recorded, file) = record(case, config.clone());
    let replayed = replay(&file, config);
    println!("{}: {recorded:?} {replayed:?} {} bytes", case.0, file.len());
    let name = case.0;
    check_close(&format!("{name}: scavenges"), recorded.minors, replayed.minors, 3, 2);
    check_close(&format!("{name}: steps"), recorded.steps, replayed.steps, 10, 20);
    check_close(&format!("{name}: markings"), recorded.fulls, replayed.fulls, 10, 1);
    check_close(
        &format!("{name}: allocated"),
        recorded.allocated_bytes,
        replayed.allocated_bytes,
        2,
        1 << 16,
    );
    check_close(&format!("{name}: promoted"), recorded.promoted_bytes, replayed.promoted_bytes, 10, 1 << 16);
    check_close(&format!("{name}: copied"), recorded.copied_bytes, replayed.copied_bytes, 10, 1 << 16);
}
