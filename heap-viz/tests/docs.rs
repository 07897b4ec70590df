//! The commands of pages, as their readers type them.

#![cfg(unix)]

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// The lines of the first block of shell commands.
fn commands(page: &str) -> Vec<&str> {
    let block = page.split("```sh\n").nth(1).expect("there is a block of commands");
    block.split("```").next().expect("the block ends").lines().collect()
}

/// Runs the commands of a page, which are `least` at least, as someone in the repository would.
#[track_caller]
fn check_commands(page: &str, least: usize) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join("docs").join(page)).expect("the page is there");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{page}-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder can be made");
    symlink(root.join("benches"), folder.join("benches")).expect("the folder is empty");
    let tenure = Path::new(env!("CARGO_BIN_EXE_tenure")).parent().expect("it lies in a folder");
    let path = format!("{}:{}", tenure.display(), env::var("PATH").unwrap_or_default());
    let commands = commands(&text);
    assert!(commands.len() >= least, "{commands:?}");
    for line in commands {
        let output = Command::new("sh").args(["-c", line]).current_dir(&folder).env("PATH", &path).output();
        let output = output.expect("there is a shell");
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }
    fs::remove_dir_all(&folder).expect("the folder is ours");
}

#[test]
fn the_commands_of_the_page_on_reports_work() {
    check_commands("reports.md", 9);
}

#[test]
fn the_commands_of_the_page_on_benchmarks_work() {
    check_commands("benchmarks.md", 2);
}
