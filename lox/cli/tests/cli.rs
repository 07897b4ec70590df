//! The `lox` command as its users see it: what it prints, where, and how it exits.

use serde_json::Value;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn lox(arguments: &[&str]) -> Output {
    command(arguments).stdin(Stdio::null()).output().expect("the command starts")
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lox"));
    command.args(arguments).env_remove("NO_COLOR");
    command
}

/// What the command does with what it gets through a pipe.
fn piped(arguments: &[&str], typed: &str) -> Output {
    let mut command = command(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    let typed = typed.to_owned();
    // Beside the reading: pipes hold only so much.
    let writer = std::thread::spawn(move || stdin.write_all(typed.as_bytes()));
    let output = child.wait_with_output().expect("the command ends");
    writer.join().expect("it does not panic").expect("everything is read");
    output
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("the output is UTF-8")
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).expect("the messages are UTF-8")
}

/// Checks exit code, standard output and standard error.
#[track_caller]
fn check(output: &Output, code: i32, printed: &str, errors: &str) {
    let found = (output.status.code(), stdout(output), stderr(output));
    assert_eq!(found, (Some(code), printed, errors));
}

/// A folder of a test's own, removed with the value.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("the folder can be made");
        Folder(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("the path is UTF-8").into()
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), text).expect("the file can be written");
        self.path(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What the command does with a program in a file, and these flags.
fn run(test: &str, program: &str, flags: &[&str]) -> Output {
    let folder = Folder::new(test);
    let file = folder.file("program.lox", program);
    lox(&[flags, &[&file]].concat())
}

#[test]
fn a_program_prints_and_ends_well() {
    check(&run("well", "print \"hello\"; print 1 + 2;", &[]), 0, "hello\n3\n", "");
}

#[test]
fn a_program_that_does_not_compile_exits_with_65() {
    let output = run("compile", "print 1;\nprint;\nvar 2;", &[]);
    let errors = "[line 2] Error at ';': Expect expression.\n[line 3] Error at '2': Expect variable name.\n";
    check(&output, 65, "", errors);
}

#[test]
fn a_program_that_fails_exits_with_70_and_a_trace() {
    let output = run("runtime", "print 1;\nfun f() {\n  print x;\n}\nf();", &[]);
    check(&output, 70, "1\n", "Undefined variable 'x'.\n[line 3] in f()\n[line 5] in script\n");
}

#[test]
fn a_file_that_cannot_be_read_exits_with_74() {
    check(&lox(&["no-such-file.lox"]), 74, "", "Could not open file \"no-such-file.lox\".\n");
    let folder = Folder::new("unreadable");
    let file = folder.file("binary.lox", [0xff]);
    let output = lox(&[&file]);
    assert_eq!(output.status.code(), Some(74));
    assert!(stderr(&output).starts_with(&format!("Could not read file \"{file}\": ")), "{}", stderr(&output));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_exits_with_74() {
    let folder = Folder::new("full-disk");
    let file = folder.file("program.lox", "print 1;");
    let full = File::options().write(true).open("/dev/full").expect("the device is there");
    let output = command(&[&file]).stdout(full).stderr(Stdio::piped()).spawn();
    let output = output.and_then(std::process::Child::wait_with_output).expect("the command runs");
    assert_eq!(output.status.code(), Some(74));
    assert!(stderr(&output).starts_with("Could not write what was printed: "), "{}", stderr(&output));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let folder = Folder::new("closed-pipe");
    let file = folder.file("program.lox", "while (true) print \"again\";");
    let mut command = command(&[&file]);
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the command ends");
    check(&output, 0, "", "");
}

#[track_caller]
fn check_refused(arguments: &[&str], message: &str) {
    let output = lox(arguments);
    assert_eq!((output.status.code(), stdout(&output)), (Some(2), ""), "{}", stderr(&output));
    assert!(stderr(&output).starts_with(message), "{}", stderr(&output));
    assert_eq!(stderr(&output).matches("error:").count(), 1, "{}", stderr(&output));
}

#[test]
fn mistakes_on_the_command_line_are_told_with_their_remedy() {
    check_refused(&["one.lox", "two.lox"], "error: unexpected argument 'two.lox' found");
    check_refused(
        &["--heap-limit", "12Q"],
        "error: invalid value '12Q' for '--heap-limit <SIZE>': there is no",
    );
    check_refused(
        &["--heap-limit", "511KiB"],
        "error: `--heap-limit` is 511KiB, but must lie between 512KiB and 28GiB",
    );
    check_refused(&["--semi-space", "8"], "error: `--semi-space` is 8, but must lie between 256KiB and 1GiB");
    check_refused(&["--gc-log=loud"], "error: invalid value 'loud' for '--gc-log[=<LEVEL>]'");
    check_refused(&["--gc-stress=hard"], "error: invalid value 'hard' for '--gc-stress[=<SEED>]'");
    check_refused(&["--no-such-flag"], "error: unexpected argument '--no-such-flag' found");
}

#[test]
fn what_is_typed_is_executed_line_by_line() {
    check(&piped(&[], "var a = 1;\nprint a;\n\nprint a + 1;"), 0, "1\n2\n", "");
    check(&piped(&[], ""), 0, "", "");
}

#[test]
fn what_is_open_goes_on_over_lines() {
    let typed = "fun f(\n  a) {\n  return a;\n}\nprint f(\"one\ntwo\");\n";
    check(&piped(&[], typed), 0, "one\ntwo\n", "");
    check(&piped(&[], "print (1\n"), 0, "", "[line 2] Error at end: Expect ')' after expression.\n");
}

#[test]
fn after_an_error_the_next_line_is_executed_and_globals_are_kept() {
    let typed = "var a = 1;\nprint;\nprint nope;\nfun f() { f(); }\nf();\nprint a;\n";
    let output = piped(&[], typed);
    assert_eq!((output.status.code(), stdout(&output)), (Some(0), "1\n"));
    let errors: Vec<_> = stderr(&output).lines().filter(|line| !line.starts_with("[line 1] in ")).collect();
    let expected =
        ["[line 1] Error at ';': Expect expression.", "Undefined variable 'nope'.", "Stack overflow."];
    assert_eq!(errors, expected);
}

/// A program that keeps more and more.
const HOARD: &str =
    "{ class Node {} var list = nil; while (true) { var node = Node(); node.next = list; list = node; } }\n";

/// A program that wants more at once than there is.
const DOUBLE: &str = "{ var text = \"x\"; while (true) text = text + text; }\n";

#[test]
fn a_program_that_runs_out_of_memory_says_so() {
    let output = run("full", HOARD, &["--heap-limit", "2MiB"]);
    check(&output, 70, "", "Out of memory.\n[line 1] in script\n");
}

#[test]
fn a_session_survives_running_out_of_memory_again_and_again() {
    let mut typed = String::from("var kept = \"still here\";\n");
    for round in 0..100 {
        typed += if round % 4 == 0 { HOARD } else { DOUBLE };
        let _ = writeln!(typed, "print {round};");
    }
    typed += "class Point { init(x) { this.x = x; } }\nprint Point(kept + \"!\").x;\n";
    let output = piped(&["--heap-limit", "512KiB", "--semi-space", "256KiB"], &typed);
    let rounds: String = (0..100).map(|round| format!("{round}\n")).collect();
    assert_eq!((output.status.code(), stdout(&output)), (Some(0), &*(rounds + "still here!\n")));
    assert_eq!(stderr(&output), "Out of memory.\n[line 1] in script\n".repeat(100));
}

#[test]
fn a_program_that_keeps_nothing_runs_for_ever_in_little_memory() {
    let program = "
        class Point { init(x) { this.x = x; } }
        var most = 0;
        for (var i = 0; i < 2000000; i = i + 1) {
            var point = Point(i);
            if (gcEvery(i)) {
                var used = gcStats().heapTotal;
                if (used > most) most = used;
            }
        }
        print most < 2 * 1024 * 1024;";
    let every = "
        var next = 0;
        fun gcEvery(i) { if (i < next) return false; next = i + 10000; return true; }";
    let flags = ["--heap-limit", "1MiB", "--semi-space", "256KiB"];
    check(&run("bounded", &format!("{every}{program}"), &flags), 0, "true\n", "");
}

#[test]
fn a_stressed_heap_makes_no_difference() {
    let program = "
        class Pair { init(a, b) { this.a = a; this.b = b; } sum() { return this.a + this.b; } }
        var text = \"\";
        for (var i = 0; i < 100; i = i + 1) text = Pair(text, \"x\").sum();
        print text;";
    let expected = format!("{}\n", "x".repeat(100));
    for flag in ["--gc-stress", "--gc-stress=7"] {
        check(&run("stress", program, &[flag]), 0, &expected, "");
    }
}

#[test]
fn the_log_goes_to_stderr() {
    let output = run("log", "gc(); print 1;", &["--gc-log"]);
    assert_eq!((output.status.code(), stdout(&output)), (Some(0), "1\n"));
    assert!(stderr(&output).contains(" INFO collected "), "{}", stderr(&output));
    let phases = run("log-phases", "gc();", &["--gc-log=phases"]);
    assert!(stderr(&phases).contains("DEBUG"), "{}", stderr(&phases));
}

#[test]
fn the_pause_report_comes_after_the_program() {
    let output = run("report", "gc(); print 1; print nope;", &["--pause-report", "--semi-space", "1MiB"]);
    assert_eq!((output.status.code(), stdout(&output)), (Some(70), "1\n"));
    let (error, report) = stderr(&output).split_once("[line 1] in script\n").expect("an error comes first");
    assert_eq!(error, "Undefined variable 'nope'.\n");
    for part in [
        "program.lox FAILED: Undefined variable 'nope'. [line 1] in script\n",
        "new_space.max_bytes=1 MiB",
        "full",
    ] {
        assert!(report.contains(part), "{part} in {report}");
    }
}

/// The names of all nodes of a snapshot.
fn node_names(path: &str) -> Vec<String> {
    let text = fs::read(path).expect("the file is there");
    let snapshot: Value = serde_json::from_slice(&text).expect("it is JSON");
    let nodes = snapshot["nodes"].as_array().expect("a list").chunks(7);
    let name = |node: &[Value]| snapshot["strings"][node[1].as_u64().expect("a number") as usize].clone();
    nodes.map(|node| name(node).as_str().expect("a text").into()).collect()
}

#[test]
fn the_snapshot_holds_what_is_alive_at_the_end() {
    let folder = Folder::new("snapshot");
    let program = "
        class Thing {}
        fun make() { var dead = Thing(); for (var i = 0; i < 100000; i = i + 1) {} return Thing(); }
        var kept = make();";
    for (end, code) in [("", 0), ("print nope;", 70)] {
        let file = folder.file("program.lox", format!("{program}{end}"));
        let path = folder.path("heap.heapsnapshot");
        let output = lox(&["--heap-snapshot", &path, &file]);
        assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
        let names = node_names(&path);
        assert_eq!(names.iter().filter(|name| *name == "Instance").count(), 1, "{names:?}");
        assert!(names.iter().any(|name| name == "State"), "{names:?}");
    }
    let names: Vec<_> = fs::read_dir(&folder.0).expect("the folder is there").collect();
    assert_eq!(names.len(), 2, "no temporary file stays behind");
}

#[test]
fn a_snapshot_that_cannot_be_written_is_told_before_the_program_runs() {
    let output = run("no-snapshot", "print 1;", &["--heap-snapshot", "no-such-folder/heap"]);
    assert_eq!((output.status.code(), stdout(&output)), (Some(74), ""));
    assert!(
        stderr(&output).starts_with("Could not write file \"no-such-folder/heap\": "),
        "{}",
        stderr(&output)
    );
}
