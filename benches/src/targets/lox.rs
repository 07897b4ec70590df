//! The Lox machine against the book's C implementation and Lua, on the programs of `lox/benchmarks`.

use super::{Limit, Measured, Report, Unit, watched};
use crate::contest::Contest;
use std::cell::Cell;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// Where the programs are, with those in Lua below.
const DIRECTORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../lox/benchmarks");

/// How many times as long as clox a program may take that makes objects most of the time.
const ALLOCATING: f64 = 1.0;
/// The same for all others.
const OTHERS: f64 = 1.3;

/// Each program, and its limit.
const PROGRAMS: [(&str, f64); 8] = [
    ("binary_trees", ALLOCATING),
    ("instantiation", ALLOCATING),
    ("string_building", ALLOCATING),
    ("splay_tree", ALLOCATING),
    ("method_calls", OTHERS),
    ("properties", OTHERS),
    ("fibonacci", OTHERS),
    ("cache", OTHERS),
];

/// Runs a program in this process, with the settings that a heap has by default, and prints what it prints.
///
/// # Errors
/// If the file cannot be read, or the program fails.
pub fn run_here(path: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let source = fs::read_to_string(path)?;
    let mut printed = Vec::new();
    lox::Vm::new(gc_core::Config::default())?.interpret(&source, &mut printed)?;
    print!("{}", String::from_utf8(printed)?);
    Ok(())
}

/// Each program on each system in turn, in a process of its own each time.
pub(super) fn measure(repetitions: usize, report: &mut Report) {
    let systems = Systems::installed();
    report.note("seconds from the start of the process to its end");
    if systems.clox.is_none() {
        report.note("clox: the environment variable CLOX names none");
    }
    if systems.lua.is_none() {
        report.note("Lua 5.4: not installed");
    }
    for (program, limit) in PROGRAMS {
        measure_program(&systems, program, limit, repetitions, report);
    }
}

fn measure_program(systems: &Systems, program: &str, limit: f64, repetitions: usize, report: &mut Report) {
    report.note(program);
    let expected = expected_output(&source(program));
    let runners = systems.runners(program);
    let mut contest = Contest::default();
    for runner in &runners {
        contest = contest.with(runner.name, || runner.seconds(&expected));
    }
    let results = contest.run(repetitions);
    report.rows(&results, Unit::Seconds);
    let ours = results.get(LOX).expect("it took part");
    for (peer, limit) in [(CLOX, Limit::AtMost(limit)), (LUA, Limit::None)] {
        if let Some(theirs) = results.get(peer) {
            report.row(format!("{LOX} / {peer}"), Measured::ratio(ours, theirs), Unit::Times, limit);
        }
    }
    if runners.iter().all(|runner| runner.peak_kib.get() == 0) {
        return report.note("this system does not tell how much memory is resident");
    }
    let peaks =
        runners.iter().map(|runner| format!("{} {:.1}", runner.name, runner.peak_kib.get() as f64 / 1024.0));
    report.note(format!("most memory resident, in MiB: {}", peaks.collect::<Vec<_>>().join(", ")));
}

const LOX: &str = "lox";
const CLOX: &str = "clox";
const LUA: &str = "Lua 5.4";

/// What there is to compare with on this machine.
struct Systems {
    clox: Option<OsString>,
    lua: Option<&'static str>,
}

impl Systems {
    fn installed() -> Systems {
        let is_right = |name: &&str| {
            let version = Command::new(name).arg("-v").output();
            version.is_ok_and(|version| String::from_utf8_lossy(&version.stdout).starts_with(LUA))
        };
        Systems { clox: env::var_os("CLOX"), lua: ["lua5.4", "lua"].into_iter().find(is_right) }
    }

    /// What runs a program.
    fn runners(&self, program: &str) -> Vec<Runner> {
        let itself = env::current_exe().expect("this program is a file");
        let in_lox = format!("{DIRECTORY}/{program}.lox");
        let mut runners = vec![Runner::new(LOX, [itself.into(), "--lox".into(), in_lox.clone().into()])];
        if let Some(clox) = &self.clox {
            runners.push(Runner::new(CLOX, [clox.into(), in_lox.into()]));
        }
        if let Some(lua) = self.lua {
            runners.push(Runner::new(LUA, [lua.into(), format!("{DIRECTORY}/lua/{program}.lua").into()]));
        }
        runners
    }
}

/// Runs a program on a system in a process of its own.
struct Runner {
    name: &'static str,
    /// The command that does it, and its arguments.
    command: Vec<OsString>,
    /// The most memory of all runs.
    peak_kib: Cell<u64>,
}

impl Runner {
    fn new(name: &'static str, command: impl IntoIterator<Item = OsString>) -> Runner {
        Runner { name, command: command.into_iter().collect(), peak_kib: Cell::new(0) }
    }

    /// Runs the program, which must print `expected`.
    fn seconds(&self, expected: &str) -> f64 {
        let run = watched::run(Command::new(&self.command[0]).args(&self.command[1..]));
        let run =
            run.unwrap_or_else(|error| panic!("{} does not run {:?}: {error}", self.name, self.command));
        assert_eq!(run.output, expected, "{} prints something else: {:?}", self.name, self.command);
        self.peak_kib.set(self.peak_kib.get().max(run.peak_kib));
        run.elapsed.as_secs_f64()
    }
}

/// A program in Lox.
fn source(program: &str) -> String {
    fs::read_to_string(format!("{DIRECTORY}/{program}.lox")).expect("a program")
}

/// What a program must print, as its comments say.
fn expected_output(source: &str) -> String {
    let lines = source.lines().filter_map(|line| line.split_once("// expect: "));
    lines.map(|(_, text)| format!("{text}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::{DIRECTORY, PROGRAMS, expected_output, source};
    use std::fs;

    #[test]
    fn every_program_has_a_limit_and_says_what_it_prints() {
        let files =
            fs::read_dir(DIRECTORY).expect("a directory").map(|entry| entry.expect("an entry").path());
        let lox = files.filter(|path| path.extension().is_some_and(|extension| extension == "lox"));
        let mut names: Vec<String> =
            lox.map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned()).collect();
        let mut listed = PROGRAMS.map(|(name, _)| name);
        names.sort();
        listed.sort_unstable();
        assert_eq!(names, listed);
        for (name, _) in PROGRAMS {
            assert!(!expected_output(&source(name)).is_empty(), "{name}");
        }
    }

    #[test]
    fn expected_lines_are_behind_their_comments() {
        assert_eq!(expected_output("print 1; // expect: 1\n// no\n// expect: a b\n"), "1\na b\n");
    }
}
