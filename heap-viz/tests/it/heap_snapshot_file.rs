//! The heap snapshot that the tests of imports read is one that this project writes.

use gc_core::Config;
use lox::Vm;
use std::fs;
use std::path::Path;

/// The file, for `workloads/tests/it/imports.rs`.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../workloads/tests/files/lox.heapsnapshot");

/// A list, a tree, and closures: some hundred objects, with cycles.
const PROGRAM: &str = r#"
class Node { init(key) { this.key = key; this.left = nil; this.right = nil; this.parent = nil; } }
fun tree(depth, parent) {
  var node = Node("node " + parent);
  if (depth > 0) {
    node.left = tree(depth - 1, parent + "l");
    node.right = tree(depth - 1, parent + "r");
    node.left.parent = node;
    node.right.parent = node;
  }
  return node;
}
fun counter() { var count = 0; fun next() { count = count + 1; return count; } return next; }
var root = tree(6, "");
var counters = nil;
class Link { init(value, next) { this.value = value; this.next = next; } }
for (var i = 0; i < 60; i = i + 1) counters = Link(counter(), counters);
"#;

fn snapshot() -> Vec<u8> {
    let mut vm = Vm::new(Config::default()).expect("the configuration is valid");
    vm.interpret(PROGRAM, &mut Vec::new()).expect("the program is right");
    let mut file = Vec::new();
    heap_viz::write_heap_snapshot(&vm.snapshot(), &mut file).expect("memory takes everything");
    file
}

/// Set `TENURE_WRITE_FILES` to write it anew, when what is written has changed for good.
#[test]
fn the_snapshot_for_the_tests_of_imports_is_up_to_date() {
    let snapshot = snapshot();
    if std::env::var_os("TENURE_WRITE_FILES").is_some() {
        fs::write(FILE, &snapshot).expect("it can be written");
    }
    let file = fs::read(Path::new(FILE)).expect("the file is there");
    assert!(snapshot == file, "{FILE} is another one: run this test with TENURE_WRITE_FILES=1");
    assert!(file.len() < 100_000, "{} bytes are too many to be kept", file.len());
}
