//! `tenure doctor`: sick programs get the right cure, proven; healthy ones none; of a log nothing is proven.

use crate::support::{Folder, document, document_for, printed, printed_for, stderr, stdout, tenure};
use serde_json::Value;

/// What the doctor says of a target, the one run in its document.
#[track_caller]
fn examined(target: &[&str]) -> Value {
    document_for(&[&["doctor"], target, &["--json"]].concat())["runs"][0].take()
}

/// The settings of the cure.
fn cured_settings(run: &Value) -> Vec<&str> {
    let changes = run["treatment"]["cure"]["changes"].as_array();
    changes.into_iter().flatten().filter_map(|change| change["setting"].as_str()).collect()
}

/// Checks which settings cure a sick program, and that `figure` gets lower by a share of at least `by`.
#[track_caller]
fn check_cured(target: &[&str], settings: &[&str], figure: &str, by: f64) {
    let run = examined(target);
    let treatment = &run["treatment"];
    assert_eq!(cured_settings(&run), settings, "{treatment:#}");
    let effects = treatment["cure"]["effects"].as_array().expect("a list");
    let effect = effects.iter().find(|effect| effect["figure"] == figure);
    let [before, after] = ["before", "after"].map(|when| effect.and_then(|effect| effect[when].as_f64()));
    let (before, after) = before.zip(after).expect("the figure differs");
    assert!(after <= before * (1.0 - by), "{treatment:#}");
}

#[test]
fn a_new_space_that_is_too_small_is_made_larger() {
    let ring = ["ring", "--set", "window=2000", "--set", "pushes=80000", "--semi-space", "256KiB"];
    check_cured(&ring, &["new_space.initial", "new_space.max"], "bytes that become old", 0.9);
}

#[test]
fn an_old_space_whose_limit_is_near_may_take_more() {
    let ring = ["ring", "--set", "window=20000", "--set", "pushes=60000", "--max-old", "26MiB"];
    check_cured(&ring, &["heap.max_old"], "collections as a last resort", 1.0);
}

#[test]
fn a_heap_that_is_too_small_is_told_how_much_it_needs() {
    let run = examined(&["ring", "--set", "window=4000", "--set", "pushes=8000", "--max-old", "2MiB"]);
    assert_eq!(cured_settings(&run), ["heap.max_old"], "{run:#}");
    let said = &run["treatment"]["cure"]["effects"][0]["said"];
    assert!(said.as_str().is_some_and(|said| said.starts_with("the run passes, with ")), "{said}");
}

#[test]
fn a_fragmented_old_space_is_compacted() {
    let splay = ["splay", "--set", "size=2000", "--set", "runs=200"];
    let off = ["--setting", "compaction.slide_percent=101", "--setting", "compaction.fragmented_percent=101"];
    let target = [&splay[..], &off].concat();
    check_cured(&target, &["compaction.fragmented_percent"], "holes in old space", 0.5);
}

#[test]
fn a_marking_that_starts_too_late_starts_earlier() {
    let splay = ["splay", "--set", "size=1000", "--set", "runs=80", "--max-old", "22MiB"];
    let target = [&splay[..], &["--setting", "marking.start_percent=100"]].concat();
    check_cured(&target, &["marking.start_percent"], "longest pause", 0.8);
}

#[test]
fn an_event_loop_that_is_delayed_is_marked_in_steps() {
    let events = ["event_loop", "--set", "events=4000", "--set", "sessions=40000", "--set", "buffer=8192"];
    let target = [&events[..], &["--setting", "marking.incremental=false"]].concat();
    check_cured(&target, &["marking.incremental"], "latest operation", 0.5);
}

#[test]
fn healthy_programs_get_no_cure() {
    for target in [
        &["binary_trees", "--set", "depth=12"][..],
        &["lru_cache", "--set", "lookups=50000", "--set", "keys=20000", "--set", "capacity=2000"],
        &["linked_list", "--set", "length=20000"],
        &["stream", "--set", "messages=2000"],
    ] {
        let treatment = examined(target)["treatment"].take();
        assert_eq!(
            (&treatment["cure"], &treatment["trials"]),
            (&Value::Null, &Value::Array(vec![])),
            "{target:?}"
        );
    }
}

const SICK: [&str; 7] = ["ring", "--set", "window=2000", "--set", "pushes=80000", "--semi-space", "256KiB"];

#[test]
fn the_cure_is_the_same_each_time_and_does_what_was_said_as_a_file_and_as_flags() {
    let folder = Folder::new();
    let settings = folder.path("cured.toml");
    let doctor = [&["doctor"], &SICK[..], &["--json", "--output", &settings]].concat();
    let said = tenure(&doctor);
    assert_eq!(printed(&said), printed_for(&doctor));
    let document = document(&said);
    let cure = &document["runs"][0]["treatment"]["cure"];
    let flags: Vec<_> = cure["flags"].as_str().expect("a text").split(' ').collect();
    let config = folder.write("changes.toml", cure["config"].as_str().expect("a text"));
    let program = ["run", "ring", "--set", "window=2000", "--set", "pushes=80000", "--clock", "modelled"];
    let by_flags = tenure(&[&program[..], &flags].concat());
    for file in [&settings, &config] {
        let by_file = tenure(&[&program[..], &["--config", file]].concat());
        assert_eq!(printed(&by_file), printed(&by_flags));
    }
}

#[test]
fn a_trace_is_treated_as_the_program_that_made_it() {
    let folder = Folder::new();
    let trace = folder.path("ring.trace");
    printed_for(&[&["run"], &SICK[..], &["--clock", "modelled", "--record", &trace]].concat());
    let (of_program, of_trace) =
        (examined(&SICK), examined(&[&format!("trace:{trace}"), "--semi-space", "256KiB"]));
    assert_eq!(of_program["treatment"]["rehearsal"], "replayed");
    assert_eq!(of_program["treatment"]["cure"]["changes"], of_trace["treatment"]["cure"]["changes"]);
}

#[test]
fn of_events_and_logs_nothing_is_proven_and_it_is_said_why() {
    let folder = Folder::new();
    let events = folder.path("ring.jsonl");
    printed_for(&[&["run"], &SICK[..], &["--events", &events]].concat());
    let log = format!("{}/tests/logs/hotspot-g1.log", env!("CARGO_MANIFEST_DIR"));
    for (file, why) in
        [(&events, "A file of events tells"), (&log, "A log tells what the collector of HotSpot")]
    {
        let output = tenure(&["doctor", file]);
        let said = stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(&format!("no proof {why}")), "{said}");
        let written = tenure(&["doctor", file, "--output", &folder.path("none.toml")]);
        assert_eq!(written.status.code(), Some(1), "{}", stderr(&written));
        for flags in [["--semi-space", "1MiB"], ["--set", "window=3"], ["--seed", "7"]] {
            let output = tenure(&[&["doctor", file][..], &flags].concat());
            let said = stderr(&output);
            assert_eq!(output.status.code(), Some(2), "{said}");
            assert!(said.starts_with("error: nothing can be set of a recording: "), "{said}");
            assert!(said.contains("--record FILE"), "{said}");
        }
    }
}

#[test]
fn mistakes_are_told() {
    for (arguments, message) in [
        (
            &["doctor", "ring", "--clock", "measured"][..],
            "error: the doctor's runs are by the modelled clock",
        ),
        (&["doctor", "rin"], "error: invalid value 'rin' for '<TARGET>'"),
        (&["doctor", "rin"], "  tip: there is no file rin either"),
        (
            &["doctor", "ring", "--setting", "new_space.mx=1MiB"],
            "error: in `--setting`: there is no setting `new_space.mx`",
        ),
        (
            &["doctor", "ring", "--setting", "new_space.max=lots"],
            "error: in `--setting`: `new_space.max` must be a size",
        ),
        (
            &["doctor", "ring", "--setting", "new_space.max=1"],
            "error: `--setting new_space.max` is 1, but must lie between",
        ),
        (&["doctor", "ring", "--setting", "new_space.max"], "error: invalid value 'new_space.max'"),
    ] {
        let output = tenure(arguments);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.lines().any(|line| line.starts_with(message)), "{said}");
    }
}
