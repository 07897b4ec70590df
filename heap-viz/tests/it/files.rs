//! What commands write replaces nothing that they read, and nothing that they also write; and what comes from foreign files
//! does nothing to a terminal.

use crate::support::{Folder, command, printed, stderr};
use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Output, Stdio};

fn tenure(folder: &Folder, arguments: &[&str]) -> Output {
    command().current_dir(folder.root()).args(arguments).output().expect("the command starts")
}

/// A folder with a file of events, a trace, a script and a config.
fn folder() -> Folder {
    let folder = Folder::new();
    let run = ["run", "ring", "--set", "window=200", "--set", "pushes=4000", "--clock", "modelled"];
    printed(&tenure(&folder, &[&run[..], &["--events", "run.jsonl", "--record", "run.trace"]].concat()));
    folder.write("lesson.tenure", "a = node 1\nscavenge\n");
    folder.write("heap.toml", "[new_space]\nmax = \"1MiB\"\n");
    folder
}

fn contents(folder: &Folder) -> Vec<(PathBuf, Vec<u8>)> {
    let entries =
        fs::read_dir(folder.root()).expect("it is there").map(|entry| entry.expect("it can be read").path());
    let mut contents: Vec<_> = entries.map(|path| (path.clone(), fs::read(path).expect("a file"))).collect();
    contents.sort();
    contents
}

#[test]
fn nothing_that_is_read_or_written_is_replaced() {
    let folder = folder();
    let before = contents(&folder);
    let elsewhere = format!("../{}/run.jsonl", folder.root().file_name().expect("a name").to_string_lossy());
    for (arguments, message) in [
        (&["report", "run.jsonl", "--html", "run.jsonl"][..], "run.jsonl would be replaced"),
        (&["report", "run.jsonl", "--html", &elsewhere], "run.jsonl would be replaced"),
        (&["compare", "a=run.jsonl", "b=run.jsonl", "--html", "run.jsonl"], "run.jsonl would be replaced"),
        (&["convert", "run.jsonl", "--to", "csv", "-o", "./run.jsonl"], "./run.jsonl would be replaced"),
        (&["explain", "lesson.tenure", "-o", "lesson.tenure"], "lesson.tenure would be replaced"),
        (&["script", "lesson.tenure", "--film", "lesson.tenure"], "lesson.tenure would be replaced"),
        (&["run", "trace:run.trace", "--record", "run.trace"], "run.trace would be replaced"),
        (&["run", "ring", "--config", "heap.toml", "--events", "heap.toml"], "heap.toml would be replaced"),
        (&["doctor", "ring", "--config", "heap.toml", "-o", "heap.toml"], "heap.toml would be replaced"),
        (&["run", "ring", "--html", "a.html", "--film", "./a.html"], "./a.html would be written twice"),
    ] {
        let output = tenure(&folder, arguments);
        let errors = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
        assert!(errors.contains(message), "{arguments:?}: {errors}");
        assert!(contents(&folder) == before, "{arguments:?} has changed a file");
    }
}

#[test]
fn two_outputs_may_go_to_one_device() {
    let folder = folder();
    let null = if cfg!(windows) { "NUL" } else { "/dev/null" };
    printed(&tenure(&folder, &["run", "trace:run.trace", "--events", null, "--html", null]));
}

#[test]
fn whoever_has_read_enough_of_a_table_may_stop() {
    let folder = folder();
    // More than a pipe holds.
    let run = ["run", "ring", "--set", "window=2000", "--set", "pushes=1000000", "--events", "long.jsonl"];
    printed(&tenure(&folder, &[&run[..], &["--semi-space", "256KiB"]].concat()));
    let mut command = command();
    command.current_dir(folder.root()).args(["convert", "long.jsonl", "--to", "csv", "-o", "-"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    drop(child.stdout.take());
    let mut errors = String::new();
    child.stderr.take().expect("it is a pipe").read_to_string(&mut errors).expect("messages are UTF-8");
    assert_eq!((child.wait().expect("it ends").code(), errors.as_str()), (Some(0), ""));
}

#[test]
fn names_in_foreign_files_are_not_obeyed_by_terminals() {
    let folder = folder();
    let events = folder.text("run.jsonl");
    let hostile = events.replace("\"workload\":\"ring\"", r#""workload":"r\u001b[2J\u0007ng""#);
    assert_ne!(hostile, events);
    folder.write("hostile.jsonl", hostile);
    let output = tenure(&folder, &["report", "hostile.jsonl"]);
    let text = printed(&output);
    assert!(text.contains("r\u{fffd}[2J\u{fffd}ng") && !text.contains(['\u{1b}', '\u{7}']), "{text}");
}
