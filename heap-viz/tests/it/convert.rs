//! `tenure convert`: every input in every format, as users ask for it.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn tenure(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tenure")).args(arguments).output().expect("the command starts")
}

fn log(name: &str) -> String {
    format!("{}/tests/logs/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// A path for a test of its own.
fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("convert-{}-{name}", std::process::id()))
}

/// What `convert` writes to a file of that name.
#[track_caller]
fn converted(input: &str, name: &str) -> Vec<u8> {
    let path = path(name);
    let output = tenure(&["convert", input, "-o", path.to_str().expect("the path is UTF-8")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let written = fs::read(&path).expect("the file is there");
    fs::remove_file(path).expect("the file is ours");
    written
}

#[test]
fn the_end_of_the_name_tells_the_format() {
    for (name, start) in [
        ("a.csv", &b"run,workload,id,kind,cause,start_ns,"[..]),
        ("a.parquet", b"PAR1"),
        ("a.prom", b"# TYPE tenure_pause_seconds histogram\n"),
        ("a.hlog", b"#[Histogram log format version 1.3]\n"),
        ("a.json", b"{\"displayTimeUnit\":"),
        ("a.jsonl", b"{\"schema\":\"tenure.events/1\","),
    ] {
        let written = converted(&log("hotspot-g1.log"), name);
        assert!(written.starts_with(start), "{name}: {}", String::from_utf8_lossy(&written[..40]));
    }
}

#[test]
fn a_log_as_events_gives_the_same_report() {
    let events = path("same.jsonl");
    let events = events.to_str().expect("the path is UTF-8");
    for name in ["v8-workers.log", "v8-trace-gc-nvp.log", "hotspot-serial.log", "go.log"] {
        assert!(tenure(&["convert", &log(name), "-o", events]).status.success());
        let report = |file: &str| -> Value {
            serde_json::from_slice(&tenure(&["report", file, "--json"]).stdout).expect("one JSON document")
        };
        assert_eq!(report(events), report(&log(name)), "{name}");
    }
    fs::remove_file(events).expect("the file is ours");
}

#[test]
fn a_pipe_goes_in_and_comes_out() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenure"));
    let input = fs::File::open(log("go.log")).expect("the log is there");
    let output = command.args(["convert", "-", "--to", "csv", "-o", "-"]).stdin(Stdio::from(input)).output();
    let output = output.expect("the command starts");
    let mut table = csv::Reader::from_reader(&output.stdout[..]);
    assert_eq!(table.records().count(), 6);
}

#[test]
fn what_cannot_be_written_is_told() {
    let refused = |arguments: &[&str]| {
        let output = tenure(arguments);
        assert_eq!((output.status.code(), &output.stdout[..]), (Some(2), &b""[..]));
        String::from_utf8(output.stderr).expect("the message is UTF-8")
    };
    let message = refused(&["convert", &log("go.log"), "-o", "a.xls"]);
    assert!(
        message.starts_with("error: a.xls does not end as a format does") && message.contains(".csv"),
        "{message}"
    );
    let message = refused(&["convert", &log("go.log"), "--to", "csv", "-o", "/no/such/folder/a.csv"]);
    assert!(message.starts_with("error: cannot write /no/such/folder/a.csv: "), "{message}");
    let readme = format!("{}/Cargo.toml", env!("CARGO_MANIFEST_DIR"));
    let message = refused(&["convert", &readme, "-o", "a.csv"]);
    assert!(message.contains("the format is not known: this version reads events of Tenure"), "{message}");
    assert!(!Path::new("a.csv").exists(), "there is no half of a file");
}
