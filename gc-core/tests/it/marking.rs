//! Marking: deep and wide structures need no stack, and what is marked is exactly what the roots reach.

use crate::support::{
    NODE_BYTES, at_once, each_config, heap, leaf, list, make_old, node, pauses, push, recorded, with_age,
    with_semispaces, word,
};
use gc_core::event::PauseKind;
use gc_core::policy::{Growth, OldPacing, PercentGrowth};
use gc_core::{Config, Heap, Layout, Local, MIN_SEMISPACE_BYTES};
use std::thread;

/// Far less than a recursion over a deep structure would take.
const SMALL_STACK: usize = 64 << 10;

fn on_a_small_stack(test: fn()) {
    let thread = thread::Builder::new().stack_size(SMALL_STACK).spawn(test).expect("a thread");
    thread.join().expect("no panic and no overflow");
}

/// Settings under which nothing is marked before the test asks for it.
fn unhurried() -> Config {
    let pacing = OldPacing { initial_limit_bytes: u64::MAX, ..OldPacing::default() };
    Config { pacing, huge_pages: false, ..with_age(Config::default(), 0) }
}

/// Marks everything; how many objects that were.
fn mark(heap: &mut Heap) -> u64 {
    let before = heap.stats().work.marked_objects;
    heap.collect_full();
    heap.stats().work.marked_objects - before
}

fn length(heap: &mut Heap, head: Local) -> u64 {
    heap.scope(|heap| {
        let cursor = heap.duplicate(head);
        (1..).find(|_| !heap.advance(cursor, cursor, 0)).expect("an end")
    })
}

#[test]
fn a_list_of_ten_million_is_marked_on_a_small_stack() {
    const LENGTH: u64 = 10_000_000;
    on_a_small_stack(|| {
        let mut heap = heap(unhurried());
        let link = heap.register("link", Layout::Fixed { slots: 1, bytes: 0 });
        let head = heap.alloc(link).unwrap();
        for _ in 1..LENGTH {
            heap.scope(|heap| {
                let first = heap.alloc_with(link, [Some(head)]).unwrap();
                heap.assign(head, first);
            });
        }
        assert_eq!(mark(&mut heap), LENGTH);
        assert_eq!(length(&mut heap, head), LENGTH);
    });
}

#[test]
fn a_tree_a_million_deep_is_marked_on_a_small_stack() {
    const DEPTH: u64 = 1_000_000;
    on_a_small_stack(|| {
        let mut heap = heap(unhurried());
        let node = heap.register("tree", Layout::Fixed { slots: 2, bytes: 0 });
        let tree = heap.alloc(node).unwrap();
        for _ in 0..DEPTH {
            heap.scope(|heap| {
                let leaf = heap.alloc(node).unwrap();
                let above = heap.alloc_with(node, [Some(leaf), Some(tree)]).unwrap();
                heap.assign(tree, above);
            });
        }
        assert_eq!(mark(&mut heap), 2 * DEPTH + 1);
    });
}

#[test]
fn a_million_children_are_marked_on_a_small_stack() {
    const CHILDREN: u32 = 1_000_000;
    on_a_small_stack(|| {
        let mut heap = heap(unhurried());
        let (array, node) = (heap.register("array", Layout::Slots), node(&mut heap));
        let parent = heap.alloc_array(array, CHILDREN).unwrap();
        for index in 0..CHILDREN {
            heap.scope(|heap| {
                let child = leaf(heap, node, index.into());
                heap.store(parent, index, Some(child));
            });
        }
        assert_eq!(mark(&mut heap), u64::from(CHILDREN) + 1);
        let view = heap.view(parent);
        assert!((0..CHILDREN).all(|index| word(view.slot(index)) == Some(index.into())));
    });
}

#[test]
fn an_object_that_is_reached_twice_is_marked_once() {
    each_config(|config| {
        let mut heap = heap(config);
        let (array, node) = (heap.register("array", Layout::Slots), node(&mut heap));
        let child = leaf(&mut heap, node, 1);
        let parents = [1, 100, 5000, 9000].map(|length| heap.alloc_array(array, length).unwrap());
        for parent in parents {
            let length = heap.view(parent).slots();
            heap.fill_slots(parent, 0..length, Some(child));
        }
        assert_eq!(mark(&mut heap), 1 + 4);
        make_old(&mut heap);
        assert_eq!(mark(&mut heap), 1 + 4);
    });
}

#[test]
fn garbage_that_refers_to_itself_is_found() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        heap.scope(|heap| {
            let first = leaf(heap, node, 1);
            let second = leaf(heap, node, 2);
            heap.store(first, 0, Some(second));
            heap.store(second, 0, Some(first));
            heap.store(second, 1, Some(second));
        });
        heap.collect_minor();
        assert_eq!(heap.usage().heap_used(), 0);
    });
}

#[test]
fn garbage_that_refers_to_itself_across_the_generations_is_found_by_a_full_collection() {
    each_config(|config| {
        let mut heap = heap(with_age(config, 15));
        let node = node(&mut heap);
        heap.scope(|heap| {
            let old = leaf(heap, node, 1);
            make_old(heap);
            let young = leaf(heap, node, 2);
            heap.store(old, 0, Some(young));
            heap.store(young, 0, Some(old));
        });
        heap.collect_minor();
        assert_eq!(heap.usage().heap_used(), 2 * NODE_BYTES, "a scavenge takes what is old to be alive");
        heap.collect_full();
        assert_eq!(heap.usage().heap_used(), 0);
    });
}

#[test]
fn the_old_limit_starts_a_full_collection() {
    let pacing = OldPacing {
        initial_limit_bytes: 1 << 20,
        growth: Growth::Percent(PercentGrowth { growth_percent: 200, min_growth_bytes: 1 << 16 }),
        ..OldPacing::default()
    };
    let config = Config { pacing, ..with_age(with_semispaces(Config::default(), MIN_SEMISPACE_BYTES), 0) };
    let (mut heap, recorder) = recorded(at_once(config));
    let object = heap.register("object", Layout::Fixed { slots: 1, bytes: 1008 });
    let head = heap.alloc(object).unwrap();
    for word in 1..12_000 {
        push(&mut heap, object, head, word).unwrap();
    }
    let full: Vec<_> = pauses(&recorder).into_iter().filter(|pause| pause.kind == PauseKind::Full).collect();
    assert!((3..=4).contains(&full.len()), "at 1, 2, 4 and perhaps 8 MiB, not {} times", full.len());
    for (pause, limit_bytes) in full.iter().zip([1 << 20, 2 << 20, 4 << 20]) {
        assert_eq!(pause.cause.name(), "old limit");
        assert!(pause.before.old_used >= limit_bytes, "{} of {limit_bytes}", pause.before.old_used);
    }
}

#[test]
fn a_full_collection_of_a_list_in_both_generations_marks_all_of_it() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let head = list(&mut heap, node, 40);
        make_old(&mut heap);
        for word in 40..80 {
            push(&mut heap, node, head, word).unwrap();
        }
        assert_eq!(mark(&mut heap), 80);
    });
}
