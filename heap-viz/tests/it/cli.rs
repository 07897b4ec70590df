//! The `tenure` command as its users see it: what it prints, where, and how it exits.

use crate::support::{Folder, command, document, printed, printed_for, stderr, stdout, tenure};
use serde_json::Value;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::process::{Output, Stdio};

/// A run that takes milliseconds, pauses of both kinds among them.
const SMALL_RUN: &[&str] =
    &["run", "ring", "--set", "window=2000", "--set", "pushes=40000", "--semi-space", "256KiB"];

fn small_run(more: &[&str]) -> Output {
    tenure(&[SMALL_RUN, more].concat())
}

/// Checks that a command fails with exit code 2, one error that starts with `message`, and nothing on stdout.
#[track_caller]
fn check_refused(arguments: &[&str], message: &str) {
    let output = tenure(arguments);
    assert_eq!((output.status.code(), stdout(&output)), (Some(2), ""), "{}", stderr(&output));
    let errors = stderr(&output);
    let told = errors.lines().filter(|line| !line.starts_with("note: ")).collect::<Vec<_>>().join("\n");
    assert!(told.starts_with(message), "{told}");
    assert_eq!(told.matches("error:").count(), 1, "{told}");
}

#[test]
fn a_run_prints_its_report() {
    let output = small_run(&[]);
    let report = printed(&output);
    assert!(report.starts_with("ring "), "{report}");
    for part in ["throughput", "utilisation", "pauses", "collections", "survival", "heap", "latency", "rss"] {
        assert!(report.contains(part), "{part} in {report}");
    }
}

#[test]
fn without_a_terminal_there_is_no_progress() {
    let output = small_run(&["--clock", "modelled"]);
    assert_eq!(stderr(&output), "");
}

/// The lines of the section `by type`.
fn types_of(output: &Output) -> Vec<&str> {
    let section = printed(output).split_once("\n  by type ").expect("there is the section").1;
    section.lines().take_while(|line| !line.is_empty()).collect()
}

#[test]
fn a_report_tells_what_is_alive_by_type() {
    let output = small_run(&["--clock", "modelled"]);
    let lines = types_of(&output);
    let starts = ["    Message          2000", "    Window              1", "    all              2001"];
    assert!(lines[1..].iter().zip(starts).all(|(line, start)| line.starts_with(start)), "{lines:?}");
    assert_eq!(lines.len(), 4, "{lines:?}");
    let output = small_run(&["--json"]);
    let report = document(&output);
    let live = &report["runs"][0]["live"];
    assert_eq!(live["largest"][0]["name"], "Message");
    assert_eq!((&live["objects"], &live["others"]["objects"]), (&2_001.into(), &0.into()));
}

#[test]
fn a_heap_that_ends_empty_is_said_to_and_one_that_is_full_is_looked_at() {
    let output = tenure(&["run", "linked_list", "--set", "length=100"]);
    assert_eq!(types_of(&output), ["      nothing is alive at the end of the run"]);
    let output = small_run(&["--max-old", "512KiB", "--json"]);
    let report: Value = serde_json::from_str(stdout(&output)).expect("one JSON document");
    assert!(report["runs"][0]["live"]["objects"].as_u64() > Some(0));
}

#[test]
fn several_runs_end_with_a_summary() {
    let output =
        tenure(&["run", "ring", "binary_trees", "--set", "pushes=1000", "--set", "depth=6", "--seed", "7"]);
    let report = printed(&output);
    assert!(report.contains("\nall runs "), "{report}");
    assert_eq!(report.matches("seed=7").count(), 2, "{report}");
}

#[test]
fn json_is_one_document_with_a_schema() {
    let output = small_run(&["--json"]);
    let report = document(&output);
    assert_eq!(report["schema"], "tenure.report/1");
    let run = &report["runs"][0];
    assert_eq!(run["workload"], "ring");
    assert_eq!(run["settings"]["new_space.max_bytes"], 256 << 10);
    assert_eq!(run["throughput"]["operations"], 40_000);
    assert!(run["verdict"]["status"] == "passed" && run["verdict"]["checksum"].is_string());
    assert!(run["pauses"]["by_kind"]["minor"]["p99_ns"].is_u64());
    assert!(run["machine"]["process_rss_bytes"].as_u64() > Some(0));
    assert!(run["machine"]["system_total_bytes"].as_u64() > Some(0));
    assert!(run["survival"]["survived_bytes_by_age"][0].as_u64() > Some(0));
}

#[test]
fn what_is_reported_adds_up() {
    let output = small_run(&["--json"]);
    let report = document(&output);
    let run = &report["runs"][0];
    let sum = |rows: &Value, field: &str| -> u64 {
        rows.as_array().expect("a list").iter().map(|row| row[field].as_u64().expect("a number")).sum()
    };
    let pauses = &run["pauses"]["all"];
    assert_eq!(pauses["count"], sum(&run["collections"], "count"));
    assert_eq!(pauses["total_ns"], sum(&run["collections"], "total_ns"));
    assert!(sum(&run["phases"], "total_ns") <= pauses["total_ns"].as_u64().expect("a number"));
    assert!(run["heap"]["peak_used_bytes"].as_u64() <= run["heap"]["peak_total_bytes"].as_u64());
}

#[test]
fn idle_time_shows_what_it_took() {
    let with_idle_time = ["--clock", "modelled", "--set", "idle_us=200"];
    assert!(printed(&small_run(&with_idle_time)).contains("\n  idle time     "));
    assert!(!printed(&small_run(&with_idle_time[..2])).contains("idle time"));
    let output = small_run(&[&with_idle_time[..], &["--json"]].concat());
    let report = document(&output);
    let idle = &report["runs"][0]["idle"];
    assert!(idle["count"].as_u64() > Some(0) && idle["marked_bytes_share"].as_f64() > Some(0.5), "{idle}");
}

#[test]
fn modelled_runs_are_the_same_to_the_byte() {
    for format in [&["--clock", "modelled"][..], &["--clock", "modelled", "--json"]] {
        let (one, other) = (small_run(format), small_run(format));
        assert_eq!(printed(&one), printed(&other));
        assert!(!printed(&one).contains("rss"), "a machine's memory is no fact of a model");
    }
}

#[test]
fn modelled_events_are_the_same_to_the_byte() {
    let folder = Folder::new();
    let files = ["one", "other"].map(|name| {
        let path = folder.path(name);
        printed(&small_run(&["--clock", "modelled", "--events", &path]));
        fs::read(path).expect("the file is there")
    });
    assert!(files[0] == files[1]);
}

#[test]
fn a_file_of_events_gives_the_same_report() {
    let folder = Folder::new();
    let path = folder.path("events.jsonl");
    for format in [&[][..], &["--json"]] {
        let direct = small_run(&[&["--events", &path], format].concat());
        let later = tenure(&[&["report", &path], format].concat());
        assert_eq!(printed(&direct), printed(&later));
    }
    assert_eq!(folder.names(), ["events.jsonl"], "no temporary file stays behind");
}

#[test]
fn a_file_of_events_replaces_what_was_there() {
    let folder = Folder::new();
    let path = folder.write("events.jsonl", "something else");
    printed(&small_run(&["--events", &path]));
    let text = fs::read_to_string(&path).expect("the file is there");
    assert!(text.starts_with(r#"{"schema":"tenure.events/1","version":""#), "{text}");
    assert!(text.lines().all(|line| serde_json::from_str::<Value>(line).is_ok_and(|line| line.is_object())));
}

#[cfg(unix)]
#[test]
fn events_may_go_to_a_device() {
    printed(&small_run(&["--events", "/dev/null"]));
    let device = fs::metadata("/dev/null").expect("it is still there");
    assert!(!device.is_file());
}

#[test]
fn damaged_files_of_events_are_refused_with_the_line() {
    let folder = Folder::new();
    let path = folder.path("events.jsonl");
    printed(&small_run(&["--events", &path]));
    let text = fs::read_to_string(&path).expect("the file is there");
    let lines = text.lines().count();
    for (name, damaged, line) in [
        ("cut-line", &text[..text.len() - 10], lines),
        ("cut-run", text.trim_end().rsplit_once('\n').expect("there are lines").0, lines - 1),
        ("corrupt", &text.replacen("\"minor\"", "\"minus\"", 1), 3),
    ] {
        let damaged = folder.write(name, damaged);
        check_refused(&["report", &damaged], &format!("error: {damaged}: line {line}: "));
    }
    let missing = folder.path("missing");
    check_refused(&["report", &missing], &format!("error: {missing}: cannot be read: "));
}

#[test]
fn the_printed_config_is_a_config_file() {
    let folder = Folder::new();
    let flags = [
        "config",
        "--semi-space",
        "768KiB",
        "--max-old",
        "1.5GiB",
        "--promote-age",
        "3",
        "--clock",
        "modelled",
    ];
    let output = tenure(&flags);
    let file = folder.write("heap.toml", printed(&output));
    let again = tenure(&["config", "--config", &file]);
    assert_eq!(printed(&again), printed(&output));
    for line in [
        "initial = \"768KiB\"",
        "max = \"768KiB\"",
        "max_old = \"1536MiB\"",
        "age = 3",
        "kind = \"modelled\"",
    ] {
        assert!(printed(&output).contains(&format!("\n{line}\n")), "{line}");
    }
}

#[test]
fn a_printed_preset_is_a_config_file() {
    let folder = Folder::new();
    for preset in ["v8-node20", "jvm-serial", "ocaml"] {
        let toml = tenure(&["config", "--preset", preset]);
        let path = folder.path(preset);
        fs::write(&path, printed(&toml)).expect("the file can be written");
        assert_eq!(printed_for(&["config", "--config", &path]), printed(&toml), "{preset}");
        assert_ne!(printed(&toml), printed_for(&["config"]), "{preset}");
    }
}

#[test]
fn the_nearest_preset_is_suggested() {
    let output = tenure(&["config", "--preset", "v8-node2"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("'v8-node20'"), "{}", stderr(&output));
}

#[test]
fn costs_are_taken_from_a_file_and_mistakes_in_it_told_with_their_place() {
    let folder = Folder::new();
    let path = folder.path("cost.toml");
    fs::write(&path, "[clock.cost]\npause_ps = 7_000_000\n").expect("the file can be written");
    let config = tenure(&["config", "--cost-model", &path]);
    assert!(printed(&config).contains("\nkind = \"modelled\"\n"));
    assert!(printed(&config).contains("\npause_ps = 7000000\n"));
    for (text, message) in [
        ("[clock.cost]\npauses_ps = 7", ":2:1: unknown key `pauses_ps` in [clock.cost]"),
        ("[clock.cost]\n\npause_ps = -7", ":3:12: `clock.cost.pause_ps` must be a whole number"),
        ("[promotion]\nage = 2", ":2:7: `promotion.age` is no cost"),
    ] {
        fs::write(&path, text).expect("the file can be written");
        check_refused(&["run", "ring", "--cost-model", &path], &format!("error: {path}{message}"));
    }
}

#[test]
fn predictions_are_compared_with_what_node_did() {
    let output = tenure(&["validate", "w2-semi-64", "w6"]);
    let table = printed(&output);
    assert!(
        table.contains("14 / 14") && table.contains("2 of 2 rows within the tolerance (100 %)"),
        "{table}"
    );
}

#[test]
fn predictions_that_are_too_far_off_fail() {
    let folder = Folder::new();
    let path = folder.path("rows.tsv");
    let heading = "name\tflags\tworkload\tscavenges\tmark_compacts\tcopied_mib\tpromoted_mib\n";
    let row =
        |scavenges| format!("{heading}a\t-\twindow objects=100_000 window=0\t{scavenges}\t0\t0.16\t0.16\n");
    for (scavenges, code) in [(5, 0), (9, 1)] {
        fs::write(&path, row(scavenges)).expect("the file can be written");
        let output = tenure(&["validate", "--reference", &path, "--min-share", "100"]);
        assert_eq!(output.status.code(), Some(code), "{}", stdout(&output));
    }
    fs::write(&path, format!("{heading}a\t-\twindow\n")).expect("the file can be written");
    check_refused(
        &["validate", "--reference", &path],
        &format!("error: {path}:2: a row has 7 columns, not 3"),
    );
    check_refused(&["validate", "w9"], "error: there is no row `w9`");
}

#[test]
fn a_flag_wins_over_the_file_and_the_file_over_the_default() {
    let folder = Folder::new();
    let file = folder.write("heap.toml", "[promotion]\nage = 2\nto_space_percent = 50\n");
    let output = tenure(&["config", "--config", &file, "--promote-age", "4"]);
    let config = printed(&output);
    assert!(config.contains("\nage = 4\n") && config.contains("\nto_space_percent = 50\n"), "{config}");
}

#[test]
fn mistakes_in_a_config_file_are_told_with_their_place() {
    let folder = Folder::new();
    for (text, place, message) in [
        (
            "[new_space]\ninital = 1\n",
            "2:1",
            "unknown key `inital` in [new_space]\n\n  tip: did you mean `initial`?",
        ),
        (
            "[new_space]\nmax = \"64GiB\"\n",
            "2:7",
            "`new_space.max` is \"64GiB\", but must lie between 256KiB and 1GiB",
        ),
        ("[promotion]\nage = 300\n", "2:7", "`promotion.age` is 300, but must lie between 0 and 15"),
        (
            "[pacing]\ngrowth_percent = 100\n",
            "2:18",
            "`pacing.growth_percent` is 100, but must lie between 101 and",
        ),
        (
            "[pacing]\nexternal_growth = 0\n",
            "2:19",
            "`pacing.external_growth` is 0, but must lie between 4KiB and 256TiB",
        ),
        ("[new_space]\nmax = 16 MiB\n", "2:7", ""),
    ] {
        let file = folder.write("heap.toml", text);
        check_refused(&["run", "ring", "--config", &file], &format!("error: {file}:{place}: {message}"));
    }
    check_refused(&["config", "--config", "no-such-file.toml"], "error: cannot read no-such-file.toml: ");
}

#[test]
fn mistakes_on_the_command_line_are_told_with_their_remedy() {
    check_refused(&["run", "rnig"], "error: invalid value 'rnig' for '[WORKLOAD]...'");
    check_refused(
        &["run", "ring", "--semi-space", "12Q"],
        "error: invalid value '12Q' for '--semi-space <SIZE>'",
    );
    check_refused(&["run", "ring", "--semi-space", "8"], "error: `--semi-space` is 8, but must lie between");
    check_refused(
        &["run", "ring", "--promote-age", "16"],
        "error: invalid value '16' for '--promote-age <N>'",
    );
    check_refused(&["run", "ring", "--clock", "sun"], "error: invalid value 'sun' for '--clock <CLOCK>'");
    check_refused(
        &["run", "leak_closure", "--set", "cured=2"],
        "error: in `--set`: `cured` is 2, but must lie between 0 and 1 (0 or 1)",
    );
    check_refused(&["run", "--no-such-flag"], "error: unexpected argument '--no-such-flag'");
    check_refused(
        &["run", "ring", "--set", "pushs=1"],
        "error: in `--set`: there is no parameter `pushs`; there are `idle_us`, `message`, `pushes`, `seed`, `window`\n\n  \
         tip: did you mean `pushes`?",
    );
    check_refused(
        &["run", "ring", "--set", "pushes"],
        "error: in `--set`: `pushes` is not of the form `name=value`",
    );
    check_refused(&["run", "ring", "--set", "pushes=0"], "error: in `--set`: `pushes` is 0, but must lie");
    check_refused(
        &["run", "ring", "--events", "no-such-folder/events"],
        "error: cannot write no-such-folder/events: ",
    );
}

#[test]
fn mistakes_in_what_files_are_named_are_told() {
    let folder = Folder::new();
    let events = folder.path("small.jsonl");
    printed(&small_run(&["--events", &events]));
    check_refused(
        &["compare", &events, "b="],
        "error: invalid value 'b=' for '<[NAME=]FILE>...': no file is named",
    );
    let message = "error: a page goes to a file, not to standard output";
    check_refused(&["report", &events, "--html", "-"], message);
    check_refused(&["compare", &events, &events, "--html", "-"], message);
    check_refused(&[SMALL_RUN, &["--html", "-"]].concat(), message);
    let output = tenure(&["report", &events, "--fail-if", "leaks > 0"]);
    let message = "error: `leaks > 0` cannot be checked: it is not known of ring: `tenure run --watch-leaks` finds it out\n";
    assert_eq!((output.status.code(), stderr(&output)), (Some(2), message));
}

#[test]
fn terminals_are_not_told_what_to_do_by_files() {
    let folder = Folder::new();
    let file = folder.write("control.jsonl", r#"{"schema":"\u001b[31mred\u0007","version":"0"}"#);
    check_refused(
        &["report", &file],
        &format!("error: {file}: line 1: the schema is `\u{fffd}[31mred\u{fffd}`"),
    );
}

#[test]
fn the_nearest_workload_is_suggested() {
    let output = tenure(&["run", "binary-trees"]);
    assert!(stderr(&output).contains("tip: a similar value exists: 'binary_trees'"), "{}", stderr(&output));
}

#[test]
fn a_heap_that_is_too_small_fails_the_run_and_says_what_would_do() {
    let output = small_run(&["--max-old", "512KiB", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("error: ring failed: no room for "), "{}", stderr(&output));
    assert!(stderr(&output).contains("try `--max-old "), "{}", stderr(&output));
    let report: Value = serde_json::from_str(stdout(&output)).expect("one JSON document");
    let run = &report["runs"][0];
    assert!(run["verdict"]["reason"].as_str().is_some_and(|reason| reason.starts_with("no room")));
    assert_eq!(run["heap"]["refused_allocations"], 1);
}

#[test]
fn the_size_that_is_suggested_does() {
    let output = small_run(&["--max-old", "512KiB"]);
    let tip =
        stderr(&output).split("try `").nth(1).and_then(|tip| tip.split('`').next()).expect("there is a tip");
    printed(&small_run(&tip.split(' ').collect::<Vec<_>>()));
}

#[test]
fn one_failed_run_does_not_keep_others_from_running() {
    let output = tenure(&["run", "ring", "binary_trees", "--max-old", "512KiB", "--set", "depth=4"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("\n  ring             FAILED\n"), "{}", stdout(&output));
    assert!(
        stdout(&output).contains("binary_trees                                   passed"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn the_list_tells_parameters_with_units_and_defaults() {
    let output = tenure(&["list", "--json"]);
    let list = document(&output);
    assert_eq!(list["schema"], "tenure.workloads/1");
    let names: Vec<_> =
        list["workloads"].as_array().expect("a list").iter().map(|one| &one["name"]).collect();
    assert_eq!(names.len(), workloads::registry().len());
    let text = tenure(&["list"]);
    for workload in list["workloads"].as_array().expect("a list") {
        assert!(printed(&text).contains(workload["name"].as_str().expect("a name")));
        let parameter = &workload["parameters"][0];
        assert!(parameter["unit"].is_string() && parameter["default"].is_u64(), "{parameter}");
    }
}

#[test]
fn the_log_goes_to_stderr() {
    let output = small_run(&["--clock", "modelled", "--log"]);
    assert!(stderr(&output).lines().count() > 1);
    assert!(stderr(&output).lines().all(|line| line.contains(" INFO ")), "{}", stderr(&output));
    assert_eq!(printed(&output), printed(&small_run(&["--clock", "modelled"])));
    let phases = small_run(&["--log=phases"]);
    assert!(stderr(&phases).contains("DEBUG") && !stderr(&phases).contains('\u{1b}'), "{}", stderr(&phases));
}

#[test]
fn completions_name_commands_and_workloads() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = tenure(&["completions", shell]);
        assert!(
            printed(&output).contains("completions") && printed(&output).contains("semi-space"),
            "{shell}"
        );
    }
    assert!(printed_for(&["completions", "bash"]).contains("binary_trees"));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    for arguments in [&["list"][..], &["config"], &["completions", "zsh"], SMALL_RUN] {
        let mut command = command();
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the command starts");
        drop(child.stdout.take());
        let mut errors = String::new();
        child.stderr.take().expect("it is piped").read_to_string(&mut errors).expect("UTF-8");
        assert_eq!(child.wait().expect("the command ends").code(), Some(0), "{errors}");
        assert!(!errors.contains("error:") && !errors.contains("panicked"), "{errors}");
    }
}

/// A program in Lox that makes some garbage, and asks what time it is.
const LOX_PROGRAM: &str = "
    class Node { init(next) { this.next = next; } }
    var kept = nil;
    for (var i = 0; i < 100; i = i + 1) kept = Node(kept);
    for (var i = 0; i < 20000; i = i + 1) Node(kept);
    print \"one\" + \"two\";
    print clock();";

/// Runs a program in Lox.
fn lox_run(folder: &Folder, program: &str, more: &[&str]) -> Output {
    let file = folder.write("program.lox", program);
    tenure(
        &[&["run", &format!("lox:{file}"), "--semi-space", "256KiB", "--clock", "modelled"], more].concat(),
    )
}

#[test]
fn a_program_in_lox_is_reported_on_like_a_workload() {
    let folder = Folder::new();
    let output = lox_run(&folder, LOX_PROGRAM, &[]);
    let report = printed(&output);
    assert!(report.starts_with(&format!("lox:{}", folder.path("program.lox"))), "{report}");
    for part in ["passed, checksum", "allocated", "pauses", "by type", "Instance"] {
        assert!(report.contains(part), "{part} in {report}");
    }
    assert!(!report.contains("onetwo") && !report.contains("operation"), "{report}");
    assert_eq!(stderr(&output), "");
    let output = lox_run(&folder, LOX_PROGRAM, &["--json"]);
    let report = document(&output);
    let run = &report["runs"][0];
    assert!(run["throughput"]["operations"].is_null() && run["verdict"]["status"] == "passed", "{run}");
    assert!(run["pauses"]["all"]["count"].as_u64() > Some(0), "{run}");
}

#[test]
fn modelled_runs_of_lox_are_the_same_to_the_byte() {
    let folder = Folder::new();
    for more in [&[][..], &["--json"]] {
        let [one, other] = [(); 2].map(|()| lox_run(&folder, LOX_PROGRAM, more));
        assert_eq!(printed(&one), printed(&other));
    }
    let path = folder.path("events.jsonl");
    let direct = lox_run(&folder, LOX_PROGRAM, &["--events", &path]);
    assert_eq!(printed(&direct), printed_for(&["report", &path]));
}

#[test]
fn the_checksum_of_a_lox_program_is_that_of_what_it_prints() {
    let folder = Folder::new();
    let checksum = |program, more: &[&str]| {
        let output = lox_run(&folder, program, more);
        printed(&output).lines().next().and_then(|title| title.split(' ').next_back()).map(String::from)
    };
    let one = checksum("print 1; print 2;", &[]);
    assert_eq!(checksum("for (var i = 1; i < 3; i = i + 1) print i;", &["--promote-age", "0"]), one);
    assert_ne!(checksum("print 12;", &[]), one);
    assert_eq!(stderr(&lox_run(&folder, "print 1; print 2;", &["--echo"])), "1\n2\n");
}

#[test]
fn a_lox_program_with_a_mistake_is_refused() {
    let folder = Folder::new();
    let file = folder.write("mistake.lox", "print 1;\nprint;\n");
    let expected = format!("error: {file} is no Lox program:\n  [line 2] Error at ';': Expect expression.");
    check_refused(&["run", "ring", &format!("lox:{file}")], &expected);
    check_refused(&["run", "lox:no-such.lox"], "error: cannot read no-such.lox: ");
    let fine = format!("lox:{}", folder.write("fine.lox", ""));
    check_refused(
        &["run", &fine, "--max-old", "256KiB"],
        "error: `--max-old` is 256KiB, but must lie between 512KiB and 28GiB",
    );
    check_refused(
        &["run", &fine, "--seed", "1"],
        "error: in `--set`: there is no parameter `seed`, nor any other\n\n  tip: programs in Lox",
    );
    let without_prefix = tenure(&["run", "fine.lox"]);
    assert!(stderr(&without_prefix).contains("'lox:fine.lox'"), "{}", stderr(&without_prefix));
}

#[test]
fn a_lox_program_that_fails_fails_its_run() {
    let folder = Folder::new();
    let output = lox_run(&folder, "fun f() {\n  print x;\n}\nf();", &[]);
    assert_eq!(output.status.code(), Some(1));
    let reason = "Undefined variable 'x'. [line 2] in f()\n";
    assert!(stdout(&output).contains(&format!(" FAILED: {reason}")), "{}", stdout(&output));
    let file = folder.path("program.lox");
    assert_eq!(stderr(&output), format!("error: lox:{file} failed: {reason}"));
    let hoard = "class Node {} var list; while (true) { var node = Node(); node.next = list; list = node; }";
    let output = lox_run(&folder, hoard, &["--max-old", "1MiB"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("failed: Out of memory. [line 1] in script\n"), "{}", stderr(&output));
    assert!(stderr(&output).contains("try `--max-old 2MiB`"), "{}", stderr(&output));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_failure() {
    let full = File::options().write(true).open("/dev/full").expect("the device is there");
    let output = command()
        .arg("list")
        .stdout(full)
        .stderr(Stdio::piped())
        .spawn()
        .and_then(std::process::Child::wait_with_output)
        .expect("the command runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with("error: cannot write to standard output: "), "{}", stderr(&output));
}

/// A file that the tests of imports read.
fn imported(name: &str) -> String {
    format!("{}/../workloads/tests/files/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_snapshot_runs_as_a_workload() {
    let snapshot = format!("snapshot:{}", imported("lox.heapsnapshot"));
    let output = tenure(&["run", &snapshot, "--set", "allocations=2000", "--clock", "modelled"]);
    let text = printed(&output);
    assert!(
        text.contains("passed, checksum") && text.contains("allocations=2000, kept=10, seed=1"),
        "{text}"
    );
}

#[test]
fn what_is_in_a_file_of_another_runtime_is_told() {
    let text = printed_for(&["import", &imported("small.bin")]);
    let lines = [
        "memray capture of CPython",
        "program         CPython 3.11",
        "objects         2467 of 285 KiB",
        "died            2413, 97.8 %",
        "blind to        objects on free lists of CPython",
    ];
    lines.iter().for_each(|line| assert!(text.contains(line), "{line} is not in {text}"));
}

#[test]
fn a_sample_is_not_taken_for_the_whole() {
    let text = printed_for(&["import", &imported("by_hand.ctf")]);
    let lines = [
        "OCaml memtrace",
        "coverage        a sample: each word with probability 0.01, not scaled up",
        "program         program.exe, format v003",
        "objects         2 of 7.85 KiB",
        "promoted        1 by OCaml's own collector",
        "estimate        8.59 KiB were allocated in all, by 11 samples",
    ];
    lines.iter().for_each(|line| assert!(text.contains(line), "{line} is not in {text}"));
}

#[test]
fn a_trace_says_what_of_it_is_recorded_and_what_is_made_up() {
    let folder = Folder::new();
    let (capture, trace) = (imported("small.bin"), folder.path("small.trace"));
    let text = printed_for(&["import", &capture, "-o", &trace]);
    assert!(text.contains("recorded        sizes, order, lifetimes\n"), "{text}");
    assert!(text.contains("synthetic       references, stores, roots\n"), "{text}");
    let with_edges =
        ["import", &capture, "-o", &trace, "--edges", &imported("lox.heapsnapshot"), "--seed", "7"];
    let before = fs::read(&trace).expect("it was written");
    printed_for(&with_edges);
    let after = fs::read(&trace).expect("it was written");
    assert!(before.starts_with(b"\x89TENURE\n") && before != after);
    printed_for(&["import", &imported("lox.heapsnapshot"), "-o", &trace]);
}

#[test]
fn statistics_of_references_are_json() {
    let output = tenure(&["import", &imported("lox.heapsnapshot"), "--statistics"]);
    let statistics = document(&output);
    assert!(statistics["references"].as_u64().is_some_and(|references| references > 100), "{statistics}");
}

#[test]
fn files_that_cannot_be_imported_are_refused() {
    let folder = Folder::new();
    let (other, trace) = (folder.path("notes.txt"), folder.path("it.trace"));
    fs::write(&other, "# Notes").expect("it can be written");
    check_refused(
        &["import", &other, "-o", &trace],
        &format!("error: {other}: not a file that can be imported:"),
    );
    let cut = folder.path("cut.heapsnapshot");
    let whole = fs::read(imported("lox.heapsnapshot")).expect("it is there");
    fs::write(&cut, &whole[..20_000]).expect("it can be written");
    let message = format!("error: {cut}: line ");
    check_refused(&["import", &cut, "-o", &trace], &message);
    check_refused(&["run", &format!("snapshot:{cut}")], &message);
    assert!(!Path::new(&trace).exists(), "what is refused leaves no file");
    let capture = imported("small.bin");
    let message = format!("error: {capture}: not a heap snapshot: its format is memray capture of CPython");
    check_refused(&["run", &format!("snapshot:{capture}")], &message);
    check_refused(&["import", &capture, "--statistics"], &message);
    check_refused(&["import", &capture, "-o", &trace, "--edges", &capture], &message);
    check_refused(&["run", "it.heapsnapshot"], "error: invalid value 'it.heapsnapshot'");
}

/// The path of an example of a scenario.
fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../workloads/scenarios").join(name);
    format!("scenario:{}", path.display())
}

/// A scenario that takes milliseconds.
const SCENARIO: &str = "
[[object]]
name = \"Thing\"
kind = \"node\"
slots = 2
bytes = 8
lifetime = [{ share = 9, exponential = \"8KiB\" }, { constant = \"immortal\" }]

[[phase]]
length = \"1MiB\"
reads = 1
";

#[test]
fn a_scenario_is_run_and_reported_on_like_a_workload() {
    let folder = Folder::new();
    let file = format!("scenario:{}", folder.write("it.toml", SCENARIO));
    let run = |seed| tenure(&["run", &file, "--seed", seed, "--semi-space", "256KiB", "--clock", "modelled"]);
    let output = run("7");
    let report = printed(&output);
    assert!(report.starts_with("scenario:") && report.contains("seed=7"), "{report}");
    assert!(types_of(&output).iter().any(|line| line.trim_start().starts_with("Thing ")), "{report}");
    assert_eq!(stdout(&run("7")), report);
    assert_ne!(stdout(&run("8")).replace("seed=8", "seed=7"), report);
}

#[test]
fn a_scenario_that_is_not_right_is_refused_with_the_place() {
    let folder = Folder::new();
    let path = folder.write("it.toml", SCENARIO.replace("lifetime", "livetime"));
    let message =
        format!("error: {path}:7:1: unknown key `livetime` in [[object]]\n\n  tip: did you mean `lifetime`?");
    check_refused(&["run", &format!("scenario:{path}")], &message);
    check_refused(&["run", "scenario:nowhere.toml"], "error: cannot read nowhere.toml: ");
    check_refused(
        &["run", &example("web-server.toml"), "--set", "depth=3"],
        "error: in `--set`: there is no parameter `depth`; there are `seed`",
    );
    check_refused(&["run", "web-server.toml"], "error: invalid value 'web-server.toml'");
}

#[test]
fn a_script_prints_its_trace_and_what_held() {
    let folder = Folder::new();
    let path = folder.write("it.tenure", "a = node 0\nscavenge\nassert a age 1\n");
    assert_eq!(printed_for(&["script", &path]), "passed: 1 assert held, 1 pause\n");
    let output = tenure(&["script", &path, "--trace"]);
    assert!(printed(&output).starts_with("line 2: minor (requested)\n  copied   a\n"), "{output:?}");
}

#[test]
fn a_script_fails_with_1_and_is_refused_with_2() {
    let folder = Folder::new();
    let path = folder.write("false.tenure", "a = node 0\nscavenge; assert live 2\n");
    let output = tenure(&["script", &path, "--trace"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).starts_with("line 2: minor"), "what happened before is told");
    assert_eq!(stderr(&output), format!("error: {path}:2:11: `live` was expected to be 2, but is 1\n"));
    let path = folder.write("wrong.tenure", "a = nod 2\n");
    check_refused(
        &["script", &path],
        &format!("error: {path}:1:9: the end of the statement is expected, not `2`"),
    );
    check_refused(&["script", "nowhere.tenure"], "error: cannot read nowhere.tenure: ");
}

#[test]
fn lines_are_as_wide_as_columns_says_and_pipes_have_no_colours() {
    let widest = |columns: &str| {
        let mut command = command();
        let output = command.args(SMALL_RUN).args(["--clock", "modelled"]).env("COLUMNS", columns).output();
        let output = output.expect("the command starts");
        let report = printed(&output);
        assert!(!report.contains('\u{1b}'), "{report}");
        let over_time = report.lines().find(|line| line.contains("over time")).expect("there is the line");
        over_time.chars().count()
    };
    assert_eq!(widest("100"), widest("80") + 20);
    assert_eq!(widest("100000"), widest("120"));
    assert_eq!(widest("nonsense"), widest("80"));
}

#[test]
fn settings_are_found_that_keep_to_a_goal_and_confirmed() {
    let folder = Folder::new();
    let path = folder.path("chosen.toml");
    let small = ["predict", "ring", "--set", "window=500", "--set", "pushes=40000", "--repeat", "1"];
    let found = tenure(&[&small[..], &["--max-pause", "1s", "-o", &path]].concat());
    let table = printed(&found);
    for part in ["wanted: a p99 pause of at most 1 s", "* ", "chosen: semispaces of", "peak memory"] {
        assert!(table.contains(part), "{part} is not in {table}");
    }
    printed_for(&["run", "ring", "--set", "pushes=100", "--config", &path]);
    let output = tenure(&[&small[..], &["--max-pause", "1ns"]].concat());
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stdout(&output).contains("none of them keeps to that"), "{}", stdout(&output));
}
