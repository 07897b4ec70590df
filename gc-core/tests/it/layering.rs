//! The shape of the source: imports go downward, files stay short and say what they are, unsafe code has one
//! place.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What each module may import from the crate, besides itself.
const LAYERS: [(&str, &[&str]); 16] = [
    ("clock", &["event"]),
    ("event", &["clock", "policy"]),
    ("policy", &["clock", "event"]),
    ("fault", &[]),
    ("memory", &["clock", "event", "policy", "fault"]),
    ("object", &["clock", "event", "policy", "fault", "memory"]),
    ("space", &["clock", "event", "policy", "fault", "memory", "object"]),
    ("collect", &["clock", "event", "policy", "fault", "memory", "object", "space"]),
    ("record", &["object", "heap"]),
    (
        "heap",
        &[
            "clock", "event", "policy", "fault", "memory", "object", "space", "collect", "record", "verify",
            "map",
        ],
    ),
    (
        "arena",
        &["clock", "event", "policy", "fault", "memory", "object", "heap", "record", "verify", "snapshot"],
    ),
    ("reach", &["memory", "object"]),
    (
        "verify",
        &["clock", "event", "policy", "fault", "memory", "object", "space", "collect", "heap", "reach"],
    ),
    ("map", &["memory", "object", "space", "collect", "heap", "snapshot"]),
    ("snapshot", &["memory", "object", "space", "heap", "reach"]),
    ("message", &["memory", "object", "heap", "reach"]),
];

/// Most lines that a file may have.
const MAX_LINES: usize = 800;

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// All files of the source with their texts, by path from the source's folder.
fn files() -> Vec<(PathBuf, String)> {
    let (mut folders, mut files) = (vec![source()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).expect("a text");
                files.push((path.strip_prefix(source()).expect("inside").to_owned(), text));
            }
        }
    }
    assert!(files.len() > 30, "{} files", files.len());
    files
}

/// The module of the crate that a file belongs to.
fn module(path: &Path) -> String {
    let first = path.iter().next().expect("a name").to_str().expect("a name");
    first.trim_end_matches(".rs").to_owned()
}

/// The lines of code, without comments and attributes.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default().trim())
        .filter(|line| !line.starts_with("#[") && !line.starts_with("#!["))
}

/// The words of a line.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
}

/// The modules of the crate that a text names.
fn imports(text: &str) -> BTreeSet<&str> {
    let after_crate = code(text).flat_map(|line| line.split("crate::").skip(1));
    after_crate.filter_map(|rest| words(rest).next()).collect()
}

#[test]
fn imports_go_downward_only() {
    for (path, text) in files() {
        let module = module(&path);
        if module == "lib" {
            continue;
        }
        let layer = LAYERS.iter().find(|(name, _)| *name == module);
        let (_, allowed) = layer.unwrap_or_else(|| panic!("{} belongs to no layer", path.display()));
        for import in imports(&text) {
            let is_allowed = import == module || allowed.contains(&import);
            assert!(is_allowed, "{} imports `{import}`", path.display());
        }
    }
}

#[test]
fn every_import_that_is_allowed_names_a_module() {
    let modules: BTreeSet<String> = files().iter().map(|(path, _)| module(path)).collect();
    for (name, allowed) in LAYERS {
        assert!(modules.contains(name), "`{name}` is gone");
        assert!(allowed.iter().all(|import| modules.contains(*import)));
    }
}

#[test]
fn no_file_is_long() {
    for (path, text) in files() {
        let lines = text.lines().count();
        assert!(lines <= MAX_LINES, "{} has {lines} lines", path.display());
    }
}

#[test]
fn every_file_starts_by_saying_what_it_is() {
    for (path, text) in files() {
        assert!(text.starts_with("//! "), "{} does not", path.display());
    }
}

#[test]
fn unsafe_code_is_in_the_memory_module_and_the_typed_face_only() {
    for (path, text) in files() {
        let has_unsafe = code(&text).flat_map(words).any(|word| word == "unsafe");
        let is_place = ["memory", "arena"].contains(&module(&path).as_str());
        assert!(!has_unsafe || is_place, "{} has unsafe code", path.display());
    }
}
