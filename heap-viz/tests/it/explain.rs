//! Scripts explained in the terminal.

use crate::support::{command, printed, stderr};
use crate::terminal::{View, is_restored};
use std::path::{Path, PathBuf};
use std::process::Output;

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/figures/scavenge.tenure")
}

fn explain(arguments: &[&str]) -> Output {
    command().arg("explain").arg(script()).args(arguments).output().expect("the command starts")
}

/// `BLESS=1` writes what is printed now, to be looked at and kept.
#[test]
fn without_a_terminal_all_steps_are_printed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/explain/scavenge.txt");
    let output = explain(&["--text"]);
    let printed = printed(&output);
    assert_eq!(printed.as_bytes(), explain(&["--plain"]).stdout);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, printed).expect("the folder can be written to");
    }
    let expected = std::fs::read_to_string(&path).expect("the file is there");
    assert!(printed == expected, "{printed}\nis expected to be\n{expected}");
}

#[test]
fn why_is_answered() {
    let output = explain(&["--why", "c"]);
    let answer = printed(&output);
    assert!(answer.starts_with("c, made in line ") && answer.contains("died: "), "{answer}");
    let unknown = explain(&["--why", "nobody"]);
    let said = stderr(&unknown);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(said.contains("no object was made as `nobody`"), "{said}");
}

#[test]
fn keys_step_there_and_back() {
    let script = script();
    let mut view = View::open(&["explain", script.to_str().expect("a name"), "--text"], (90, 30));
    view.wait_for(" 1 of ");
    view.press("n");
    view.wait_for(" 2 of ");
    view.press(" ");
    view.wait_for(" 3 of ");
    view.press("b");
    let screen = view.wait_for(" 2 of ");
    assert!(screen.contains("new space") && screen.contains("roots"), "{screen}");
    view.press("q");
    let (status, _, screen) = view.end();
    assert!(status.success() && is_restored(&screen), "{status}");
}
