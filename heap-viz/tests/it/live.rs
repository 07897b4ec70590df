//! The live view on a terminal.

use crate::support::{Folder, command, printed, printed_for, stderr};
use crate::terminal::{View, is_restored};
use std::path::{Path, PathBuf};

const SMALL_RUN: [&str; 6] =
    ["splay", "--set=size=2000", "--set=runs=20", "--clock=modelled", "--semi-space=256KiB", "--seed=7"];

fn small_run(more: &[&'static str]) -> Vec<&'static str> {
    ["live"].iter().chain(&SMALL_RUN).chain(more).copied().collect()
}

fn logs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs")
}

#[test]
fn a_held_heap_goes_on_pause_by_pause_and_quits() {
    let mut view = View::open(&small_run(&["--hold"]), (80, 30));
    view.wait_for("splay");
    let screen = view.wait_for("held");
    assert!(screen.contains("splay") && screen.contains("from-space"), "{screen}");
    view.wait_for("\n 1  p50");
    view.wait_for("Map: pages");
    view.press("s");
    view.wait_for("\n 2  p50");
    view.press("?");
    view.wait_for("one collection, or one step");
    view.press("q");
    let (status, _, screen) = view.end();
    assert!(status.success() && is_restored(&screen), "{status}");
}

#[test]
fn a_run_that_is_over_leaves_the_report_that_it_has_without_a_view() {
    let mut view = View::open(&small_run(&["--speed=full", "--exit"]), (100, 200));
    view.wait_for("peak");
    let (status, shown, screen) = view.end();
    assert!(status.success() && is_restored(&screen), "{status}");
    let output = command().arg("run").args(SMALL_RUN).env("COLUMNS", "100").output().expect("it runs");
    let report = printed(&output);
    let lines = |text: &str| text.lines().map(|line| line.trim_end().to_string()).collect::<Vec<_>>();
    let shown = lines(&shown);
    let missing: Vec<_> = lines(report).into_iter().filter(|line| !shown.contains(line)).collect();
    assert_eq!(missing, [""; 0], "{shown:#?}");
}

#[test]
fn ctrl_c_and_a_signal_leave_the_terminal_as_it_was() {
    for ends_by in [None, Some("-TERM"), Some("-INT")] {
        let mut view = View::open(&small_run(&["--hold"]), (80, 24));
        view.wait_for("held");
        match ends_by {
            None => view.press("\x03"),
            Some(signal) => {
                let pid = view.process().to_string();
                let sent = std::process::Command::new("kill").args([signal, &pid]).status();
                assert!(sent.expect("there is `kill`").success());
            }
        }
        let (status, _, screen) = view.end();
        assert!(status.success() && is_restored(&screen), "{ends_by:?}: {status}");
    }
}

#[test]
fn logs_of_other_runtimes_are_shown_as_far_as_they_tell() {
    for (name, expected) in [("v8-trace-gc.log", "heap"), ("hotspot-g1.log", "Remark"), ("go.log", "heap")] {
        let path = logs().join(name);
        let mut view = View::open(&["live", path.to_str().expect("a name"), "--speed=full"], (100, 30));
        view.wait_for("passed");
        let screen = view.wait_for(expected);
        assert!(!screen.contains("Map"), "{screen}");
        view.press("q");
        assert!(view.end().0.success());
    }
}

#[test]
fn a_screen_that_is_much_too_small_is_no_trouble_and_no_color_is_honoured() {
    let mut view = View::open_with(&small_run(&["--hold"]), (20, 5), &[("NO_COLOR", "1")]);
    view.wait_for("from");
    view.press("sss?q");
    let (status, _, _) = view.end();
    assert!(status.success(), "{status}");
    let mut view = View::open_with(&small_run(&["--hold"]), (80, 24), &[("NO_COLOR", "1")]);
    view.wait_for("held");
    let screen = view.screen();
    let cells = (0..24).flat_map(|row| (0..80).map(move |column| (row, column)));
    let coloured = cells.filter_map(|(row, column)| screen.cell(row, column));
    assert!(coloured.into_iter().all(|cell| cell.fgcolor() == vt100::Color::Default));
    view.press("q");
    assert!(view.end().0.success());
}

#[test]
fn a_damaged_file_is_told_in_the_view_and_behind_it() {
    let folder = Folder::new();
    let path = folder.path("cut.jsonl");
    printed_for(&[&["run"], &SMALL_RUN[..], &["--events", &path]].concat());
    let text = folder.text("cut.jsonl");
    folder.write("cut.jsonl", &text[..text.len() / 2]);
    let mut view = View::open(&["live", &path, "--speed=full"], (100, 30));
    view.wait_for("broken off");
    view.press("q");
    let (status, shown, screen) = view.end();
    assert_eq!(status.code(), Some(2), "{shown}");
    assert!(is_restored(&screen) && shown.contains("error: "), "{shown}");
}

#[test]
fn without_a_terminal_there_is_one_error() {
    let output = command().arg("live").args(SMALL_RUN).output().expect("it runs");
    let said = stderr(&output);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{said}");
    assert!(said.starts_with("error: `tenure live` needs a terminal"), "{said}");
}
