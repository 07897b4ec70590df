//! `tenure bench` as its users see it, with toys for systems.

use crate::support::{Folder, command, document, printed, stderr};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder with a table of a case and these systems, in TOML.
fn folder_with(systems: &str) -> Folder {
    let folder = Folder::new();
    let case = "[[case]]\nname = \"trees\"\nworkload = \"binary_trees\"\nparameters = [\"depth=4\"]\n";
    folder.write("peers.toml", format!("{case}{systems}"));
    folder
}

fn bench(folder: &Folder, arguments: &[&str]) -> Output {
    let mut command = command();
    command.args(["bench", "--peers", "peers.toml", "--no-machine"]).args(arguments);
    command.current_dir(folder.root()).output().expect("the command starts")
}

/// What binary trees of depth 4 find.
const FOUND: &str = "0xd67ff69fbd7366da";

/// A system that is a script of a shell.
fn toy(name: &str, script: &str) -> String {
    format!("\n[[system]]\nname = \"{name}\"\nabout = \"a toy\"\nrun = [\"sh\", \"-c\", '''{script}''']\n")
}

fn answer(seconds: &str) -> String {
    format!("echo checksum {FOUND}; echo seconds {seconds}")
}

/// What the JSON document says of each system's cell.
fn outcomes(document: &Value) -> Vec<(String, String)> {
    let cells = document["figures"]["cells"].as_array().expect("there are cells").iter();
    let text = |value: &Value| value.as_str().unwrap_or("measured").to_owned();
    cells.map(|cell| (text(&cell["system"]), text(&cell["absence"]))).collect()
}

#[test]
fn each_system_has_its_outcome_and_none_stops_the_others() {
    let systems = [
        toy("fast", &answer("0.5")),
        toy("slow", &answer("1.5")),
        toy("wrong", "echo checksum 1; echo seconds 1"),
        toy("crashing", "echo out of luck >&2; exit 7"),
        toy("hanging", "exec sleep 60"),
        toy("silent", "true"),
        toy("timeless", &answer("0")),
        toy("missing", "true") + "needs = [\"no-such-program-anywhere\"]\n",
        toy("unbuilt", "true") + "build = [\"sh\", \"-c\", \"echo no luck >&2; exit 1\"]\n",
        toy("unwilling", "true") + "impossible.trees = \"it has no trees\"\n",
    ];
    let folder = folder_with(&systems.concat());
    let output = bench(&folder, &["--reps", "2", "--time-limit", "2s", "--json"]);
    let document = document(&output);
    let outcomes = outcomes(&document);
    let expected = [
        ("fast", "measured"),
        ("slow", "measured"),
        ("wrong", "failed: it found 0x0000000000000001 and not "),
        ("crashing", "failed: exit status: 7: out of luck"),
        ("hanging", "failed: ran for longer than 2 s"),
        ("silent", "failed: it prints no line `checksum`"),
        ("timeless", "failed: it says that it took 0 seconds"),
        ("missing", "not installed: no-such-program-anywhere"),
        ("unbuilt", "failed: it is not built: exit status: 1: no luck"),
        ("unwilling", "not possible: it has no trees"),
    ];
    assert_eq!(outcomes.len(), expected.len());
    for ((system, outcome), (name, start)) in outcomes.iter().zip(expected) {
        assert!(system == name && outcome.starts_with(start), "{system}: {outcome}");
    }
    assert_eq!(document["figures"]["cells"][1]["time_ratio"]["median"], 3.0);
    assert_eq!(
        bench(&folder, &["--reps", "1", "--systems", "fast,wrong", "--strict"]).status.code(),
        Some(1)
    );
    assert_eq!(
        bench(&folder, &["--reps", "1", "--systems", "fast,missing", "--strict"]).status.code(),
        Some(0)
    );
}

#[test]
fn a_version_that_hangs_is_not_waited_for_longer_than_a_run() {
    let hanging = toy("toy", &answer("1")) + "version = [\"sh\", \"-c\", \"exec sleep 60\"]\n";
    let folder = folder_with(&hanging);
    let started = std::time::Instant::now();
    let output = bench(&folder, &["--reps", "1", "--time-limit", "1s", "--json"]);
    assert_eq!(outcomes(&document(&output)), [("toy".into(), "measured".into())]);
    assert!(started.elapsed().as_secs() < 50, "it was waited for");
}

#[test]
fn systems_take_turns() {
    let toys = ["a", "b", "c"].map(|name| toy(name, &format!("echo {name} >> turns; {}", answer("1"))));
    let folder = folder_with(&toys.concat());
    printed(&bench(&folder, &["--reps", "2", "--systems", "c,a,b"]));
    assert_eq!(folder.text("turns").replace('\n', ""), "cabcabcab");
}

#[test]
fn heaps_are_made_smaller_until_they_are_too_small() {
    let script = format!("[ ${{HEAP:-99}} -ge 7 ] && {}", answer("1"));
    let limited = toy("limited", &script) + "heap.environment = { HEAP = \"{heap_mib}\" }\n";
    let knob = toy("knob", &answer("1")) + "knob = { variable = \"EASE\", values = [\"1\", \"2\"] }\n";
    let folder = folder_with(&(limited + &knob));
    let document = document(&bench(&folder, &["--reps", "1", "--space", "--json"]));
    let curves = document["cases"][0]["curves"].as_array().expect("there are curves");
    assert_eq!(curves[0]["minimum_heap_bytes"], 7 << 20);
    let settings = |curve: &Value| {
        let points = curve["points"].as_array().expect("there are points").iter();
        points.map(|point| point["setting"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(settings(&curves[0]), ["7 MiB", "9 MiB", "11 MiB", "14 MiB", "21 MiB", "28 MiB", "42 MiB"]);
    assert_eq!(settings(&curves[1]), ["1", "2"]);
}

#[test]
fn files_are_written_for_other_tools() {
    let folder = folder_with(&toy("one", &answer("1")));
    let files = ["--csv", "all.csv", "--parquet", "all.parquet", "--html", "all.html"];
    printed(&bench(&folder, &[&["--reps", "2"], &files[..]].concat()));
    assert_eq!(folder.text("all.csv").lines().count(), 3);
    assert!(folder.text("all.html").ends_with("</html>\n"));
    assert!(folder.bytes("all.parquet").starts_with(b"PAR1"));
}

/// Checks that a command fails with exit code 2 and says this.
#[track_caller]
fn check_refused(folder: &Folder, arguments: &[&str], messages: &[&str]) {
    let output = bench(folder, arguments);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    messages.iter().for_each(|message| assert!(stderr(&output).contains(message), "{}", stderr(&output)));
}

#[test]
fn mistakes_are_told_with_a_way_to_mend_them() {
    let folder = folder_with(&toy("rapid", &answer("1")));
    check_refused(&folder, &["--systems", "rapd"], &["there is no system `rapd`", "did you mean `rapid`?"]);
    check_refused(
        &folder,
        &["--workloads", "bushes"],
        &["there is no case `bushes`", "the cases are `trees`"],
    );
    check_refused(&folder, &["--base", "none"], &["there is no system `none`"]);
    let output = command().arg("bench").current_dir(folder.root()).output();
    let output = output.expect("the command starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("name the table with --peers"), "{}", stderr(&output));
    folder.write("peers.toml", "[[case]]\nname = \"treees\"\n");
    check_refused(&folder, &[], &["peers.toml:1:1: missing field `system`"]);
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

#[test]
fn tenure_itself_is_a_system() {
    let table = repository("benches/peers/peers.toml");
    let folder = Folder::new();
    let mut command = command();
    command.args([
        "bench",
        "--quick",
        "--reps",
        "1",
        "--no-machine",
        "--strict",
        "--json",
        "--systems",
        "tenure",
    ]);
    let output =
        command.arg("--peers").arg(table).current_dir(folder.root()).output().expect("the command starts");
    let outcomes = outcomes(&document(&output));
    assert_eq!(outcomes.len(), 7);
    assert!(outcomes.iter().all(|(_, outcome)| outcome == "measured"), "{outcomes:?}");
}

#[test]
fn a_system_of_ones_own_is_added_as_the_page_says() {
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("note: no Python here: the page is not tried");
        return;
    }
    let page = fs::read_to_string(repository("benches/peers/README.md")).expect("the page is there");
    let script =
        page.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next()).expect("there is a script");
    let folder = Folder::new();
    let tenure = Path::new(env!("CARGO_BIN_EXE_tenure")).parent().expect("it lies in a folder");
    let path = format!("{}:{}", tenure.display(), std::env::var("PATH").unwrap_or_default());
    let output =
        Command::new("sh").args(["-ec", script]).current_dir(folder.root()).env("PATH", path).output();
    let output = output.expect("there is a shell");
    assert!(output.status.success(), "{}", stderr(&output));
    let text = String::from_utf8_lossy(&output.stdout);
    for system in ["tenure ", "tenure-small", "python "] {
        let line = text.lines().find(|line| line.trim_start().starts_with(system)).unwrap_or_default();
        assert!(line.contains("MiB"), "{system} was measured: {text}");
    }
}
