//! Logs of other runtimes: what is read in the ones that lie in `tests/logs`, and in new ones where the runtime is
//! installed.

use crate::support::printed;
use gc_core::event::{Cause, PauseKind};
use heap_viz::report::{Html, Json, Text};
use heap_viz::{Figure, PauseReport, read_reports};
use proptest::prelude::{any, proptest};
use std::fs;
use std::path::Path;
use std::process::Command;

fn log(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs").join(name);
    fs::read(path).expect("the log lies beside this test")
}

fn reports(name: &str) -> Vec<PauseReport> {
    read_reports(&log(name)[..]).expect("the log is read")
}

/// What is expected of a log with one run.
struct Expected<'a> {
    collector: &'a str,
    pauses: &'a [(PauseKind, u64)],
    /// Words for each kind, in the order of the report.
    words: &'a [&'a str],
    max_ns: u64,
    peak_used_bytes: u64,
    /// What the log tells besides pauses and memory in use.
    tells: &'a [Figure],
    unread_lines: u64,
}

#[track_caller]
fn check(name: &str, expected: &Expected<'_>) {
    let reports = reports(name);
    let [report] = &reports[..] else { panic!("{} runs", reports.len()) };
    let collector = report.run.collector.as_ref().expect("it is not Tenure's");
    assert_eq!(collector.name, expected.collector);
    let pauses: Vec<_> = report.pauses_by_kind.iter().map(|(kind, found)| (*kind, found.count)).collect();
    assert_eq!(pauses, expected.pauses);
    let words: Vec<_> = report.collections.iter().map(|((_, cause), _)| cause.name()).collect();
    assert_eq!(words, expected.words);
    assert_eq!(report.pauses.max.0, expected.max_ns);
    assert_eq!(report.heap.peak.used_bytes, expected.peak_used_bytes);
    let tells: Vec<_> = Figure::ALL.into_iter().filter(|&figure| report.run.tells(figure)).collect();
    assert_eq!(tells, expected.tells);
    let unread = report.end.unread_lines.as_ref().map_or(0, |unread| unread.count);
    assert_eq!(unread, expected.unread_lines);
}

const MINOR: PauseKind = PauseKind::Minor;
const FULL: PauseKind = PauseKind::Full;
const STEP: PauseKind = PauseKind::Step;
const FINISH: PauseKind = PauseKind::Finish;

#[test]
fn v8_tells_sentences() {
    let expected = Expected {
        collector: "V8",
        pauses: &[(MINOR, 19), (FINISH, 1)],
        words: &[
            "Scavenge: allocation failure",
            "Mark-Compact: finalize incremental marking via stack guard; GC in old space requested",
        ],
        max_ns: 26_310_000,
        peak_used_bytes: 51_904_512,
        tells: &[Figure::Capacity],
        unread_lines: 0,
    };
    check("v8-trace-gc.log", &expected);
}

#[test]
fn v8_tells_names_and_values() {
    let expected = Expected {
        collector: "V8",
        pauses: &[(MINOR, 6), (FINISH, 1)],
        words: &["Scavenge", "Mark-Compact"],
        max_ns: 19_400_000,
        peak_used_bytes: 25_130_936,
        tells: &[Figure::Phases, Figure::Promotion],
        unread_lines: 0,
    };
    check("v8-trace-gc-nvp.log", &expected);
}

#[test]
fn every_isolate_of_v8_is_a_run() {
    let reports = reports("v8-workers.log");
    let found: Vec<_> = reports.iter().map(|run| (&run.run.workload[..], run.pauses.count)).collect();
    assert_eq!(found, [("V8", 7), ("V8 isolate 2", 3)]);
    let unread = reports[0].end.unread_lines.as_ref().expect("the program has printed something");
    assert_eq!((unread.count, unread.examples[0].number), (1, 1));
    assert_eq!(unread.examples[0].text, "the program says hello");
}

#[test]
fn hotspot_tells_spaces_of_its_serial_collector() {
    let expected = Expected {
        collector: "HotSpot Serial",
        pauses: &[(MINOR, 8), (FULL, 1)],
        words: &["Young (Allocation Failure)", "Full (System.gc())"],
        max_ns: 74_099_000,
        peak_used_bytes: 19_068_928,
        tells: &[Figure::Phases, Figure::Promotion, Figure::Ages, Figure::Spaces, Figure::Capacity],
        unread_lines: 1,
    };
    check("hotspot-serial.log", &expected);
}

#[test]
fn hotspot_tells_pauses_of_g1() {
    let expected = Expected {
        collector: "HotSpot G1",
        pauses: &[(MINOR, 11), (FULL, 1), (STEP, 1)],
        words: &[
            "Young (Concurrent Start) (G1 Evacuation Pause)",
            "Young (Normal) (G1 Evacuation Pause)",
            "Full (System.gc())",
            "Remark",
        ],
        max_ns: 39_619_000,
        peak_used_bytes: 18 << 20,
        tells: &[Figure::Phases, Figure::Ages, Figure::Capacity],
        unread_lines: 1,
    };
    check("hotspot-g1.log", &expected);
}

#[test]
fn hotspot_dates_its_lines_if_asked_to() {
    let report = &reports("hotspot-dated.log")[0];
    assert_eq!((report.pauses.count, report.end.at.0 / 1_000_000_000), (9, 4));
}

#[test]
fn go_tells_two_pauses_a_cycle() {
    let expected = Expected {
        collector: "Go",
        pauses: &[(STEP, 3), (FINISH, 3)],
        words: &[
            "sweep termination (forced)",
            "sweep termination",
            "mark termination",
            "mark termination (forced)",
        ],
        max_ns: 50_000,
        peak_used_bytes: 5 << 20,
        tells: &[],
        unread_lines: 2,
    };
    check("go.log", &expected);
}

#[test]
fn a_cycle_that_the_program_asks_for_counts_once() {
    let report = &reports("go.log")[0];
    let requested = report.collections.iter().filter(|((_, cause), _)| cause.nearest == Cause::Requested);
    assert_eq!(requested.map(|(_, tally)| tally.count).sum::<u64>(), 1);
}

#[test]
fn what_a_log_does_not_tell_is_absent_and_not_zero() {
    let report = &reports("v8-trace-gc.log")[0];
    let text = Text(report).to_string();
    for word in ["promoted", "committed", "remembered", "no object", "checksum", "    new "] {
        assert!(!text.contains(word), "{word} in\n{text}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&Json(std::slice::from_ref(report)).to_string()).expect("JSON");
    let run = &json["runs"][0];
    assert_eq!(run["collector"]["name"], "V8");
    assert_eq!(run["collections"][0]["words"], "Scavenge: allocation failure");
    assert_eq!(run["collections"][0]["cause"], "new_space_full");
    for absent in ["/verdict", "/survival/promoted_bytes", "/heap/by_space", "/heap/committed_bytes"] {
        assert!(run.pointer(absent).is_none_or(serde_json::Value::is_null), "{absent}");
    }
}

/// Checks a log that `command` has just written to standard output; says so and does nothing where it is not installed.
fn check_new(command: &str, arguments: &[&str], collector: &str) {
    let Ok(output) = Command::new(command).args(arguments).output() else {
        eprintln!("note: no {command} here: its log is not tested");
        return;
    };
    let reports = read_reports(printed(&output).as_bytes()).expect("the log is read");
    let found = reports[0].run.collector.as_ref().map(|collector| &collector.name[..]);
    assert!(found.is_some_and(|name| name.starts_with(collector)), "{found:?}");
    assert!(reports[0].pauses.count > 2 && reports[0].end.unread_lines.is_none(), "{:?}", reports[0].end);
}

const SCRIPT: &str = "const kept = [];
for (let i = 0; i < 40; i++) {
    const a = [];
    for (let j = 0; j < 20000; j++) a.push({j, s: [j]});
    if (i % 4 === 0) kept.push(a);
    if (kept.length > 5) kept.shift();
}";

#[test]
fn a_new_log_of_node_is_read() {
    check_new("node", &["--trace-gc", "--max-semi-space-size=1", "-e", SCRIPT], "V8");
    check_new("node", &["--trace-gc-nvp", "--max-semi-space-size=1", "-e", SCRIPT], "V8");
}

#[test]
fn a_new_log_of_java_is_read() {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs/Churn.java");
    let program = program.to_str().expect("the path is UTF-8");
    for (collector, decorations) in [
        ("Serial", "uptime,level,tags"),
        ("Parallel", "uptime,level,tags"),
        ("G1", "uptime,level,tags"),
        ("Serial", "uptimemillis,pid"),
        ("G1", "uptimenanos"),
        ("Parallel", "time,tid"),
    ] {
        let (choice, log) = (format!("-XX:+Use{collector}GC"), format!("-Xlog:gc*:stdout:{decorations}"));
        check_new("java", &["-Xmx16m", &choice, &log, program], &format!("HotSpot {collector}"));
    }
}

proptest! {
    #[test]
    fn no_damage_is_too_strange(
        log_index in 0_usize..6,
        edits in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..20),
    ) {
        let names = ["v8-trace-gc", "v8-trace-gc-nvp", "hotspot-serial", "hotspot-g1", "hotspot-dated", "go"];
        let mut file = log(&format!("{}.log", names[log_index]));
        for (place, byte) in edits {
            let at = place.index(file.len());
            // A digit stays a digit: what can be parsed must be checked.
            file[at] = if file[at].is_ascii_digit() { b'0' + byte % 10 } else { byte };
        }
        for report in read_reports(&file[..]).unwrap_or_default() {
            let _ = (Text(&report).to_string(), Json(std::slice::from_ref(&report)).to_string());
            let _ = Html(&[report]).to_string();
        }
    }
}
