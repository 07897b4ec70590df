//! `tenure convert`: every input in every format, as users ask for it.

use crate::support::{Folder, command, document_for, printed_for, stderr, stdout, tenure};
use std::fs::File;
use std::path::Path;
use std::process::Stdio;

fn log(name: &str) -> String {
    format!("{}/tests/logs/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// What `convert` writes to a file of that name.
#[track_caller]
fn converted(input: &str, name: &str) -> Vec<u8> {
    let folder = Folder::new();
    printed_for(&["convert", input, "-o", &folder.path(name)]);
    folder.bytes(name)
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
    let folder = Folder::new();
    let events = &folder.path("same.jsonl");
    for name in ["v8-workers.log", "v8-trace-gc-nvp.log", "hotspot-serial.log", "go.log"] {
        assert!(tenure(&["convert", &log(name), "-o", events]).status.success());
        let report = |file: &str| document_for(&["report", file, "--json"]);
        assert_eq!(report(events), report(&log(name)), "{name}");
    }
}

#[test]
fn a_pipe_goes_in_and_comes_out() {
    let input = File::open(log("go.log")).expect("the log is there");
    let output =
        command().args(["convert", "-", "--to", "csv", "-o", "-"]).stdin(Stdio::from(input)).output();
    let output = output.expect("the command starts");
    let mut table = csv::Reader::from_reader(&output.stdout[..]);
    assert_eq!(table.records().count(), 6);
}

#[test]
fn what_cannot_be_written_is_told() {
    let refused = |arguments: &[&str]| {
        let output = tenure(arguments);
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), ""));
        stderr(&output).to_owned()
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
