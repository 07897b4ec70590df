//! Scenarios that are read, and mistakes in them.

use super::keys::{GRAPH, INITIAL, LAW, LOG_NORMAL, OBJECT, PHASE, Section, TOP, WEIBULL};
use super::scenario;
use crate::cli::failure::Failure;
use crate::cli::toml_file::TomlFile;
use gc_core::event::Nanos;
use gc_core::{Config, Heap, Stress};
use proptest::prelude::proptest;
use std::fs;
use std::path::{Path, PathBuf};
use workloads::Workload;
use workloads::scenario::{Body, Bounded, Choice, Idle, Law, Lifetime, Scenario, Synthetic, Time, Weighted};

const OBJECT_LINES: &str = "[[object]]\nname = \"it\"\nkind = \"bytes\"\nlifetime = 100\n";
const PHASE_LINES: &str = "[[phase]]\nlength = \"1MiB\"\n";

fn read(text: &str) -> Result<Scenario, Failure> {
    let file = TomlFile::of("it.toml", text);
    scenario(&file).map_err(|mistake| file.failure(mistake))
}

/// Checks the message and the tip for a scenario with a mistake.
#[track_caller]
fn check(text: &str, message: &str, expected_tip: Option<&str>) {
    let failure = read(text).expect_err("the scenario has a mistake");
    assert_eq!(failure.to_string(), message);
    assert!(
        matches!(&failure, Failure::TomlFile { tip, .. } if tip.as_deref() == expected_tip),
        "{failure:?}"
    );
}

/// Checks the message for a scenario whose object has a mistake in its fifth line, which is given.
#[track_caller]
fn check_line(line: &str, message: &str) {
    check(&format!("{OBJECT_LINES}{line}\n{PHASE_LINES}"), &format!("it.toml:5:{message}"), None);
}

#[test]
fn sizes_are_whole() {
    check_line("bytes = 12.5", "9: `object.bytes` must be a whole number, not 12.5");
    check_line(
        "bytes = { uniform = [1, 12.5] }",
        "25: `object.bytes.uniform` must be a whole number, not 12.5",
    );
    check_line(
        "bytes = { exponential = 20, max = 31.5 }",
        "35: `object.bytes.max` must be a whole number, not 31.5",
    );
    assert!(read(&format!("{OBJECT_LINES}bytes = {{ exponential = 12.5 }}\n{PHASE_LINES}")).is_ok());
}

#[test]
fn what_is_not_given_has_its_default() {
    let scenario = read(&format!("{OBJECT_LINES}{PHASE_LINES}")).expect("no mistake");
    assert_eq!((scenario.time, scenario.repeat, scenario.edges.window), (Time::Bytes, 1, 1_000));
    assert_eq!(scenario.edges.choice, Weighted::only(Choice::Recent));
    let phase = &scenario.phases[0];
    assert_eq!((&*phase.name, phase.length, phase.repeat, phase.ramp), ("1", 1 << 20, 1, 0.0));
    assert_eq!((phase.activity.stores, phase.activity.reads, phase.idle), (0.0, 0.0, None));
}

/// A snapshot of a heap of Lox.
const SNAPSHOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../workloads/tests/files/lox.heapsnapshot");

#[test]
fn a_scenario_may_start_with_the_heap_of_a_snapshot() {
    let text = format!("[initial]\nsnapshot = {SNAPSHOT:?}\n{OBJECT_LINES}{PHASE_LINES}");
    let scenario = read(&text).expect("no mistake");
    assert!(scenario.initial.heap_bytes() > 100_000, "{} bytes", scenario.initial.heap_bytes());
    let mut heap = Heap::new(Config::default()).expect("it is valid");
    let outcome = Synthetic::new(scenario, 1).run(&mut heap, &mut |_| ());
    assert!(outcome.is_ok(), "{outcome:?}");
}

#[test]
fn a_snapshot_that_cannot_be_read_is_told_where_it_is_named() {
    let with = |file| format!("[initial]\nsnapshot = \"{file}\"\n{OBJECT_LINES}{PHASE_LINES}");
    check(
        &with("none.heapsnapshot"),
        "it.toml:2:12: none.heapsnapshot: cannot be read: No such file or directory (os error 2)",
        None,
    );
    check(
        &format!("[initial]\n{OBJECT_LINES}{PHASE_LINES}"),
        "it.toml:1:1: `snapshot` is missing in [initial]",
        None,
    );
}

#[test]
fn everything_can_be_given() {
    let text = "
        repeat = 2
        [graph]
        random = 3
        tree = 1
        window = 7
        old_age = \"2KiB\"
        [[object]]
        name = \"node\"
        kind = \"node\"
        slots = { uniform = [1, 4] }
        bytes = { log_normal = { median = 32, sigma = 1.5 }, min = 8, max = \"1KiB\" }
        lifetime = [{ share = 9, exponential = \"4KiB\" }, { constant = \"immortal\" }]
        [[object]]
        name = \"buffer\"
        kind = \"buffer\"
        bytes = { histogram = [[0, 10, 3], [10, \"1MiB\", 1]] }
        lifetime = \"phase\"
        [[phase]]
        length = 1_000
        shares = { buffer = 2 }
        lifetimes.buffer = { weibull = { scale = 10, shape = 0.5 } }
        ramp = 0.25
        idle = \"1.5ms\"
        idle_every = 100
    ";
    let scenario = read(text).expect("no mistake");
    assert_eq!((scenario.repeat, scenario.edges.window, scenario.edges.old_age), (2, 7, 2_048));
    let choices: Vec<_> = scenario.edges.choice.iter().map(|(share, choice)| (share, *choice)).collect();
    assert_eq!(choices, [(0.75, Choice::Random), (0.25, Choice::Child)]);
    let Body::Node { bytes, .. } = &scenario.classes[0].body else { panic!("it is a node") };
    let law = Law::LogNormal { median: 32.0, sigma: 1.5 };
    assert_eq!(*bytes, Weighted::only(Bounded { law, min: 8.0, max: 1_024.0 }));
    let shares: Vec<_> = scenario.classes[0].lifetime.iter().map(|(share, _)| share).collect();
    assert_eq!(shares, [0.9, 0.1]);
    assert_eq!(scenario.classes[1].lifetime, Weighted::only(Lifetime::Phase));
    let phase = &scenario.phases[0];
    assert_eq!(phase.activity.classes.iter().map(|(_, class)| *class).collect::<Vec<_>>(), [1]);
    assert_eq!(phase.activity.lifetimes[0], scenario.classes[0].lifetime);
    assert_ne!(phase.activity.lifetimes[1], scenario.classes[1].lifetime);
    assert_eq!(phase.idle, Some(Idle { time: Nanos(1_500_000), every: Some(100) }));
}

#[test]
fn unknown_keys_are_named_with_their_place_and_the_nearest_key() {
    let within = |line: &str| format!("{OBJECT_LINES}{line}\n{PHASE_LINES}");
    check(
        &within("lifetimes = 1"),
        "it.toml:5:1: unknown key `lifetimes` in [[object]]",
        Some("did you mean `lifetime`?"),
    );
    check(
        &within("bytes = { exponental = 3 }"),
        "it.toml:5:11: unknown key `exponental` in a law",
        Some("did you mean `exponential`?"),
    );
    check(
        "[[objects]]\nname = \"it\"",
        "it.toml:1:3: unknown key `objects` outside of any section",
        Some("did you mean `object`?"),
    );
    let phase = format!("{OBJECT_LINES}{PHASE_LINES}shares = {{ that = 1 }}");
    check(&phase, "it.toml:7:12: there is no object called `that`", Some("the objects are `it`"));
    check(
        &OBJECT_LINES.replace("bytes", "byte"),
        "it.toml:3:8: `object.kind` must be one of \"node\", \"array\", \"bytes\", \"buffer\", not \"byte\"",
        Some("did you mean `bytes`?"),
    );
}

#[test]
fn values_outside_of_their_range_are_named_with_it() {
    check_line("bytes = -1", "9: `object.bytes` is -1, but must lie between 0 and 134217728");
    check_line("bytes = \"1GiB\"", "9: `object.bytes` is \"1GiB\", but must lie between 0 and 134217728");
    check_line("share = nan", "9: `object.share` is nan, but must lie between 0 and 1000000000");
    check_line(
        "bytes = { weibull = { scale = 4, shape = 0 } }",
        "42: `object.bytes.weibull.shape` is 0, but must lie between 0.05 and 100",
    );
    let phase = format!("{OBJECT_LINES}{PHASE_LINES}ramp = 1.5");
    check(&phase, "it.toml:7:8: `phase.ramp` is 1.5, but must lie between 0 and 1", None);
    let phase = format!("{OBJECT_LINES}{PHASE_LINES}repeat = 0");
    check(&phase, "it.toml:7:10: `phase.repeat` is 0, but must lie between 1 and 1000000", None);
}

#[test]
fn values_of_the_wrong_kind_are_told_what_they_should_be() {
    check_line("bytes = true", "9: `object.bytes` must be a number, not true");
    check_line("bytes = \"big\"", "9: `object.bytes` must be a size, such as \"64KiB\", not \"big\"");
    check_line(
        "bytes = { uniform = [1] }",
        "21: `object.bytes.uniform` must be an array of 2: the least and the greatest value, not an array of 1",
    );
    check_line(
        "bytes = { table = [] }",
        "19: `object.bytes.table` must be an array that is not empty, not an empty array",
    );
    check_line("bytes = { uniform = [9, 8] }", "22: `object.bytes.uniform`: 9 is more than 8");
    check_line("bytes = { table = [[4, 0]] }", "19: in `object.bytes.table` all weights are 0");
    check_line(
        "bytes = { exponential = 4, min = 9, max = 8 }",
        "9: `object.bytes`: `min` is 9, more than `max`, 8",
    );
    check_line(
        "bytes = { share = 1, constant = 4 }",
        "19: `object.bytes.share` has a meaning only in an array of laws",
    );
    check_line(
        "bytes = { uniform = [1, 2], constant = 4 }",
        "21: two laws are given, `constant` and `uniform`: an array of laws mixes them",
    );
    check_line("slots = 4", "9: `object.slots` has no meaning for bytes");
    let phase = format!("{OBJECT_LINES}{PHASE_LINES}idle = \"soon\"");
    let told = "it.toml:7:8: `phase.idle`: a time is a number with a unit, such as 500us, 1.5ms or 2s";
    check(&phase, told, None);
    let objects = format!("time = \"objects\"\n{OBJECT_LINES}{PHASE_LINES}");
    check(&objects, "it.toml:7:10: `phase.length` must be a number, not \"1MiB\"", None);
}

#[test]
fn what_is_missing_or_too_much_is_told() {
    check(PHASE_LINES, "it.toml:1:1: `object` is missing outside of any section", None);
    check(OBJECT_LINES, "it.toml:1:1: `phase` is missing outside of any section", None);
    let two = format!("{OBJECT_LINES}{OBJECT_LINES}{PHASE_LINES}");
    check(&two, "it.toml:6:8: there are two objects called \"it\"", None);
    let empty = format!("{}{PHASE_LINES}", OBJECT_LINES.replace("name = \"it\"\n", ""));
    check(&empty, "it.toml:1:1: `name` is missing in [[object]]", None);
    let idle = format!("{OBJECT_LINES}{PHASE_LINES}idle_every = 3");
    check(&idle, "it.toml:7:14: `phase.idle_every` has no meaning without `idle`", None);
    let long = format!("repeat = 1_000_000\n{OBJECT_LINES}{PHASE_LINES}repeat = 1_000_000_0");
    check(&long, "it.toml:8:10: `phase.repeat` is 1_000_000_0, but must lie between 1 and 1000000", None);
    let phase = PHASE_LINES.replace("MiB", "GiB");
    let long = format!("repeat = 1_000_000\n{OBJECT_LINES}{phase}repeat = 1_000_000");
    let told = "it.toml:1:1: the phases are longer than 1152921504606846976, all repetitions together";
    check(&long, told, None);
    let named = |number| OBJECT_LINES.replace("\"it\"", &format!("\"{number}\""));
    let many: String = (0..1_001).map(named).collect();
    let told = "it.toml:1:1: there are 1001 sections [[object]]: 1000 at most";
    check(&format!("{many}{PHASE_LINES}"), told, None);
    let shapes = "[[object]]\nname = \"it\"\nkind = \"node\"\nlifetime = 1\nslots = { exponential = 3 }\nbytes = { exponential = 30 }\n";
    check(
        &format!("{shapes}{PHASE_LINES}"),
        "it.toml:1:1: the nodes may have 132098 combinations of `slots` and `bytes`, of which a heap has room for 60000",
        Some("give the laws of nodes a lower `max`"),
    );
}

#[test]
fn mistakes_of_toml_itself_have_their_place() {
    let failure = read("repeat = \n").expect_err("no value");
    assert!(failure.to_string().starts_with("it.toml:1:"), "{failure}");
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in "(\\[\\[(object|phase)\\]\\]\n|(name|kind|slots|bytes|lifetime|length|shares) = (\\{ [a-z]* = [0-9\\[\\]\",a]* \\}|\\[[0-9,]*\\]|-?[0-9.e]+|\"[a-zA-Z0-9]*\")\n)*") {
        let _ = read(&text);
    }
}

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../workloads/scenarios");
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    files.sort();
    files
}

/// Runs an example, its phases so many times shorter.
#[track_caller]
fn check_example(path: &Path, shorter: u64, config: Config) {
    let mut scenario = super::read(path).unwrap_or_else(|failure| panic!("{failure}"));
    scenario.phases.iter_mut().for_each(|phase| phase.length /= shorter);
    let mut heap = Heap::new(config).expect("a heap");
    let outcome = Synthetic::new(scenario, 1).run(&mut heap, &mut |_| ());
    assert!(outcome.is_ok(), "{}: {outcome:?}", path.display());
    assert!(heap.stats().minor_collections > 0, "{}: it is not collected", path.display());
}

#[test]
fn every_example_runs() {
    assert!(examples().len() >= 6);
    examples().iter().for_each(|path| check_example(path, 4, Config::default()));
}

#[test]
fn every_example_runs_while_the_heap_is_verified() {
    let stress = |collect_every, verify| Stress { collect_every, verify, poison: true, ..Stress::default() };
    for path in examples() {
        check_example(
            &path,
            20,
            Config { huge_pages: false, stress: stress(Some(2_000), true), ..Config::default() },
        );
        check_example(
            &path,
            2_000,
            Config { huge_pages: false, stress: Stress::all(3, 1), ..Config::default() },
        );
    }
}

#[test]
fn every_example_says_how_to_run_it_and_what_to_see() {
    for path in examples() {
        let text = fs::read_to_string(&path).expect("it can be read");
        let name = path.file_name().expect("a file").to_string_lossy();
        assert!(text.contains(&format!("tenure run scenario:workloads/scenarios/{name}")), "{name}");
        assert!(text.contains("What to see in the report"), "{name}");
    }
}

const SECTIONS: [Section; 8] = [TOP, INITIAL, GRAPH, OBJECT, PHASE, LAW, WEIBULL, LOG_NORMAL];

/// The rows of all tables on the page, by the heading above: key, what is legal, and what an absent one means.
fn documented() -> Vec<(String, [String; 3])> {
    let page = include_str!("../../../../docs/scenarios.md");
    let (mut heading, mut rows) = (String::new(), Vec::new());
    for line in page.lines() {
        if let Some(text) = line.strip_prefix("## ") {
            heading = text.replace('`', "");
        }
        let cells: Vec<_> = line.split(" | ").map(|cell| cell.trim_matches(['|', ' '])).collect();
        if let [key, legal, default, _] = &cells[..]
            && key.starts_with('`')
        {
            let plain = |text: &str| text.replace('`', "");
            rows.push((heading.clone(), [plain(key), plain(legal), plain(default)]));
        }
    }
    rows
}

#[test]
fn the_page_tells_all_keys_and_no_others() {
    let known = SECTIONS.iter().flat_map(|section| {
        section.keys.iter().map(|key| {
            let cells = [key.name.to_owned(), key.legal.to_string(), key.default.to_string()];
            (section.name.to_owned(), cells)
        })
    });
    assert_eq!(documented(), known.collect::<Vec<_>>());
}
