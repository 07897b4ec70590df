//! `tenure run --alloc-sites`, as its readers read it.

use crate::support::{Folder, printed_for, stderr, tenure};
use inferno::flamegraph;
use std::collections::BTreeMap;
use std::fs;

/// Makes 40000 leaves in one function and 20000 nodes in another, whose initializer makes nothing.
const PROGRAM: &str = "class Leaf {}
class Node { init(left, right) { this.left = left; this.right = right; } }
fun leaf() {
  return Leaf();
}
fun pair() {
  return Node(leaf(), leaf());
}
fun work() {
  for (var i = 0; i < 20000; i = i + 1) {
    pair();
  }
}
work();
";

/// What is written for the program.
fn folded(folder: &Folder, more: &[&str]) -> String {
    let (program, out) = (format!("lox:{}", folder.write("pairs.lox", PROGRAM)), folder.path("out.folded"));
    printed_for(&[&["run", &program, "--alloc-sites", &out], more].concat());
    folder.text("out.folded")
}

fn bytes_by_stack(folded: &str) -> BTreeMap<&str, u64> {
    let row = |line| str::rsplit_once(line, ' ').expect("a stack, a blank, a number");
    folded.lines().map(row).map(|(stack, bytes)| (stack, bytes.parse().expect("a number"))).collect()
}

#[test]
fn every_stack_gets_about_what_it_has_allocated() {
    let folder = Folder::new();
    let folded = folded(&folder, &["--alloc-interval", "512"]);
    let stacks = bytes_by_stack(&folded);
    let lines: Vec<_> = folded.lines().collect();
    assert!(lines.is_sorted(), "{folded}");
    let of = |stack: &str| *stacks.get(stack).unwrap_or_else(|| panic!("{stack} is in {folded}")) as f64;
    let (leaf, pair) = (of("script;work;pair;leaf:4"), of("script;work;pair:7"));
    // An instance takes 24 bytes, and one of a class with two fields 40.
    for (estimate, bytes) in [(leaf, 40_000.0 * 24.0), (pair, 20_000.0 * 40.0)] {
        assert!((estimate / bytes - 1.0).abs() < 0.05, "{estimate} is about {bytes} in {folded}");
    }
}

#[test]
fn the_same_is_written_each_time_and_the_program_does_the_same() {
    let folder = Folder::new();
    assert_eq!(folded(&folder, &[]), folded(&folder, &[]));
    let program = format!("lox:{}", folder.path("pairs.lox"));
    let plain = ["run", &program, "--clock", "modelled", "--json"];
    let sites = folder.path("again.folded");
    let sampled = [&plain[..], &["--alloc-sites", &sites, "--alloc-interval", "100"]].concat();
    assert_eq!(tenure(&sampled).stdout, tenure(&plain).stdout);
}

#[test]
fn a_reader_of_folded_stacks_draws_them() {
    let folder = Folder::new();
    let folded = folded(&folder, &["--alloc-interval", "4KiB"]);
    let mut drawn = Vec::new();
    let mut options = flamegraph::Options::default();
    flamegraph::from_lines(&mut options, folded.lines(), &mut drawn).expect("inferno reads every line");
    let drawn = String::from_utf8(drawn).expect("SVG is text");
    assert!(drawn.contains("<title>leaf:4 ("), "{drawn}");
    let all: u64 = bytes_by_stack(&folded).values().sum();
    // The widest is the whole.
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let title = drawn.split("<title>").find(|title| title.starts_with("all (")).expect("there is the root");
    let samples = title.split(" samples").next().expect("it counts");
    assert_eq!(digits(samples), all.to_string());
}

#[test]
fn what_does_not_know_who_allocates_is_refused() {
    let folder = Folder::new();
    let out = folder.path("out.folded");
    for arguments in [
        &["run", "ring", "--alloc-sites", &out][..],
        &["run", "--alloc-sites", &out],
        &["run", "lox:no-such.lox", "--alloc-sites", &out],
        &["run", "ring", "--alloc-interval", "1KiB"],
        &["run", "lox:x.lox", "--alloc-sites", &out, "--alloc-interval", "0"],
    ] {
        let output = tenure(arguments);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(!fs::exists(&out).expect("the folder is there"), "{arguments:?}");
    }
}
