//! The library reports on events, snapshots and maps and never changes a heap; only the command runs anything.

use std::fs;
use std::path::{Path, PathBuf};

/// All sources below `folder`, without the command's and tests.
fn library_sources(folder: &Path, sources: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() && !path.ends_with("src/cli") {
            library_sources(&path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !path.ends_with("main.rs")
            && !path.ends_with("tests.rs")
        {
            sources.push(path);
        }
    }
}

/// Watchers look at heaps, and cannot change them.
fn is_of_watchers(line: &str) -> bool {
    let seen = ["Glimpse", "{Glimpse, Moment, Watcher}", "{Glimpse, Watcher}"];
    seen.iter().any(|names| line == format!("use gc_core::{names};"))
}

#[test]
fn the_library_knows_nothing_of_the_collector_but_what_it_tells() {
    let mut sources = Vec::new();
    library_sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
    assert!(sources.len() > 10, "the sources are found");
    for path in sources {
        let text = fs::read_to_string(&path).expect("a source is text");
        let told = ["event", "snapshot", "map"].map(|module| format!("gc_core::{module}::"));
        for (index, line) in
            text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with("use "))
        {
            let allowed = !line.contains("workloads::")
                && !line.contains("lox::")
                && (!line.contains("gc_core::")
                    || told.iter().any(|module| line.contains(module))
                    || is_of_watchers(line))
                && !line.contains("cli::");
            assert!(allowed, "{}:{}: {line}", path.display(), index + 1);
        }
    }
}
