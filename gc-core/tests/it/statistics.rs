//! Statistics: what is counted as allocated, moved, freed and alive adds up to the byte.

use crate::support::{
    NODE_BYTES, PAGE, each_calm_config, each_config, heap, leaf, list, make_garbage, make_old, node, pauses,
    recorded, with_age,
};
use gc_core::event::PauseKind;
use gc_core::{Decoder, Heap, Layout, Local, MAX_SMALL_BYTES, Root, Shape};

/// Shapes of every kind, and lengths for the arrays among them.
struct Mixture {
    fixed: Vec<Shape>,
    arrays: Vec<Shape>,
}

impl Mixture {
    fn new(heap: &mut Heap) -> Mixture {
        let fixed = [(0, 0), (2, 8), (100, 700), (30_000, 300_000)];
        let arrays = [Layout::Slots, Layout::Bytes, Layout::Values(Decoder { mask: 1, tag: 1, shift: 32 })];
        Mixture {
            fixed: fixed.map(|(slots, bytes)| heap.register("fixed", Layout::Fixed { slots, bytes })).into(),
            arrays: arrays.map(|layout| heap.register("array", layout)).into(),
        }
    }

    /// One object of each fixed shape and arrays of some lengths; the bytes that they take.
    fn allocate(&self, heap: &mut Heap) -> (Vec<Local>, u64) {
        let mut objects: Vec<_> = self.fixed.iter().map(|shape| heap.alloc(*shape).unwrap()).collect();
        for shape in &self.arrays {
            for length in [0, 5, 200, MAX_SMALL_BYTES as u32] {
                objects.push(heap.alloc_array(*shape, length).unwrap());
            }
        }
        objects.push(heap.alloc_buffer(1000).unwrap());
        let bytes = objects.iter().map(|object| heap.view(*object).size_bytes()).sum();
        (objects, bytes)
    }
}

#[test]
fn allocated_bytes_are_the_sizes_of_all_objects() {
    each_config(|config| {
        let mut heap = heap(config);
        let mixture = Mixture::new(&mut heap);
        let mut expected = 0;
        for _ in 0..5 {
            expected += heap.scope(|heap| mixture.allocate(heap).1);
            assert_eq!(heap.stats().work.allocated_bytes, expected);
        }
    });
}

#[test]
fn what_was_allocated_is_alive_or_freed() {
    each_config(|config| {
        let mut heap = heap(config);
        let mixture = Mixture::new(&mut heap);
        let mut kept: Vec<Root> = Vec::new();
        for round in 0..6 {
            heap.scope(|heap| {
                let (objects, _) = mixture.allocate(heap);
                kept.extend(objects.iter().skip(round % 2).step_by(2).map(|object| heap.root(*object)));
            });
            kept.drain(..kept.len() / 3);
            if round % 2 == 0 {
                heap.collect_minor();
            }
            heap.collect_full();
            let (work, live) = (heap.stats().work, heap.usage().heap_used());
            let rooted: u64 = kept.iter().map(|root| heap.view_root(root).size_bytes()).sum();
            assert_eq!(live, rooted, "after a full collection only what is reachable is left");
            assert_eq!(work.allocated_bytes, live + work.freed_bytes, "round {round}");
        }
    });
}

#[test]
fn a_surviving_large_object_does_not_hide_what_is_freed() {
    each_calm_config(|config| {
        let mut heap = heap(config);
        let (node, bytes) = (node(&mut heap), heap.register("bytes", Layout::Bytes));
        heap.alloc_array(bytes, 2 * PAGE as u32).unwrap();
        make_garbage(&mut heap, node, 100);
        heap.collect_minor();
        assert_eq!(heap.stats().work.freed_bytes, 100 * NODE_BYTES);
    });
}

#[test]
fn survivors_are_counted_by_the_age_they_had() {
    each_calm_config(|config| {
        let (mut heap, recorder) = recorded(with_age(config, 3));
        let node = node(&mut heap);
        for count in [1, 2, 4, 8] {
            list(&mut heap, node, count);
            heap.collect_minor();
        }
        let survived: Vec<_> =
            pauses(&recorder).iter().map(|pause| nodes(&pause.survived_bytes_by_age)).collect();
        assert_eq!(survived, [[1, 0, 0, 0], [2, 1, 0, 0], [4, 2, 1, 0], [8, 4, 2, 1]]);
        assert_eq!(nodes(&heap.stats().survived_bytes_by_age), [15, 7, 3, 1]);
    });
}

/// How many nodes these bytes are, for the ages below 4; there must be none beyond.
fn nodes(bytes_by_age: &[u64]) -> [u64; 4] {
    let (young, beyond) = bytes_by_age.split_first_chunk().expect("more than four ages");
    assert!(beyond.iter().all(|bytes| *bytes == 0));
    young.map(|bytes| bytes / NODE_BYTES)
}

#[test]
fn survivors_are_copied_or_promoted() {
    each_config(|config| {
        let mut heap = heap(config);
        let mixture = Mixture::new(&mut heap);
        for _ in 0..5 {
            heap.scope(|heap| {
                mixture.allocate(heap);
                heap.collect_minor();
                mixture.allocate(heap);
                heap.collect_full();
            });
        }
        let stats = heap.stats();
        let moved = stats.work.copied_bytes + stats.work.promoted_bytes;
        assert_eq!(stats.survived_bytes_by_age.iter().sum::<u64>(), moved);
    });
}

#[test]
fn what_is_promoted_is_in_the_old_generation_until_it_is_freed() {
    each_config(|config| {
        let mut heap = heap(config);
        let mixture = Mixture::new(&mut heap);
        let (_, bytes) = mixture.allocate(&mut heap);
        make_old(&mut heap);
        let (work, usage) = (heap.stats().work, heap.usage());
        assert_eq!(work.promoted_bytes, bytes);
        assert_eq!(usage.old_used + usage.large_used, bytes);
        assert_eq!(work.promoted_objects, mixture.fixed.len() as u64 + 12 + 1);
    });
}

#[test]
fn collections_are_counted_by_kind() {
    each_config(|config| {
        let (mut heap, recorder) = recorded(config);
        let node = node(&mut heap);
        for _ in 0..3 {
            make_garbage(&mut heap, node, 10);
            heap.collect_minor();
            heap.collect_full();
        }
        let (stats, pauses) = (heap.stats(), pauses(&recorder));
        let count = |kind| pauses.iter().filter(|pause| pause.kind == kind).count() as u64;
        assert_eq!(stats.minor_collections, count(PauseKind::Minor) + count(PauseKind::Finish));
        assert_eq!(stats.full_collections, count(PauseKind::Full));
        assert_eq!(stats.incremental_collections, count(PauseKind::Finish));
        assert_eq!(stats.steps, count(PauseKind::Step));
        assert_eq!(stats.work.pauses, pauses.len() as u64);
        let durations = || pauses.iter().map(|pause| pause.duration);
        assert_eq!(stats.time_in_pauses.0, durations().map(|duration| duration.0).sum::<u64>());
        assert_eq!(Some(stats.longest_pause), durations().max());
        assert_eq!(heap.time_in_pauses(), stats.time_in_pauses);
    });
}

#[test]
fn the_most_ever_used_is_kept() {
    each_config(|config| {
        let mut heap = heap(config);
        let bytes = heap.register("bytes", Layout::Bytes);
        heap.scope(|heap| heap.alloc_array(bytes, 4 * PAGE as u32 - 8).map(drop)).unwrap();
        heap.collect_full();
        heap.collect_full();
        let stats = heap.stats();
        assert_eq!(stats.peak_used_bytes, 4 * PAGE);
        assert_eq!(stats.peak_total_bytes, heap.usage().new_total + 4 * PAGE);
    });
}

#[test]
fn marking_counts_each_live_object_and_its_bytes() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        list(&mut heap, node, 25);
        heap.scope(|heap| leaf(heap, node, 0));
        let before = heap.stats().work;
        heap.collect_full();
        let marked = heap.stats().work - before;
        assert_eq!((marked.marked_objects, marked.marked_bytes), (25, 25 * NODE_BYTES));
        assert_eq!(marked.slots % 2, 0, "two slots a node");
    });
}
