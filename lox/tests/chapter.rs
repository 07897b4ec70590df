//! What `docs/putting-a-vm-on-tenure.md` says of the machine is so.

use gc_core::Config;
use gc_core::policy::NewSpaceSizing;
use gc_core::snapshot::{ObjectType, Snapshot};
use lox::{Failure, Vm};
use std::fs;
use std::path::Path;

/// A path below the directory of this crate.
fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a text")
}

fn page() -> String {
    read("../docs/putting-a-vm-on-tenure.md")
}

/// The blocks of a page that are in a language.
fn blocks<'p>(page: &'p str, language: &str) -> Vec<&'p str> {
    let blocks = page.split("```").skip(1).step_by(2);
    blocks.filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n')).collect()
}

/// All code of the machine and of its tests.
fn code() -> String {
    let mut code = String::new();
    for directory in ["src", "tests"] {
        add_code(&Path::new(env!("CARGO_MANIFEST_DIR")).join(directory), &mut code);
    }
    code
}

fn add_code(directory: &Path, code: &mut String) {
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            add_code(&path, code);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            code.push_str(&read(path));
        }
    }
}

/// A machine that has executed a program with an object of every type of the language.
fn machine_with_objects() -> Vm {
    const PROGRAM: &str = "
        class Point { init(x, y) { this.x = x; this.y = y; } sum() { return this.x + this.y; } }
        var point = Point(1, 2);
        var bound = point.sum;
        fun counter() { var n = 0; fun next() { n = n + 1; return n; } return next; }
        var next = counter();
        next();
    ";
    let mut vm = Vm::new(Config::default()).expect("default settings");
    vm.interpret(PROGRAM, &mut Vec::new()).expect("it runs");
    vm
}

/// The type of the language's objects that is called `name`, and the size of each object of it.
fn type_and_bytes<'s>(snapshot: &'s Snapshot, name: &str) -> (&'s ObjectType, u64) {
    let is_it =
        |full: &str| full.split("<'_>").next().is_some_and(|path| path.ends_with(&format!("::{name}")));
    let census = snapshot.census();
    let mut found =
        census.iter().filter(|total| is_it(total.of.name()) && total.of.name().starts_with("lox::"));
    let total = found.next().unwrap_or_else(|| panic!("no {name}"));
    assert!(found.next().is_none(), "two types are called {name}");
    (total.of, total.bytes / total.count)
}

#[test]
fn quotes_are_in_the_code() {
    let (page, code) = (page(), code());
    let quotes = blocks(&page, "rust");
    assert!(quotes.len() >= 20, "{} quotes", quotes.len());
    let wrong: Vec<&str> = quotes.into_iter().filter(|quote| !code.contains(quote)).collect();
    assert!(wrong.is_empty(), "not in the code:\n{}", wrong.join("\n"));
}

/// The lines `Name | header 8 | field 4 | ... | 24` of the page.
#[test]
fn objects_are_as_they_are_drawn() {
    let (page, mut vm) = (page(), machine_with_objects());
    let snapshot = vm.snapshot();
    let mut drawn = 0;
    for line in page.lines() {
        let boxes: Vec<&str> = line.split('|').map(str::trim).collect();
        let [name, "header 8", fields @ .., bytes] = &boxes[..] else { continue };
        let Ok(bytes) = bytes.parse::<u64>() else { continue };
        let (of, real_bytes) = type_and_bytes(&snapshot, name);
        let mut fields: Vec<String> = fields.iter().map(|&field| field.into()).collect();
        let mut real: Vec<String> =
            of.fields().iter().map(|field| format!("{} {}", field.name, field.size_bytes)).collect();
        // Rust may put them in any order.
        fields.sort();
        real.sort();
        assert_eq!((fields, bytes), (real, real_bytes), "{name}");
        drawn += 1;
    }
    assert_eq!(drawn, 9, "objects");
}

#[test]
fn programs_do_what_their_comments_say() {
    let page = page();
    let programs = blocks(&page, "lox");
    assert!(programs.len() >= 2, "{} programs", programs.len());
    let new_space = NewSpaceSizing { max_bytes: 1 << 20, ..NewSpaceSizing::default() };
    let small = Config { new_space, max_old_bytes: 4 << 20, ..Config::default() };
    let mut vm = Vm::new(small).expect("a heap can be so small");
    for program in programs {
        let expected = |what: &str| {
            let lines = program.lines().filter_map(|line| line.split_once(what));
            lines.map(|(_, text)| format!("{text}\n")).collect::<String>()
        };
        let mut printed = Vec::new();
        let error = match vm.interpret(program, &mut printed) {
            Ok(()) => String::new(),
            Err(Failure::Runtime(error)) => format!("{}\n", error.message),
            Err(failure) => panic!("{failure}:\n{program}"),
        };
        assert_eq!(String::from_utf8(printed).expect("it is text"), expected("// expect: "), "in {program}");
        assert_eq!(error, expected("// expect runtime error: "), "in {program}");
    }
    vm.verify().expect("the heap is whole");
}

#[test]
fn so_many_scripts_are_there() {
    fn count(directory: &Path) -> usize {
        let paths =
            fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path());
        paths
            .map(|path| match path.is_dir() {
                true => count(&path),
                false => usize::from(path.extension().is_some_and(|extension| extension == "lox")),
            })
            .sum()
    }
    let scripts = count(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts"));
    assert!(page().contains(&format!("There are {scripts} programs")), "{scripts} scripts");
}
