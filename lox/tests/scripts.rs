//! Runs all scripts and compares what they do with what their comments say (`scripts/README.md` explains these), in a
//! machine as it is by default, and in one whose heap is made as hard as possible to live in.

use gc_core::{Config, Stats, Stress};
use lox::{Failure, Vm};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// What a script is to do, or has done.
#[derive(Debug, Default, PartialEq, Eq)]
struct Behaviour {
    printed: Vec<String>,
    /// The lines on standard error.
    errors: Vec<String>,
    exit_code: u8,
}

/// What the comments of a script say.
#[derive(Debug, Default)]
struct Expectation {
    behaviour: Behaviour,
    /// Whether all lines of the trace of a runtime error are given, and not the first alone.
    whole_trace: bool,
}

impl Expectation {
    fn of(source: &str) -> Self {
        let mut expected = Expectation::default();
        for (line, number) in source.lines().zip(1..) {
            if let Some((_, comment)) = line.split_once("// ") {
                expected.add(comment, number);
            }
        }
        expected
    }

    fn add(&mut self, comment: &str, line: usize) {
        let behaviour = &mut self.behaviour;
        if let Some(text) = comment.strip_prefix("expect: ").or(comment.strip_prefix("expect:")) {
            behaviour.printed.push(text.into());
        } else if let Some(message) = comment.strip_prefix("expect runtime error: ") {
            behaviour.exit_code = 70;
            behaviour.errors.splice(0..0, [message.into(), format!("[line {line}] in ")]);
        } else if let Some(text) = comment.strip_prefix("expect trace: ") {
            self.whole_trace = true;
            behaviour.errors.push(text.into());
        } else if comment.starts_with("Error") {
            behaviour.exit_code = 65;
            behaviour.errors.push(format!("[line {line}] {comment}"));
        } else if comment.starts_with("[line ") {
            behaviour.exit_code = 65;
            behaviour.errors.push(comment.into());
        } else if let Some(code) = comment.strip_prefix("expect exit: ") {
            behaviour.exit_code = code.parse().expect("an exit code");
        }
    }

    /// Whether a script did what was expected.
    fn is_met_by(&mut self, done: &Behaviour) -> bool {
        let expected = &mut self.behaviour;
        if done.exit_code != 70 || expected.exit_code != 70 {
            return *expected == *done;
        }
        // The line of the comment, for the first line of the trace; and then the trace, if it is there.
        let place = expected.errors.remove(1);
        let trace_fits = if self.whole_trace {
            done.errors == expected.errors
        } else {
            done.errors[..1] == expected.errors
        };
        trace_fits && done.errors[1].starts_with(&place) && done.printed == expected.printed
    }
}

/// What a machine with this configuration makes of a program.
fn run(source: &str, config: Config) -> (Behaviour, Vm) {
    let mut vm = Vm::new(config).expect("a heap can have these settings");
    let mut printed = Vec::new();
    let result = vm.interpret(source, &mut printed);
    let printed = String::from_utf8(printed).expect("it is text");
    let mut done = Behaviour { printed: printed.lines().map(Into::into).collect(), ..Behaviour::default() };
    if let Err(failure) = result {
        done.exit_code = match failure {
            Failure::Compile(_) => 65,
            _ => 70,
        };
        done.errors = failure.to_string().lines().map(Into::into).collect();
    }
    (done, vm)
}

/// The scripts, and their names.
fn scripts() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let name = |path: &PathBuf| path.strip_prefix(&root).expect("it is below").display().to_string();
    paths.iter().map(|path| (name(path), fs::read_to_string(path).expect("a script"))).collect()
}

fn collect(directory: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "lox") {
            paths.push(path);
        }
    }
}

/// How often to collect: at every allocation, unless that would mean to look at more than so many bytes in all, of a large
/// heap or in a long program.
fn allocations_per_collection(stats: &Stats) -> u32 {
    const MOST_BYTES: u64 = 1 << 27;
    const TYPICAL_OBJECT: u64 = 32;
    let allocations = stats.work.allocated_bytes / TYPICAL_OBJECT;
    let every = allocations * stats.peak_used_bytes / MOST_BYTES + 1;
    every.try_into().unwrap_or(u32::MAX)
}

#[track_caller]
fn check(run: impl Fn(&str) -> Behaviour) {
    let (mut failures, mut count) = (String::new(), 0);
    for (name, source) in scripts() {
        let done = run(&source);
        let mut expected = Expectation::of(&source);
        if !expected.is_met_by(&done) {
            let _ = writeln!(failures, "{name}: expected {expected:#?}\nbut it did {done:#?}");
            count += 1;
        }
    }
    assert!(failures.is_empty(), "{count} scripts:\n{failures}");
}

#[test]
fn scripts_do_what_their_comments_say() {
    check(|source| run(source, Config::default()).0);
}

#[test]
fn scripts_do_the_same_however_often_everything_moves() {
    check(|source| {
        let (_, vm) = run(source, Config::default());
        let every = allocations_per_collection(&vm.stats());
        let (done, mut vm) = run(source, Config { stress: Stress::all(every, 1), ..Config::default() });
        vm.verify().expect("the heap is whole");
        done
    });
}
