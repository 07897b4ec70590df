//! `tenure sweep` as its users see it: plans, shards that are killed at any moment, and what is merged of them.

#![cfg(unix)]

use crate::support::{self, Folder, printed, stderr, stdout};
use heap_viz::sweep::{CellStore, Hash};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

/// Sixteen cells of a few milliseconds each, whose heaps are told as multiples of the least.
const SIZES: &str = r#"
seeds = [1, 2]
heap = { sizes = ["1x", "2x"], use = "all" }

[[workload]]
name = "ring"
[workload.set]
window = 300
pushes = 4000

[[config]]
name = "default"
[config.set]
new_space.max = ["256KiB", "512KiB"]
promotion.age = [0, 1]
"#;

/// A folder with a file of a sweep, and the plan that was made of it.
fn planned(text: &str) -> Folder {
    let folder = Folder::new();
    folder.write("sizes.toml", text);
    succeeds(&sweep(&folder, &["plan", "sizes.toml", "--shards", "4"]));
    folder
}

fn command(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = support::command();
    command.arg("sweep").args(arguments).current_dir(folder.root());
    command
}

fn sweep(folder: &Folder, arguments: &[&str]) -> Output {
    command(folder, arguments).output().expect("the command starts")
}

/// Runs a part into a folder of its own, and says what was told of it.
fn run(folder: &Folder, arguments: &[&str]) -> String {
    succeeds(&sweep(folder, &[&["run", "sizes.plan"], arguments].concat()))
}

/// What the modelled clock tells of the cells in `results`.
fn merged(folder: &Folder, results: &[&str]) -> [Vec<u8>; 2] {
    let results = results.iter().flat_map(|folder| ["--results", folder]);
    let arguments: Vec<_> = ["merge", "sizes.plan", "-o", "merged"].into_iter().chain(results).collect();
    succeeds(&sweep(folder, &arguments));
    ["merged/cells.parquet", "merged/histograms.parquet"].map(|name| folder.bytes(name))
}

/// Every file below the folder of that name, with when it was last written.
fn files(folder: &Folder, name: &str) -> BTreeMap<PathBuf, SystemTime> {
    let mut files = BTreeMap::new();
    collect(&folder.root().join(name), &mut files);
    files
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, SystemTime>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.expect("the folder can be read").path()) {
        if path.is_dir() {
            collect(&path, files);
        } else if let Ok(written) = path.metadata().and_then(|metadata| metadata.modified()) {
            files.insert(path, written);
        }
    }
}

/// What a command that must succeed says.
#[track_caller]
fn succeeds(output: &Output) -> String {
    printed(output);
    stderr(output).into()
}

/// Checks the exit code of a command that must fail, and how what it says starts; the rest of that.
#[track_caller]
fn fails(output: &Output, code: i32, message: &str) -> String {
    let said = stderr(output);
    assert_eq!((output.status.code(), stdout(output)), (Some(code), ""), "{said}");
    assert!(said.starts_with(message), "{said}");
    said.into()
}

#[test]
fn one_shard_and_many_in_any_order_on_several_machines_come_to_the_same_bytes() {
    let folder = planned(SIZES);
    assert!(
        run(&folder, &["--results", "whole"]).starts_with("shard 1/1: 16 cells, 0 done before, 16 run in ")
    );
    for (place, shard) in [("here", "3/3"), ("there", "1/3"), ("here", "2/3")] {
        run(&folder, &["--results", place, "--shard", shard, "--threads", "1"]);
    }
    let whole = merged(&folder, &["whole"]);
    assert_eq!(merged(&folder, &["here", "there"]), whole);
    assert_eq!(merged(&folder, &["there", "here", "whole"]), whole);
    let page = folder.text("merged/sweep.html");
    assert!(page.contains("</html>"));
}

/// Waits until `folder` has as many whole cells, or the process has ended.
fn wait_for(folder: &Folder, cells: usize, process: &mut Child) {
    while process.try_wait().expect("it is ours").is_none() && whole(&files(folder, "killed")).len() < cells {
        sleep(Duration::from_micros(300));
    }
}

fn whole(files: &BTreeMap<PathBuf, SystemTime>) -> BTreeMap<PathBuf, SystemTime> {
    let is_whole =
        |path: &Path| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    files.iter().filter(|(path, _)| is_whole(path)).map(|(path, written)| (path.clone(), *written)).collect()
}

#[test]
fn a_run_that_is_killed_at_any_moment_loses_no_cell_and_repeats_none() {
    let folder = planned(SIZES);
    run(&folder, &["--results", "whole"]);
    let mut before = BTreeMap::new();
    // Moments that differ: after so many more cells, and so many microseconds.
    for (cells, microseconds) in [(0, 0), (0, 9_000), (1, 0), (1, 700), (2, 1_900), (3, 300), (1, 2_700)] {
        let arguments = ["run", "sizes.plan", "--results", "killed", "--resume", "--threads", "2"];
        let mut process = command(&folder, &arguments).stderr(Stdio::null()).spawn().expect("it starts");
        wait_for(&folder, before.len() + cells, &mut process);
        sleep(Duration::from_micros(microseconds));
        // SIGKILL.
        process.kill().expect("it is ours");
        process.wait().expect("it is ours");
        let after = whole(&files(&folder, "killed"));
        assert!(
            before.iter().all(|(path, written)| after.get(path) == Some(written)),
            "a cell was run again"
        );
        before = after;
    }
    let said = run(&folder, &["--results", "killed", "--resume"]);
    let (done, left) = (before.len(), 16 - before.len());
    assert!(said.starts_with(&format!("shard 1/1: 16 cells, {done} done before, {left} run in ")), "{said}");
    let after = files(&folder, "killed");
    assert!(before.iter().all(|(path, written)| after.get(path) == Some(written)), "a cell was run again");
    assert_eq!((after.len(), whole(&after).len()), (16, 16), "nothing unfinished is left");
    assert_eq!(merged(&folder, &["killed"]), merged(&folder, &["whole"]));
}

#[test]
fn a_part_that_is_missing_is_told_with_how_to_run_it() {
    let folder = planned(SIZES);
    for shard in ["1/4", "2/4", "4/4"] {
        run(&folder, &["--shard", shard]);
    }
    let said = fails(&sweep(&folder, &["merge", "sizes.plan"]), 1, "error: 4 cells missing\n  missing: ");
    assert_eq!(said.matches("\n  missing: ").count(), 4, "{said}");
    assert!(said.contains("ring: heap ") && said.ends_with("tip: run again with --shard 3/4\n"), "{said}");
    assert!(!folder.root().join("sizes.merged").exists());
}

#[test]
fn cells_in_conflict_are_told_with_both_files() {
    let folder = planned(SIZES);
    run(&folder, &["--results", "one"]);
    run(&folder, &["--results", "other"]);
    let paths: Vec<_> = files(&folder, "other").into_keys().collect();
    // As a tenure would write it that does other work.
    let store = CellStore::new(folder.root().join("other"));
    let mut result = store.read(&cell_of(&paths[0])).expect("it is whole").expect("it is there");
    result.modelled.as_mut().expect("it is of the modelled clock").operations += 1;
    store.write(&result).expect("there is room");
    let merge = ["merge", "sizes.plan", "--results", "one", "--results", "other"];
    let said = fails(&sweep(&folder, &merge), 1, "error: 1 cell in conflict\n  in conflict: ");
    assert!(
        said.contains(" differ in operations\n") && said.contains("other/") && said.contains("one/"),
        "{said}"
    );
    assert!(
        said.contains("\n  tip: of files in conflict one was run by a tenure that is not the same"),
        "{said}"
    );
    for place in ["one", "other"] {
        let file = paths[1].strip_prefix(folder.root().join("other")).expect("it lies there");
        fs::remove_file(folder.root().join(place).join(file)).expect("it is there");
    }
    let said = fails(&sweep(&folder, &merge), 1, "error: 1 cell missing, 1 cell in conflict\n");
    assert!(
        said.contains("\n  tip: run again with --shard ") && said.contains("; of files in conflict"),
        "{said}"
    );
}

/// The cell that a file is named after.
fn cell_of(path: &Path) -> Hash {
    let name = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
    Hash::try_from(name).expect("it is named after a cell")
}

#[test]
fn a_cell_that_was_changed_by_hand_is_neither_merged_nor_done() {
    let folder = planned(SIZES);
    run(&folder, &[]);
    let path = files(&folder, "sizes.cells").into_keys().next().expect("there are cells");
    let text = fs::read_to_string(&path).expect("it is there");
    fs::write(&path, text.replacen("\"operations\":4000", "\"operations\":4001", 1)).expect("there is room");
    let said = fails(&sweep(&folder, &["merge", "sizes.plan"]), 1, "error: 1 cell unreadable\n");
    assert!(said.contains("it is not as `tenure sweep run` has written it"), "{said}");
    let said = run(&folder, &[]);
    assert!(said.contains("it is made again") && said.contains("15 done before, 1 run in "), "{said}");
    assert_eq!(fs::read_to_string(&path).expect("it is there").matches("\"operations\":4000").count(), 1);
    fs::remove_file(&path).expect("it is there");
    fs::create_dir(&path).expect("there is room");
    let said = fails(&sweep(&folder, &["run", "sizes.plan"]), 2, "error: sizes.cells");
    assert!(said.contains("it is a folder, where the file of a cell belongs: remove it"), "{said}");
}

#[test]
fn sizes_that_come_to_the_same_heap_are_run_once_and_keep_their_names() {
    let text = SIZES.replace("\"1x\", \"2x\"", "\"0.98x\", \"1x\", \"2x\"");
    let folder = Folder::new();
    folder.write("sizes.toml", &text);
    let said = succeeds(&sweep(&folder, &["plan", "sizes.toml"]));
    assert!(said.contains("24 cells, 8 of which are the same runs as others, called otherwise; "), "{said}");
    assert!(run(&folder, &[]).starts_with("shard 1/1: 16 cells, 0 done before, 16 run in "));
    let merged = sweep(&folder, &["merge", "sizes.plan"]);
    let table = printed(&merged);
    assert!(table.starts_with("24 cells, 12 points\n8 cells are the same runs as others"), "{table}");
    for size in ["0.98x", "1x", "2x"] {
        assert_eq!(table.matches(&format!("heap {size},")).count(), 4, "{table}");
    }
}

#[test]
fn the_least_heap_is_found_with_the_settings_of_the_first_configuration() {
    let folder = Folder::new();
    let least = |set: &str| {
        let text = SIZES.replace("window = 300", "window = 2000");
        folder.write("sizes.toml", text.replace("new_space.max = [", &format!("{set}\nnew_space.max = [")));
        sweep(&folder, &["plan", "sizes.toml"])
    };
    succeeds(&least(""));
    let message =
        "error: there is no least heap for ring: it needs more than 1048576 bytes of old generation";
    fails(&least("heap.max_old = \"1MiB\""), 1, message);
}

#[test]
fn a_plan_of_another_build_is_run_only_if_that_is_said() {
    let folder = planned(SIZES);
    // The same program to whoever runs it, and other bytes.
    let other = folder.root().join("tenure-other");
    // Not written by this process: one that another test starts meanwhile would have the file open, which then cannot run.
    let script = "cp \"$0\" tenure-other && echo >> tenure-other";
    let copy = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_tenure")])
        .current_dir(folder.root())
        .status();
    assert!(copy.expect("there is a shell").success());
    let run_other = |arguments: &[&str]| {
        let mut command = Command::new(&other);
        command.args(["sweep", "run", "sizes.plan"]).args(arguments).current_dir(folder.root());
        command.output().expect("the command starts")
    };
    let said = fails(&run_other(&[]), 2, "error: sizes.plan was made by another build of tenure ");
    assert!(said.contains("tip: make the plan again") && said.contains("--any-build"), "{said}");
    succeeds(&run_other(&["--any-build", "--shard", "1/2"]));
    assert!(run(&folder, &[]).contains("8 done before, 8 run in "));
    let both = merged(&folder, &["sizes.cells"]);
    run(&folder, &["--results", "whole"]);
    assert_eq!(merged(&folder, &["whole"]), both);
}

#[test]
fn a_damaged_cell_is_made_again() {
    let folder = planned(SIZES);
    run(&folder, &[]);
    let whole = merged(&folder, &["sizes.cells"]);
    let path = files(&folder, "sizes.cells").into_keys().next().expect("there are cells");
    fs::write(&path, "{\"schema\":").expect("there is room");
    fails(&sweep(&folder, &["merge", "sizes.plan"]), 1, "error: 1 cell unreadable");
    let said = run(&folder, &[]);
    assert!(said.contains("it is made again") && said.contains("15 done before, 1 run in "), "{said}");
    assert_eq!(merged(&folder, &["sizes.cells"]), whole);
}

#[test]
fn batch_systems_tell_the_shard() {
    let folder = planned(SIZES);
    let run_with = |variables: &[(&str, &str)]| {
        let mut command = command(&folder, &["run", "sizes.plan"]);
        command.envs(variables.iter().copied()).output().expect("the command starts")
    };
    assert!(succeeds(&run_with(&[("HQ_TASK_ID", "2")])).starts_with("shard 2/4: "));
    let slurm = [("SLURM_ARRAY_TASK_ID", "1"), ("SLURM_ARRAY_TASK_MIN", "0"), ("SLURM_ARRAY_TASK_MAX", "7")];
    assert!(succeeds(&run_with(&slurm)).starts_with("shard 2/8: "));
    let message =
        "error: HyperQueue has set HQ_TASK_ID: there is no shard 0 of 4: they count from 1\n\n  tip: ";
    fails(&run_with(&[("HQ_TASK_ID", "0")]), 2, message);
    let message = "error: HyperQueue has set HQ_TASK_ID: \"abc\" is no number of a shard\n\n  tip: ";
    assert!(fails(&run_with(&[("HQ_TASK_ID", "abc")]), 2, message).contains("or say --shard"));
}

#[test]
fn what_machines_measure_lies_in_files_of_its_own() {
    let text = format!("clocks = [\"modelled\", \"measured\"]\n{}", SIZES.replace("[1, 2]", "1"));
    let folder = planned(&text);
    run(&folder, &["--results", "one"]);
    run(&folder, &["--results", "other", "--shard", "1/2"]);
    run(&folder, &["--results", "other", "--shard", "2/2"]);
    assert_eq!(merged(&folder, &["one"]), merged(&folder, &["other"]), "no time of a machine is in them");
    let wall = folder.bytes("merged/wall_cells.parquet");
    assert_ne!(merged(&folder, &["one"])[0], wall);
    assert!(folder.root().join("merged/wall_histograms.parquet").is_file());
}

#[test]
fn a_sample_is_drawn_of_ranges_and_runs() {
    let text = r#"
        sample = { kind = "latin-hypercube", cells = 10, seed = 7 }
        seeds = [1, 2]
        heap = { sizes = { from = "1x", to = "4x" } }
        [[workload]]
        name = "ring"
        set = { window = { from = 100, to = 400 }, pushes = 3000 }
        [[config]]
        name = "sized"
        set = { new_space.max = { from = "256KiB", to = "4MiB", scale = "log" } }
        [[config]]
        name = "v8"
        preset = "v8-node20"
    "#;
    let folder = planned(text);
    assert!(run(&folder, &[]).starts_with("shard 1/1: 10 cells, "));
    let first = folder.bytes("sizes.plan");
    succeeds(&sweep(&folder, &["plan", "sizes.toml", "--shards", "4"]));
    assert_eq!(folder.bytes("sizes.plan"), first, "a plan is the same when it is made again");
    merged(&folder, &["sizes.cells"]);
}

#[test]
fn a_file_that_has_changed_since_the_plan_is_told() {
    let folder = Folder::new();
    let scenario = "[[object]]\nname = \"it\"\nkind = \"node\"\nlifetime = { constant = 1000 }\n[[phase]]\nlength = 100000\n";
    folder.write("server.toml", scenario);
    folder.write("sizes.toml", "[[workload]]\nname = \"scenario:server.toml\"\n");
    succeeds(&sweep(&folder, &["plan", "sizes.toml"]));
    run(&folder, &["--results", "before"]);
    folder.write("server.toml", scenario.replace("1000 }", "2000 }"));
    let message = "error: the plan does not fit any more: server.toml has changed (";
    let said = fails(&sweep(&folder, &["run", "sizes.plan"]), 2, message);
    assert!(said.contains("tip: make the plan again"), "{said}");
}

#[test]
fn a_plan_that_was_changed_is_neither_run_nor_merged() {
    let folder = planned(SIZES);
    run(&folder, &[]);
    let plan = folder.text("sizes.plan");
    let check = |plan: &str, message: &str| {
        folder.write("edited.plan", plan);
        for command in ["run", "merge"] {
            let output = sweep(&folder, &[command, "edited.plan", "--results", "sizes.cells"]);
            let said = fails(&output, 2, &format!("error: edited.plan: {message}"));
            assert!(said.contains("tip: make the plan with `tenure sweep plan FILE`"), "{said}");
        }
    };
    let line = plan.lines().nth(2).expect("there are 16 cells");
    let edited = line.replace("\"pushes\":4000", "\"pushes\":9999");
    check(&plan.replace(line, &edited), "line 3: the line is not as `tenure sweep plan` has written it\n");
    let version = format!("\"version\":\"{}\"", env!("CARGO_PKG_VERSION"));
    check(&plan.replace(&version, "\"version\":\"0.0.9\""), "line 1: the plan is of tenure 0.0.9, ");
    check(&plan[..plan.len() - 60], "line 17: the line is cut off\n");
    check("seeds = 1\n", "line 1: this is no plan of a sweep\n");
}

#[test]
fn mistakes_are_told_with_their_place() {
    let folder = Folder::new();
    let check = |arguments: &[&str], message: &str| {
        fails(&sweep(&folder, arguments), 2, &format!("error: {message}"));
    };
    folder.write("bad.toml", "[[workload]]\nname = \"ring\"\n[workload.set]\nwindow = 0\n");
    check(&["plan", "bad.toml"], "bad.toml:4:10: `workload.set.window` is 0, but must lie between 1 and ");
    folder.write(
        "bad.toml",
        "[[workload]]\nname = \"ring\"\n[[config]]\nname = \"it\"\nfile = \"none.toml\"\n",
    );
    check(&["plan", "bad.toml"], "cannot read none.toml: ");
    folder.write(
        "bad.toml",
        "[[workload]]\nname = \"ring\"\n[[config]]\nname = \"it\"\n[config.set]\npromotion.age = 99\n",
    );
    check(&["plan", "bad.toml"], "bad.toml:6:17: `promotion.age` is 99, but must lie between 0 and 15");
    folder.write(
        "bad.toml",
        "[[workload]]\nname = \"ring\"\n[[config]]\nname = \"a\"\n[[config]]\nname = \"a\"\n",
    );
    check(&["plan", "bad.toml"], "bad.toml:6:8: there are two configurations called `a`");
    folder.write("bad.toml", "[[workload]]\nname = \"ring\"\n[heap]\nsizes = [\"16MiB\", \"0MiB\"]\n");
    check(&["plan", "bad.toml"], "bad.toml:4:9: `heap.sizes` is 0, but must lie between 256KiB and 28GiB");
    check(&["plan", "bad.toml", "-o", "bad.toml"], "bad.toml would be replaced, which is read too");
    check(&["run", "bad.toml"], "bad.toml: line 1: ");
    check(&["run", "none.plan"], "cannot read none.plan: ");
    folder.write("sizes.toml", "[[workload]]\nname = \"ring\"\n");
    succeeds(&sweep(&folder, &["plan", "sizes.toml"]));
    check(&["merge", "sizes.plan"], "cannot read sizes.cells: ");
    check(&["run", "sizes.plan", "--results", "sizes.toml"], "cannot write sizes.toml: not a directory\n");
    check(
        &["run", "sizes.plan", "--threads", "0"],
        "invalid value '0' for '--threads <N>': it must be a whole number, of at least 1",
    );
    check(
        &["run", "sizes.plan", "--shard", "5/4"],
        "invalid value '5/4' for '--shard <I/N>': there is no shard 5 of 4: they count from 1",
    );
}
