//! `tenure compare` and `--fail-if`, as users see them.

use crate::support::{Folder, document_for, printed, printed_for, stderr, tenure};

/// Runs what takes milliseconds with a new space of that size, and says where its events are.
fn run(folder: &Folder, name: &str, semi_space: &str, clock: &str) -> String {
    let file = folder.path(name);
    let ring = ["run", "ring", "--set", "window=2000", "--set", "pushes=40000", "--events", &file];
    printed_for(&[&ring[..], &["--semi-space", semi_space, "--clock", clock]].concat());
    file
}

#[test]
fn exact_runs_are_compared_to_the_last_digit() {
    let folder = Folder::new();
    let (small, large) =
        (run(&folder, "small.jsonl", "256KiB", "modelled"), run(&folder, "large.jsonl", "1MiB", "modelled"));
    let output = tenure(&["compare", &small, &large]);
    let said = printed(&output);
    assert!(said.starts_with("large against small: better in "), "{said}");
    let pauses = said.lines().find(|line| line.starts_with("  pauses ")).expect("there is the row");
    assert!(pauses.ends_with(" % better") && pauses.contains("  -"), "{pauses}");
    let again = run(&folder, "again.jsonl", "256KiB", "modelled");
    let output = tenure(&["compare", &small, &again]);
    let said = printed(&output);
    assert!(said.starts_with("again against small: no difference that could be told.\n"), "{said}");
}

#[test]
fn repeated_runs_are_samples_by_name() {
    let folder = Folder::new();
    let file = |name: &str, number: usize| {
        let size = if name == "old" { "256KiB" } else { "1MiB" };
        format!("{name}={}", run(&folder, &format!("{name}{number}.jsonl"), size, "measured"))
    };
    let files: Vec<_> = (0..6).map(|number| file(if number < 3 { "old" } else { "new" }, number)).collect();
    let arguments: Vec<_> =
        ["compare", "--json"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let document = document_for(&arguments);
    let group = &document["comparisons"][0];
    assert_eq!((&group["samples"][0]["name"], &group["samples"][1]["runs"]), (&"old".into(), &3.into()));
    let metrics = group["metrics"].as_array().expect("a list");
    let pauses = metrics.iter().find(|row| row["metric"] == "pauses").expect("there is the row");
    assert_eq!(pauses["differences"][0]["outcome"], "better", "a larger new space is full less often");
    assert!(pauses["differences"][0]["interval"].is_array());
}

#[test]
fn a_comparison_can_be_a_comment_on_a_pull_request() {
    let folder = Folder::new();
    let (small, large) =
        (run(&folder, "small.jsonl", "256KiB", "modelled"), run(&folder, "large.jsonl", "1MiB", "modelled"));
    let output = tenure(&["compare", &small, &large, "--markdown"]);
    let said = printed(&output);
    assert!(said.starts_with("### ring\n\n**large against small: better in "), "{said}");
    let pauses = said.lines().find(|line| line.starts_with("| `pauses` |")).expect("there is the row");
    assert!(pauses.ends_with(" % |  | ✅ better |"), "{pauses}");
    check(&["compare", &small, &large, "--markdown", "--fail-if", "pauses > -1%"], 0, "");
    check(&["compare", &small, &large, "--markdown", "--json"], 2, "cannot be used with");
}

#[test]
fn logs_of_other_runtimes_are_compared_in_what_they_tell() {
    let log = |name| format!("{}/tests/logs/{name}.log", env!("CARGO_MANIFEST_DIR"));
    let output = tenure(&["compare", &log("hotspot-serial"), &log("hotspot-g1")]);
    let said = printed(&output);
    assert!(said.starts_with("hotspot-g1 against hotspot-serial: too few runs to tell;"), "{said}");
    assert!(said.contains("\n  max_pause ") && !said.contains("throughput"), "{said}");
}

/// Checks how a command ends, and a part of what it says on stderr.
#[track_caller]
fn check(arguments: &[&str], code: i32, says: &str) {
    let output = tenure(arguments);
    let errors = stderr(&output);
    assert_eq!(output.status.code(), Some(code), "{errors}");
    assert!(errors.contains(says), "{errors}");
}

#[test]
fn conditions_fail_runs_reports_and_comparisons() {
    let folder = Folder::new();
    let (small, large) =
        (run(&folder, "small.jsonl", "256KiB", "modelled"), run(&folder, "large.jsonl", "1MiB", "modelled"));
    check(&["report", &small, "--fail-if", "max_pause > 10s"], 0, "");
    let met = "error: ring: pauses is ";
    check(&["report", &small, "--fail-if", "max_pause > 10s", "--fail-if", "pauses > 3"], 1, met);
    check(
        &["run", "ring", "--set", "pushes=9000", "--set", "window=2000", "--fail-if", "allocated > 1KiB"],
        1,
        "fails `allocated > 1KiB`",
    );
    check(&["compare", &small, &large, "--fail-if", "pauses > +10%"], 0, "");
    check(&["compare", &large, &small, "--fail-if", "pauses > +10%"], 1, "error: small: pauses is ");
    let untold =
        "error: `p99_pause > +10%` cannot be checked: there is no other run to compare with the first";
    check(&["report", &small, "--fail-if", "p99_pause > +10%"], 2, untold);
    let log = format!("{}/tests/logs/v8-trace-gc.log", env!("CARGO_MANIFEST_DIR"));
    check(&["report", &log, "--fail-if", "promoted > 1MiB"], 2, "cannot be checked: it is not known of V8");
}

#[test]
fn mistakes_are_told_with_their_place() {
    check(&["report", "x", "--fail-if", "p99_pause = 5ms"], 2, "p99_pause = 5ms\n            ^");
    check(&["report", "x", "--fail-if", "p9_pause > 5ms"], 2, "there is no metric `p9_pause`");
    let folder = Folder::new();
    let alone = run(&folder, "alone.jsonl", "256KiB", "modelled");
    check(&["compare", &alone], 2, "error: nothing to compare: there is one run, of ring");
    check(&["compare", "no-such-file", &alone], 2, "error: no-such-file: cannot be read");
}

#[test]
fn the_metrics_are_listed_with_their_units() {
    let output = tenure(&["list", "--metrics"]);
    let list = printed(&output);
    assert!(list.lines().count() > 20 && list.contains("p99_pause           5ms       99 %"), "{list}");
}
