//! The commands of some pages of `docs`, as their readers type them.

#![cfg(unix)]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// The lines of the first block of shell commands.
fn commands(page: &str) -> Vec<&str> {
    let block = page.split("```sh\n").nth(1).expect("there is a block of commands");
    block.split("```").next().expect("the block ends").lines().collect()
}

#[test]
fn the_commands_of_the_page_on_reports_work() {
    check_commands("reports.md");
}

#[test]
fn the_commands_of_the_page_on_snapshots_work() {
    check_commands("snapshots.md");
}

#[track_caller]
fn check_commands(name: &str) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name);
    let page = fs::read_to_string(page).expect("the page is there");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("docs-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder can be made");
    let tenure = Path::new(env!("CARGO_BIN_EXE_tenure")).parent().expect("it lies in a folder");
    let path = format!("{}:{}", tenure.display(), env::var("PATH").unwrap_or_default());
    let commands = commands(&page);
    assert!(commands.len() >= 8, "{commands:?}");
    for line in commands {
        let output = Command::new("sh").args(["-c", line]).current_dir(&folder).env("PATH", &path).output();
        let output = output.expect("there is a shell");
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }
    fs::remove_dir_all(&folder).expect("the folder is ours");
}
