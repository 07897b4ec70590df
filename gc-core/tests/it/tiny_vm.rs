//! The example `tiny_vm`, and the page that walks through it.

#[expect(dead_code, reason = "its `main` only prints")]
#[path = "../../examples/tiny_vm.rs"]
mod example;

use crate::support::{each_calm_config, each_config, with_semispaces};
use example::{Instruction, Op, PROGRAM, run};
use gc_core::{Config, MIN_SEMISPACE_BYTES};
use std::fs;

fn with_old_bytes(max_old_bytes: u64) -> Config {
    Config { max_old_bytes, ..Config::default() }
}

#[test]
fn a_program_runs_out_of_memory_catches_that_and_goes_on() {
    assert_eq!(run(with_old_bytes(8 << 20), &PROGRAM), "Number(1000000)");
}

#[test]
fn an_error_that_nobody_catches_ends_the_program() {
    let calls_itself: [Instruction; 1] = [(0, Op::Call(0), 0)];
    assert_eq!(run(with_old_bytes(1 << 20), &calls_itself), r#"Error("out of memory")"#);
    assert_eq!(run(Config::default(), &[(0, Op::First, 0)]), r#"Error("wrong type")"#);
}

#[test]
fn values_survive_collections() {
    let code: [Instruction; 7] = [
        (1, Op::Pair(0), 0),
        (1, Op::Call(3), 1),
        (1, Op::Return, 1),
        (1, Op::Pair(0), 0),
        (1, Op::First, 1),
        (1, Op::First, 1),
        (1, Op::Return, 1),
    ];
    each_config(|config| assert_eq!(run(config, &code), "Number(0)"));
}

#[test]
fn what_filled_the_heap_is_garbage_once_the_error_is_caught() {
    let code: [Instruction; 7] = [
        (1, Op::Catch(2), 0),
        (1, Op::Call(1), 0),
        (2, Op::Pair(0), 1),
        (3, Op::Call(5), 2),
        (0, Op::Return, 3),
        (0, Op::First, 0),
        (0, Op::Return, 0),
    ];
    each_calm_config(|config| {
        let small = with_semispaces(Config { max_old_bytes: 512 << 10, ..config }, MIN_SEMISPACE_BYTES);
        assert_eq!(run(small, &code), r#"Error("out of memory")"#);
    });
}

#[test]
fn what_the_guide_quotes_is_in_the_example() {
    let read = |path: &str| {
        let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
        fs::read_to_string(path).expect("a text")
    };
    let (page, code) = (read("../docs/guide-small-vm.md"), read("examples/tiny_vm.rs"));
    let quotes: Vec<&str> =
        page.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(quotes.len() >= 5, "{} quotes", quotes.len());
    for quote in quotes {
        assert!(code.contains(quote), "not in the example:\n{quote}");
    }
}
