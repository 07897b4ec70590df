//! Mark-compact: what is alive slides to one end, and what lies beyond is given back.

use crate::support::{
    NODE_BYTES, PAGE, assert_list, at_once, each_calm_config, each_config, heap, list, make_old, node,
    pauses, recorded, with_age, with_semispaces, word,
};
use gc_core::event::{Cause, Phase};
use gc_core::policy::{Compaction, MarkingPacing};
use gc_core::{Budget, Config, Decoder, Heap, Layout, Local, MIN_SEMISPACE_BYTES, Shape, Value};

/// An array of old objects of `sizes` in turn, each with its index in its first word, of which every second is
/// dropped.
fn every_second(heap: &mut Heap, shapes: &[Shape], count: u32) -> Local {
    let array = heap.register("array", Layout::Slots);
    let holder = heap.alloc_array(array, count).unwrap();
    for index in 0..count {
        heap.scope(|heap| {
            let object = heap.alloc(shapes[index as usize % shapes.len()]).unwrap();
            heap.store_word(object, 0, index.into());
            heap.store(holder, index, Some(object));
        });
    }
    make_old(heap);
    (0..count).step_by(2).for_each(|index| heap.store(holder, index, None));
    holder
}

fn assert_every_second(heap: &Heap, holder: Local, count: u32) {
    for index in 0..count {
        let expected = (index % 2 == 1).then_some(u64::from(index));
        assert_eq!(word(heap.view(holder).slot(index)), expected, "object {index}");
    }
}

fn object(heap: &mut Heap, bytes: u32) -> Shape {
    heap.register("object", Layout::Fixed { slots: 1, bytes })
}

/// The source's case: free memory is there, but no hole fits a large object.
#[test]
fn a_large_object_finds_room_among_holes_that_are_all_too_small() {
    each_calm_config(|config| {
        let config = Config { max_old_bytes: 8 * PAGE, ..with_semispaces(config, MIN_SEMISPACE_BYTES) };
        let (mut heap, recorder) = recorded(config);
        let (shape, bytes) = (object(&mut heap, 1_000), heap.register("bytes", Layout::Bytes));
        let count = (7 * PAGE / 1_016) as u32;
        let holder = every_second(&mut heap, &[shape], count);
        let large = heap.alloc_array(bytes, 2 * PAGE as u32).expect("half of old space is free");
        assert_eq!(heap.view(large).len(), 2 * PAGE as u32);
        assert_every_second(&heap, holder, count);
        let compacted = pauses(&recorder).into_iter().filter(|pause| {
            let is_compacted = pause.phases.iter().any(|end| end.phase == Phase::Compact);
            is_compacted && pause.work.moved_objects > 0
        });
        assert!(compacted.count() > 0);
    });
}

#[test]
fn after_a_slide_old_space_ends_exactly_where_its_objects_do() {
    each_calm_config(|config| {
        let (mut heap, recorder) = recorded(at_once(config));
        let shape = object(&mut heap, 16);
        let holder = every_second(&mut heap, &[shape], 40_000);
        heap.compact();
        let (usage, pause) = (heap.usage(), pauses(&recorder).pop().expect("a pause"));
        assert_eq!(usage.old_total, usage.old_used.next_multiple_of(PAGE), "no page too many");
        assert!(pause.before.old_used - usage.old_used >= 20_000 * 32, "{pause:?}");
        assert_eq!((pause.cause, pause.work.freed_bytes), (Cause::Fragmentation, 20_000 * 32));
        assert!(heap.memory_usage().rss <= usage.heap_total() * 66 / 64);
        assert_every_second(&heap, holder, 40_000);
        assert_eq!(heap.verify(), Ok(()));
    });
}

#[test]
fn a_slide_leaves_less_than_a_hundredth_free() {
    each_calm_config(|config| {
        let (mut heap, recorder) = recorded(config);
        let shapes = [16, 40, 100, 600].map(|bytes| object(&mut heap, bytes));
        let count = (60 * PAGE / 200) as u32;
        let holder = every_second(&mut heap, &shapes, count);
        heap.compact();
        let told = pauses(&recorder).pop().expect("a pause").fragmentation_ppm;
        // Each page may end in less than a block and an object; the last one is as full as it is by chance.
        let (tail_bytes, pages) = (512 + 616, heap.usage().old_total / PAGE);
        let tails_ppm = 1_000_000 * tail_bytes / PAGE;
        assert!(PAGE < 256 << 10 || tails_ppm < 10_000);
        assert!(u64::from(told) <= tails_ppm + 1_000_000 / pages, "{told}");
        assert_every_second(&heap, holder, count);
    });
}

#[test]
fn what_lies_before_the_first_hole_stays_and_is_told_of_what_moves() {
    each_calm_config(|config| {
        let (mut heap, recorder) = recorded(with_age(at_once(config), 0));
        let node = node(&mut heap);
        let length = 3 * PAGE / NODE_BYTES;
        let kept = list(&mut heap, node, length);
        heap.collect_minor();
        let shape = object(&mut heap, 16);
        let holder = every_second(&mut heap, &[shape], 20_000);
        heap.store(kept, 1, Some(holder));
        heap.compact();
        let moved = pauses(&recorder).pop().expect("a pause").work.moved_objects;
        assert!((9_000..=10_001).contains(&moved), "{moved}");
        assert_list(&heap, kept, length);
        assert_every_second(&heap, holder, 20_000);
        assert_eq!(heap.verify(), Ok(()));
    });
}

#[test]
fn everything_that_refers_to_old_objects_is_told_of_their_new_places() {
    each_config(|config| {
        let mut heap = heap(with_age(config, 0));
        let (node, bytes) = (node(&mut heap), object(&mut heap, 100));
        let decoder = Decoder { mask: 0xffff << 48, tag: 0xfff9 << 48, shift: 8 };
        let values = heap.register("values", Layout::Values(decoder));
        let holder = every_second(&mut heap, &[bytes], 60);
        let (head, owner) = (list(&mut heap, node, 20), heap.alloc_buffer(100).unwrap());
        heap.buffer_mut(owner)[7] = 42;
        make_old(&mut heap);
        let (root, weak) = (heap.root(head), heap.weak(owner));
        let young = heap.alloc_array(values, 100).unwrap();
        heap.store_value(young, 99, Value::Object(owner));
        let child = heap.alloc(node).unwrap();
        heap.store(head, 1, Some(child));
        heap.store_word(child, 0, 7);
        heap.compact();
        let from_root = heap.get(&root);
        assert_list(&heap, from_root, 20);
        assert_eq!(word(heap.view(head).slot(1)), Some(7), "a remembered object is still remembered");
        let upgraded = heap.upgrade(&weak).expect("its object is alive");
        assert_eq!((heap.view(upgraded).buffer()[7], heap.view(owner).buffer()[7]), (42, 42));
        assert_every_second(&heap, holder, 60);
        heap.collect_minor();
        heap.collect_full();
        assert_list(&heap, head, 20);
        assert_eq!(heap.verify(), Ok(()));
    });
}

#[test]
fn objects_that_come_after_a_slide_lie_behind_the_boundary() {
    each_calm_config(|config| {
        let mut heap = heap(at_once(config));
        let node = node(&mut heap);
        let holder = every_second(&mut heap, &[node], 5_000);
        heap.compact();
        let before = heap.usage();
        let head = list(&mut heap, node, 1_000);
        make_old(&mut heap);
        let grown = heap.usage().old_used - before.old_used;
        assert_eq!(grown, 1_000 * NODE_BYTES);
        assert_eq!(heap.usage().old_total, heap.usage().old_used.next_multiple_of(PAGE));
        assert_list(&heap, head, 1_000);
        assert_every_second(&heap, holder, 5_000);
    });
}

/// Settings under which a marking starts as soon as something is old, and evacuates what it may.
pub(super) fn eager(config: Config) -> Config {
    let marking = MarkingPacing { start_percent: 0, max_minor_collections: 2, ..config.marking };
    let compaction = Compaction {
        fragmented_percent: 1,
        sparse_percent: 90,
        evacuate_bytes: 4 * PAGE,
        ..config.compaction
    };
    Config { marking, compaction, ..config }
}

/// Scavenges until a marking has started and ended.
pub(super) fn mark_in_steps(heap: &mut Heap) {
    let before = heap.stats().incremental_collections;
    while heap.stats().incremental_collections == before {
        heap.collect_minor();
        heap.step(Budget::Work(u64::MAX));
    }
}

#[test]
fn sparse_pages_are_emptied_when_a_marking_ends() {
    each_calm_config(|config| {
        let (mut heap, recorder) = recorded(eager(config));
        let (shape, array) = (object(&mut heap, 400), heap.register("array", Layout::Slots));
        let count = (12 * PAGE / 416) as u32;
        let holder = heap.alloc_array(array, count).unwrap();
        for index in 0..count {
            heap.scope(|heap| {
                let object = heap.alloc(shape).unwrap();
                heap.store_word(object, 0, index.into());
                heap.store(holder, index, Some(object));
            });
        }
        make_old(&mut heap);
        let is_kept = |index: u32| index.is_multiple_of(8);
        (0..count).filter(|index| !is_kept(*index)).for_each(|index| heap.store(holder, index, None));
        // One marking may have started before, and takes the dropped objects to be alive.
        mark_in_steps(&mut heap);
        mark_in_steps(&mut heap);
        let full_of_holes = heap.usage().old_total;
        mark_in_steps(&mut heap);
        heap.step(Budget::Work(u64::MAX));
        let evacuated = pauses(&recorder).into_iter().find(|pause| pause.work.moved_objects > 0);
        let pause = evacuated.expect("eleven twelfths of each page are free");
        assert!(pause.phases.iter().any(|end| end.phase == Phase::Evacuate));
        assert!(pause.work.moved_bytes <= 4 * PAGE);
        assert!(heap.usage().old_total < full_of_holes, "{:?}", heap.usage());
        for index in 0..count {
            let expected = is_kept(index).then_some(u64::from(index));
            assert_eq!(word(heap.view(holder).slot(index)), expected, "object {index}");
        }
        assert_eq!(heap.verify(), Ok(()));
    });
}

#[test]
fn what_lies_behind_an_array_is_not_taken_for_its_slots_when_both_are_evacuated() {
    each_calm_config(|config| {
        let (mut heap, recorder) = recorded(eager(config));
        let (bytes, array) = (object(&mut heap, 400), heap.register("array", Layout::Slots));
        let pairs = (12 * PAGE / 936) as u32;
        let holder = heap.alloc_array(array, 2 * pairs).unwrap();
        // Each array is followed by words that would be references, spread over all that there may be.
        let guess = |pair, word| u64::from((word * pairs + pair) * (u32::MAX / (100 * pairs)));
        for pair in 0..pairs {
            heap.scope(|heap| {
                let (array, bytes) = (heap.alloc_array(array, 129).unwrap(), heap.alloc(bytes).unwrap());
                heap.store(array, 128, Some(array));
                for word in 0..50 {
                    heap.store_word(bytes, word, guess(pair, word) << u32::BITS | guess(pair, 50 + word));
                }
                heap.store(holder, 2 * pair, Some(array));
                heap.store(holder, 2 * pair + 1, Some(bytes));
            });
        }
        make_old(&mut heap);
        (0..2 * pairs).filter(|index| index % 4 > 1).for_each(|index| heap.store(holder, index, None));
        (0..4).for_each(|_| mark_in_steps(&mut heap));
        assert!(pauses(&recorder).iter().any(|pause| pause.work.moved_objects > 0));
        assert_eq!(heap.verify(), Ok(()));
    });
}
