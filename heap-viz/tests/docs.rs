//! The commands of `docs/reports.md` and `docs/sweeps.md`, as their readers type them.

#![cfg(unix)]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name);
    fs::read_to_string(path).expect("the page is there")
}

/// The first block of a page in this language.
fn block<'p>(page: &'p str, language: &str) -> &'p str {
    let block = page.split(&format!("```{language}\n")).nth(1).expect("there is such a block");
    block.split("```").next().expect("the block ends")
}

/// Checks that the commands of a page work, in a folder with a file of this name; what the last of them prints.
fn last_printed(page: &str, (file, content): (&str, &str)) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("docs-{file}-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder can be made");
    fs::write(folder.join(file), content).expect("there is room");
    let tenure = Path::new(env!("CARGO_BIN_EXE_tenure")).parent().expect("it lies in a folder");
    let path = format!("{}:{}", tenure.display(), env::var("PATH").unwrap_or_default());
    let mut printed = Vec::new();
    for line in block(page, "sh").lines() {
        let output = Command::new("sh").args(["-c", line]).current_dir(&folder).env("PATH", &path).output();
        let output = output.expect("there is a shell");
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        printed = output.stdout;
    }
    fs::remove_dir_all(&folder).expect("the folder is ours");
    String::from_utf8(printed).expect("what is printed is UTF-8")
}

#[test]
fn the_commands_of_the_page_on_reports_work() {
    let page = page("reports.md");
    assert!(block(&page, "sh").lines().count() > 8, "{page}");
    last_printed(&page, ("unused", ""));
}

#[test]
fn the_page_on_sweeps_shows_what_its_commands_make_of_its_file() {
    let page = page("sweeps.md");
    let printed = last_printed(&page, ("sizes.toml", block(&page, "toml")));
    assert_eq!(printed, block(&page, "text"));
}
