//! The watch for leaks on the workloads: it finds each leak's culprit and says nothing of what only looks like one.

use gc_core::policy::{Growth, OldPacing, PercentGrowth};
use gc_core::{Config, Heap, Stress};
use heap_viz::Shared;
use heap_viz::leak::{LeakPolicy, LeakReport, LeakWatch};

/// A heap that is small enough for a small leak to show: full collections every 256 KiB.
fn config() -> Config {
    let growth = Growth::Percent(PercentGrowth { growth_percent: 105, min_growth_bytes: 256 << 10 });
    let pacing = OldPacing { growth, initial_limit_bytes: 256 << 10, ..OldPacing::default() };
    let mut config = Config { pacing, ..Config::default() };
    (config.new_space.initial_bytes, config.new_space.max_bytes) = (256 << 10, 256 << 10);
    config
}

/// What a watch finds in a run of a workload.
fn watched(workload: &str, assignments: &[&str], config: Config) -> LeakReport {
    let workload =
        workloads::find(workload).expect("it is registered").workload(assignments).expect("they are right");
    let watch = Shared::new(LeakWatch::new(LeakPolicy { least_bytes: 256 << 10, ..LeakPolicy::default() }));
    let mut heap = Heap::new(config).expect("a heap");
    heap.watch(Box::new(watch.clone()));
    let mut report = LeakReport::default();
    let mut end = |heap: &mut Heap| report = watch.lock().finish(heap.now(), &heap.snapshot());
    workload.run_and_end(&mut heap, &mut |_| (), &mut |heap| end(heap)).expect("it does not fail");
    report
}

/// Checks that a leak's culprits, and no other types, are found in each of the lanes.
#[track_caller]
fn check_found(workload: &str, assignments: &[&str], culprits: &[&str]) {
    let verified = Stress { verify: true, poison: true, ..Stress::default() };
    for stress in [Stress::default(), verified] {
        let report = watched(workload, assignments, Config { stress, ..config() });
        let mut suspects: Vec<_> = report
            .leaks
            .iter()
            .flat_map(|leak| &leak.suspects)
            .map(|suspect| suspect.name.as_str())
            .collect();
        suspects.sort_unstable();
        assert_eq!(suspects, culprits, "{report:#?}");
        let ways = report.leaks.iter().flat_map(|leak| &leak.suspects).map(|suspect| &suspect.kept_by);
        assert!(ways.into_iter().all(Option::is_some), "{report:#?}");
    }
}

#[track_caller]
fn check_silent(workload: &str, assignments: &[&str]) {
    let report = watched(workload, assignments, config());
    assert_eq!(report.leaks, [], "{workload} {assignments:?}");
}

#[test]
fn each_leak_is_found_with_its_culprit() {
    check_found("leak_cache", &["requests=40000"], &["Entry", "Value"]);
    check_found("leak_queue", &["jobs=40000"], &["Job", "Link"]);
    check_found("leak_closure", &["calls=4000"], &["Array", "Closure", "Scope", "Thing"]);
    check_found("leak_listeners", &["owners=20000"], &["Data", "Listener", "Owner"]);
}

#[test]
fn nothing_is_said_of_their_cured_twins() {
    for cure in ["cured=1", "cured=2"] {
        check_silent("leak_cache", &["requests=40000", cure]);
        check_silent("leak_queue", &["jobs=40000", cure]);
    }
    check_silent("leak_closure", &["calls=4000", "cured=1"]);
    check_silent("leak_listeners", &["owners=20000", "cured=1"]);
}

/// All of these grow at first: they build up what they then work on.
#[test]
fn nothing_is_said_of_programs_that_build_up_what_they_keep() {
    check_silent("lru_cache", &[]);
    check_silent("splay", &["size=2000"]);
    check_silent("gcbench", &[]);
    check_silent("big_heap", &["live=16384", "operations=20000"]);
}
