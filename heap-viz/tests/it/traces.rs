//! Traces as users of the `tenure` command and of Lox see them.

use crate::support::{Folder, check_refused, document_for, printed_for, stderr, tenure};
use gc_core::{Config, Heap};
use serde_json::Value;
use workloads::trace::{Replay, TraceFile, TraceRecorder};

const RUN: [&str; 8] = ["run", "splay", "--set", "size=400", "--set", "runs=5", "--clock", "modelled"];

#[test]
fn a_run_is_recorded_described_and_done_again() {
    let folder = Folder::new();
    let file = folder.path("described.trace");
    let recorded = document_for(&[&RUN[..], &["--record", &file, "--json"]].concat());
    assert_eq!(recorded, document_for(&[&RUN[..], &["--json"]].concat()), "recording changes nothing");

    let described = document_for(&["trace", &file, "--json"]);
    assert_eq!(described["source"], "splay");
    assert_eq!(described["parameters"]["size"], "400");
    assert_eq!(described["parts"]["stores"], "recorded");
    let text = printed_for(&["trace", &file]);
    assert!(text.starts_with("splay, recorded by tenure "), "{text}");

    let trace = format!("trace:{file}");
    let replay = ["run", &trace, "--clock", "modelled", "--json"];
    let replayed = document_for(&replay);
    let counts = |report: &Value| {
        let rows = report["runs"][0]["collections"].as_array().expect("rows").clone();
        rows.iter().map(|row| (row["kind"].clone(), row["count"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(counts(&replayed), counts(&recorded));
    assert_eq!(replayed, document_for(&replay), "the modelled clock makes runs alike");
    let smaller = document_for(&["run", &trace, "--clock", "modelled", "--semi-space", "256KiB", "--json"]);
    assert_eq!(smaller["runs"][0]["verdict"]["status"], "passed");
}

#[test]
fn a_replay_is_recorded_like_any_other_program() {
    let folder = Folder::new();
    let (first, second) = (folder.path("first.trace"), folder.path("second.trace"));
    printed_for(&[&RUN[..], &["--record", &first]].concat());
    printed_for(&["run", &format!("trace:{first}"), "--clock", "modelled", "--record", &second]);
    let allocations =
        |file: &str| document_for(&["trace", file, "--json"])["operations"]["allocations"].as_u64();
    // A replay has one object of its own.
    assert_eq!(allocations(&second), allocations(&first).map(|count| count + 1));
}

#[test]
fn mistakes_are_told_with_the_file_and_the_place() {
    let folder = Folder::new();
    let file = folder.path("mistakes.trace");
    check_refused(&["trace", &file], &["error: cannot read", "mistakes"]);
    folder.write("mistakes.trace", "no trace");
    check_refused(&["run", &format!("trace:{file}")], &["mistakes", "offset 0: not a trace"]);
    check_refused(&["run", "--record", &file], &["`--record` is for one program", "tip: name one"]);
    printed_for(&[&RUN[..], &["--record", &file]].concat());
    let mut bytes = folder.bytes("mistakes.trace");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    folder.write("mistakes.trace", &bytes);
    check_refused(&["trace", &file], &["offset ", "a block is damaged", "tip: record it again"]);
    bytes.truncate(middle);
    folder.write("mistakes.trace", &bytes);
    let end = format!("offset {middle}: the file ends here");
    check_refused(&["run", &format!("trace:{file}")], &[&end]);
    check_refused(&["run", &file], &["trace:"]);
}

#[test]
fn a_heap_that_is_too_small_for_a_trace_says_so() {
    let folder = Folder::new();
    let file = folder.path("small.trace");
    printed_for(&["run", "ring", "--set", "window=2000", "--set", "pushes=9000", "--record", &file]);
    let output = tenure(&["run", &format!("trace:{file}"), "--max-old", "512KiB"]);
    let errors = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains("no room for") && errors.contains("tip:"), "{errors}");
}

/// The program in Lox that is recorded: instances, closures, strings and lists that live for a while.
const LOX: &str = r#"
class Node { init(value, next) { this.value = value; this.next = next; } }
fun build(length) {
  var list = nil;
  for (var i = 0; i < length; i = i + 1) list = Node("value " + "of a node", list);
  return list;
}
fun counter() { var count = 0; fun increment() { count = count + 1; return count; } return increment; }
var kept = nil;
for (var round = 0; round < 20; round = round + 1) { kept = Node(counter(), build(2000)); }
print kept.value();
"#;

fn census(heap: &gc_core::snapshot::Snapshot) -> Vec<(String, u64, u64)> {
    let totals = heap.census();
    let all = totals.iter().map(|total| (total.of.name().to_owned(), total.count, total.bytes));
    let mut census: Vec<_> = all.filter(|(name, ..)| name != "nothing").collect();
    census.sort();
    census
}

#[test]
fn a_program_in_lox_ends_with_the_same_objects_when_it_is_done_again() {
    let mut config = Config { huge_pages: false, prefault: false, ..Config::default() };
    config.new_space.initial_bytes = 256 << 10;
    config.new_space.max_bytes = 256 << 10;
    let mut vm = lox::Vm::new(config.clone()).expect("a machine");
    vm.record(Box::new(TraceRecorder::new(Vec::new(), "lox", Vec::new())));
    vm.interpret(LOX, &mut Vec::new()).expect("it runs");
    let log = vm.stop_recording().expect("it was set");
    vm.verify().expect("a sound heap");
    let file: Vec<u8> = TraceRecorder::finish(log).expect("memory takes everything");
    assert!(vm.stats().minor_collections > 5, "{:?}", vm.stats());

    config.stress.verify = true;
    let mut heap = Heap::new(config).expect("a heap");
    let replay = Replay::new(TraceFile::open(&file).expect("it is whole"));
    let mut found = Vec::new();
    let replayed = replay.run_and_look(&mut heap, &mut |_| (), &mut |heap| found = census(&heap.snapshot()));
    assert_eq!(replayed.expect("there is room").lost, 0);
    assert_eq!(found, census(&vm.snapshot()));
    let scavenges = [heap.stats().minor_collections, vm.stats().minor_collections];
    // A typed program's new space is scavenged when an eighth of it is left.
    assert!(scavenges[0] <= scavenges[1] && scavenges[0] * 10 >= scavenges[1] * 8, "{scavenges:?}");
}

#[test]
fn the_path_of_a_trace_is_a_file() {
    check_refused(&["trace", env!("CARGO_TARGET_TMPDIR")], &["error: cannot read"]);
}
