//! What the tests share: the settings that they run under, and small programs to run.

use gc_core::event::{Event, MAX_AGE, Pause, Recorder};
use gc_core::policy::{Growth, MarkingPacing, NewSpaceSizing, OldPacing, PercentGrowth, Promotion};
use gc_core::{Config, Heap, HeapFull, Layout, Local, MIN_SEMISPACE_BYTES, PAGE_BYTES, Shape, Stress, View};
use std::process::Command;
use std::{env, thread};

/// Bytes of one page.
pub(crate) const PAGE: u64 = PAGE_BYTES as u64;
/// Bytes of an object that [`node`] describes.
pub(crate) const NODE_BYTES: u64 = 24;

/// Runs a test under each kind of settings; what fails names them.
pub(crate) fn each_config(test: impl Fn(Config)) {
    each_calm_config(&test);
    let tiny = Config { max_old_bytes: 64 << 20, ..with_semispaces(plain(), MIN_SEMISPACE_BYTES) };
    let stressed = |every| Config { stress: Stress::all(every, every.into()), ..tiny.clone() };
    run("stress, a collection at every allocation", stressed(1), &test);
    run("stress, a collection at every third allocation", stressed(3), &test);
    run("tiny spaces", tiny, &test);
}

/// As [`each_config`], but only settings under which nothing is collected before it has to be.
pub(crate) fn each_calm_config(test: impl Fn(Config)) {
    let stress = Stress { verify: true, poison: true, ..Stress::default() };
    run("plain", plain(), &test);
    run("verified", Config { stress, ..plain() }, &test);
}

/// As [`each_config`], under settings that differ in how the old generation is marked in steps. The heap is small, so
/// that there is a marking every few MiB.
pub(crate) fn each_pace(test: impl Fn(Config)) {
    let usual = MarkingPacing { step_bytes: 16 << 10, ..MarkingPacing::default() };
    let paced = |marking| Config { marking, ..quick_to_mark() };
    run("usual pace", paced(usual), &test);
    run("tiny steps", paced(MarkingPacing { step_bytes: 4 << 10, ..usual }), &test);
    run("a marking always", paced(MarkingPacing { start_percent: 0, ..usual }), &test);
    run("a late start", paced(MarkingPacing { start_percent: 100, ..usual }), &test);
    run("done by the next scavenge", paced(MarkingPacing { max_minor_collections: 1, ..usual }), &test);
    run("no hurry", paced(MarkingPacing { max_minor_collections: u32::MAX, ..usual }), &test);
    let new_space =
        NewSpaceSizing { initial_bytes: 256 << 10, max_bytes: 1 << 20, ..NewSpaceSizing::default() };
    run("growing new space", Config { new_space, ..paced(usual) }, &test);
}

/// Settings under which the old generation is marked when it has grown by a few MiB.
fn quick_to_mark() -> Config {
    let pacing = OldPacing {
        initial_limit_bytes: 6 << 20,
        growth: Growth::Percent(PercentGrowth { growth_percent: 200, min_growth_bytes: 4 << 20 }),
        ..OldPacing::default()
    };
    Config { pacing, max_old_bytes: 256 << 20, ..with_semispaces(plain(), 256 << 10) }
}

fn plain() -> Config {
    Config { huge_pages: false, ..Config::default() }
}

fn run(name: &'static str, config: Config, test: &impl Fn(Config)) {
    let _context = Context(name);
    test(config);
}

/// Says what was going on when a test failed.
struct Context(&'static str);

impl Drop for Context {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("the settings were: {}", self.0);
        }
    }
}

/// The settings with semispaces of a fixed size.
pub(crate) fn with_semispaces(config: Config, bytes: u64) -> Config {
    Config {
        new_space: NewSpaceSizing {
            initial_bytes: bytes,
            max_bytes: bytes,
            max_minor_pause: None,
            ..config.new_space
        },
        ..config
    }
}

/// The settings with one rule of promotion: to be of this age.
pub(crate) fn with_age(config: Config, age: u8) -> Config {
    Config { promotion: Promotion { age, to_space_percent: None, ..Promotion::default() }, ..config }
}

/// The settings without marking in steps: everything is marked at once.
pub(crate) fn at_once(config: Config) -> Config {
    Config { marking: MarkingPacing { incremental: false, ..config.marking }, ..config }
}

/// The settings with a marking always under way, which goes on only when the test says so.
pub(crate) fn always_marking(config: Config) -> Config {
    let (start_percent, idle_start_percent, max_minor_collections) = (0, 0, u32::MAX);
    let marking =
        MarkingPacing { start_percent, idle_start_percent, max_minor_collections, ..config.marking };
    Config { marking, ..config }
}

/// A heap with these settings.
pub(crate) fn heap(config: Config) -> Heap {
    Heap::new(config).expect("settings that a heap can have")
}

/// A heap with these settings and a record of its events.
pub(crate) fn recorded(config: Config) -> (Heap, Recorder) {
    let (mut heap, recorder) = (heap(config), Recorder::default());
    heap.set_sink(Box::new(recorder.clone()));
    (heap, recorder)
}

/// The pauses recorded since the last call.
pub(crate) fn pauses(recorder: &Recorder) -> Vec<Pause> {
    let ended = |event| if let Event::PauseEnded(pause) = event { Some(*pause) } else { None };
    recorder.take().into_iter().filter_map(ended).collect()
}

/// A shape with two references and a word.
pub(crate) fn node(heap: &mut Heap) -> Shape {
    heap.register("node", Layout::Fixed { slots: 2, bytes: 8 })
}

/// A node with this word.
pub(crate) fn leaf(heap: &mut Heap, node: Shape, word: u64) -> Local {
    let leaf = heap.alloc(node).unwrap();
    heap.store_word(leaf, 0, word);
    leaf
}

/// A list of nodes, linked by their first slots, with the words from `length - 1` down to 0.
pub(crate) fn list(heap: &mut Heap, node: Shape, length: u64) -> Local {
    let head = leaf(heap, node, 0);
    (1..length).for_each(|word| push(heap, node, head, word).unwrap());
    head
}

/// Puts a node with this word in front of the list that `head` refers to.
pub(crate) fn push(heap: &mut Heap, node: Shape, head: Local, word: u64) -> Result<(), HeapFull> {
    heap.scope(|heap| {
        let first = heap.alloc(node)?;
        heap.store(first, 0, Some(head));
        heap.store_word(first, 0, word);
        heap.assign(head, first);
        Ok(())
    })
}

/// The words of a list.
pub(crate) fn words(heap: &Heap, head: Local) -> Vec<u64> {
    std::iter::successors(Some(heap.view(head)), |node| node.slot(0)).map(|node| node.word(0)).collect()
}

/// Fails unless the list is as [`list`] made it.
#[track_caller]
pub(crate) fn assert_list(heap: &Heap, head: Local, length: u64) {
    assert!(words(heap, head).into_iter().eq((0..length).rev()), "the list has changed");
}

/// Allocates nodes of which nothing is kept.
pub(crate) fn make_garbage(heap: &mut Heap, node: Shape, count: u64) {
    for _ in 0..count {
        heap.scope(|heap| leaf(heap, node, u64::MAX));
    }
}

/// Scavenges until everything alive is old.
pub(crate) fn make_old(heap: &mut Heap) {
    for _ in 0..=MAX_AGE {
        heap.collect_minor();
    }
    assert_eq!(heap.usage().new_used, 0, "everything is old");
}

/// Collects new space in most rounds and everything in every third.
pub(crate) fn collect_in_turn(heap: &mut Heap, round: u32) {
    match round % 3 {
        1 => heap.collect_full(),
        _ => heap.collect_minor(),
    }
}

/// What a view shows, as far as tests compare it: the word of a node.
pub(crate) fn word(view: Option<View<'_>>) -> Option<u64> {
    view.map(|view| view.word(0))
}

/// Runs the body of the test `name` in a process of its own, with this much address space.
pub(crate) fn alone(name: &str, address_space_kib: Option<u64>, body: impl FnOnce()) {
    const MARKER: &str = "GC_CORE_TEST_ALONE";
    if env::var_os(MARKER).is_some() {
        return body();
    }
    let limit = address_space_kib.map_or("unlimited".to_owned(), |kib| kib.to_string());
    let output = Command::new("sh")
        .args(["-c", r#"ulimit -v "$0" && exec "$@""#, &limit])
        .arg(env::current_exe().expect("the path of this test"))
        .args([name, "--exact", "--nocapture", "--test-threads=1"])
        .env(MARKER, "yes")
        .env("RUST_BACKTRACE", "0")
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}
