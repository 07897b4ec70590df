//! The commands of `docs/reports.md` and `docs/sweeps.md`, as their readers type them.

#![cfg(unix)]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// The lines of the first block of shell commands.
fn commands(page: &str) -> Vec<&str> {
    let block = page.split("```sh\n").nth(1).expect("there is a block of commands");
    block.split("```").next().expect("the block ends").lines().collect()
}

/// Checks that the commands of a page work, where `files` are, with what is in them.
fn check(page: &str, files: &[(&str, &str)]) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("docs-{page}-{}", std::process::id()));
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(page);
    let page = fs::read_to_string(page).expect("the page is there");
    fs::create_dir_all(&folder).expect("the folder can be made");
    files.iter().for_each(|(name, text)| fs::write(folder.join(name), text).expect("there is room"));
    let tenure = Path::new(env!("CARGO_BIN_EXE_tenure")).parent().expect("it lies in a folder");
    let path = format!("{}:{}", tenure.display(), env::var("PATH").unwrap_or_default());
    let commands = commands(&page);
    assert!(commands.len() > 3, "{commands:?}");
    for line in commands {
        let output = Command::new("sh").args(["-c", line]).current_dir(&folder).env("PATH", &path).output();
        let output = output.expect("there is a shell");
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }
    fs::remove_dir_all(&folder).expect("the folder is ours");
}

#[test]
fn the_commands_of_the_page_on_reports_work() {
    check("reports.md", &[]);
}

#[test]
fn the_commands_of_the_page_on_sweeps_work_with_its_file() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/sweeps.md");
    let page = fs::read_to_string(page).expect("the page is there");
    let file = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
    check("sweeps.md", &[("sizes.toml", file.expect("the page has a file"))]);
}
