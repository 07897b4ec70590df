//! Old space and large objects: holes are used again, free pages go back, and the books are exact.

use crate::support::{
    NODE_BYTES, PAGE, alone, at_once, each_calm_config, each_config, heap, leaf, list, make_old, node,
    pauses, push, recorded, with_age, with_semispaces, word, words,
};
use gc_core::{Config, Heap, Layout, Local, MAX_SMALL_BYTES, MIN_SEMISPACE_BYTES, Shape};
use std::fs;

/// A program that keeps replacing every other of a number of old objects.
struct Churn {
    heap: Heap,
    /// An array with all objects.
    holder: Local,
    count: u32,
    /// Shapes of the objects, each with a slot and at least a word.
    shapes: Vec<Shape>,
    allocated: u32,
}

impl Churn {
    fn new(config: Config, count: u32, sizes: &[u32]) -> Churn {
        let mut heap = heap(config);
        let array = heap.register("holder", Layout::Slots);
        let shape = |bytes: &u32| heap.register("object", Layout::Fixed { slots: 1, bytes: bytes - 16 });
        let shapes = sizes.iter().map(shape).collect();
        let holder = heap.alloc_array(array, count).unwrap();
        let mut churn = Churn { heap, holder, count, shapes, allocated: 0 };
        (0..count).for_each(|index| churn.replace(index));
        make_old(&mut churn.heap);
        churn
    }

    fn replace(&mut self, index: u32) {
        let (holder, word) = (self.holder, u64::from(index));
        let shape = self.shapes[self.allocated as usize % self.shapes.len()];
        self.allocated += 1;
        self.heap.scope(|heap| {
            let object = leaf(heap, shape, word);
            heap.store(holder, index, Some(object));
        });
    }

    /// One round: half of the objects go, others come in their places.
    fn round(&mut self, round: u32) {
        let indices = || (round % 2..self.count).step_by(2);
        indices().for_each(|index| self.heap.store(self.holder, index, None));
        self.heap.collect_full();
        indices().for_each(|index| self.replace(index));
        make_old(&mut self.heap);
    }

    /// The pages of old space after each of some rounds.
    fn pages(&mut self, rounds: u32) -> Vec<u64> {
        let pages = (0..rounds).map(|round| {
            self.round(round);
            self.heap.usage().old_total / PAGE
        });
        pages.collect()
    }

    fn assert_complete(&self) {
        let held = |index| word(self.heap.view(self.holder).slot(index));
        assert!((0..self.count).all(|index| held(index) == Some(index.into())));
    }
}

#[test]
fn holes_are_filled_again() {
    each_config(|config| {
        // While a marking runs, fresh pages are used instead.
        let mut churn = Churn::new(at_once(config), 120, &[PAGE as u32 / 128]);
        let pages = churn.pages(8);
        assert!(pages.iter().all(|pages| *pages <= 2), "{pages:?}");
        churn.assert_complete();
    });
}

#[test]
fn an_object_that_fits_no_hole_leaves_them_to_smaller_ones() {
    each_calm_config(|mut config| {
        config.compaction.slide_percent = 101;
        let mut heap = heap(at_once(with_age(config, 0)));
        let node = node(&mut heap);
        let kept = heap.alloc(node).unwrap();
        let nodes = 8 * PAGE / NODE_BYTES;
        for word in 0..nodes / 2 {
            push(&mut heap, node, kept, word).unwrap();
            heap.scope(|heap| heap.alloc(node).map(|hole| heap.store(kept, 1, Some(hole)))).unwrap();
        }
        heap.collect_minor();
        // Every second node dies.
        heap.scope(|heap| {
            let cursor = heap.duplicate(kept);
            while heap.advance(cursor, cursor, 0) {
                heap.store(cursor, 1, None);
            }
        });
        heap.collect_full();
        let before = heap.usage().old_total;
        let larger = heap.register("larger than any hole", Layout::Fixed { slots: 2, bytes: 184 });
        heap.alloc(larger).unwrap();
        heap.collect_minor();
        (0..nodes / 4).for_each(|word| push(&mut heap, node, kept, word).unwrap());
        heap.collect_minor();
        assert!(heap.usage().old_total <= before + PAGE, "the holes are lost");
        assert_eq!(heap.verify(), Ok(()));
    });
}

#[test]
fn a_heap_of_many_pages_does_not_grow_while_holes_are_filled() {
    each_calm_config(|config| {
        let mut churn = Churn::new(config, 20_000, &[128]);
        let pages = churn.pages(12);
        assert!(pages.iter().all(|pages| *pages <= pages_of(20_000 * 128) + 4), "{pages:?}");
        churn.assert_complete();
    });
}

#[test]
fn a_heap_of_mixed_sizes_stays_within_a_small_multiple_of_what_lives() {
    each_calm_config(|config| {
        let sizes = [24, 40, 64, 104, 168, 248, 320, 1024, 4000];
        let mut churn = Churn::new(config, 9_000, &sizes);
        let live = sizes.iter().map(|bytes| u64::from(*bytes)).sum::<u64>() * 1_000;
        let pages = churn.pages(12);
        assert!(pages.iter().all(|pages| *pages <= 2 * pages_of(live)), "{pages:?}");
        churn.assert_complete();
    });
}

fn pages_of(bytes: u64) -> u64 {
    bytes.div_ceil(PAGE)
}

#[test]
fn medium_objects_of_every_size_live_beside_small_ones() {
    each_config(|config| {
        let medium = [257, 1_000, MAX_SMALL_BYTES as u32 / 3, MAX_SMALL_BYTES as u32];
        let sizes: Vec<u32> = medium.into_iter().flat_map(|bytes| [bytes.next_multiple_of(8), 24]).collect();
        let mut churn = Churn::new(config, 80, &sizes);
        churn.pages(4);
        churn.assert_complete();
    });
}

#[test]
fn free_pages_go_back_to_the_system() {
    each_config(|config| {
        let mut heap = heap(with_semispaces(config, MIN_SEMISPACE_BYTES));
        let shape = heap.register("object", Layout::Fixed { slots: 1, bytes: PAGE as u32 / 16 });
        let empty = heap.memory_usage();
        heap.scope(|heap| {
            list(heap, shape, 100);
            make_old(heap);
        });
        let full = heap.memory_usage();
        heap.collect_full();
        let dropped = heap.memory_usage();
        assert!(full.heap_total >= empty.heap_total + 6 * PAGE && full.rss >= empty.rss + 6 * PAGE);
        assert_eq!((dropped.heap_total, dropped.heap_used), (empty.heap_total, 0));
        assert!(dropped.rss + 6 * PAGE <= full.rss, "{full:?} then {dropped:?}");
    });
}

/// Resident memory of this process, in bytes.
fn resident_bytes() -> u64 {
    let statm = fs::read_to_string("/proc/self/statm").expect("a Linux system");
    let pages: u64 = statm.split_whitespace().nth(1).and_then(|pages| pages.parse().ok()).expect("a number");
    pages * 4096
}

#[test]
fn the_process_shrinks_when_the_heap_does() {
    const LIVE: u64 = 64 << 20;
    alone("old_space::the_process_shrinks_when_the_heap_does", None, || {
        each_calm_config(|mut config| {
            config.stress.verify = false;
            // What a thread touches ahead comes when it comes.
            config.prefault = false;
            let mut heap = heap(config);
            let shape = heap.register("object", Layout::Fixed { slots: 1, bytes: 4080 });
            heap.scope(|heap| {
                list(heap, shape, LIVE / 4096);
                make_old(heap);
            });
            let (full, counted_full) = (resident_bytes(), heap.memory_usage().rss);
            heap.collect_full();
            let (dropped, counted_dropped) = (resident_bytes(), heap.memory_usage().rss);
            assert!(full >= dropped + LIVE * 9 / 10, "{full} then {dropped}");
            assert!(counted_full >= counted_dropped + LIVE, "{counted_full} then {counted_dropped}");
        });
    });
}

#[test]
fn fragmentation_is_the_share_of_old_pages_without_an_object() {
    each_calm_config(|config| {
        let (mut heap, recorder) = recorded(with_age(config, 0));
        let node = node(&mut heap);
        let head = list(&mut heap, node, 2 * PAGE / NODE_BYTES);
        heap.collect_minor();
        let cursor = heap.duplicate(head);
        while heap.advance(cursor, cursor, 0) {
            heap.scope(|heap| drop_second(heap, cursor));
        }
        heap.collect_full();
        let usage = heap.usage();
        let expected = 1_000_000 * (usage.old_total - usage.old_used) / usage.old_total;
        let told = pauses(&recorder).pop().expect("two pauses").fragmentation_ppm;
        assert_eq!(u64::from(told), expected);
        assert!((490_000..510_000).contains(&told), "{told}");
    });
}

/// Takes the node after that of `cursor` out of the list.
fn drop_second(heap: &mut Heap, cursor: Local) {
    let Some(second) = heap.load(cursor, 0) else { return };
    let third = heap.load(second, 0);
    heap.store(cursor, 0, third);
}

#[test]
fn what_is_freed_is_counted_to_the_byte() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let kept = list(&mut heap, node, 50);
        heap.scope(|heap| {
            list(heap, node, 70);
            make_old(heap);
        });
        let before = heap.stats().work.freed_bytes;
        heap.collect_full();
        assert_eq!(heap.stats().work.freed_bytes - before, 70 * NODE_BYTES);
        assert_eq!(heap.usage().old_used, 50 * NODE_BYTES);
        assert_eq!(words(&heap, kept).len(), 50);
    });
}

#[test]
fn large_objects_take_whole_pages_and_give_them_back() {
    each_config(|config| {
        let mut heap = heap(with_semispaces(config, MIN_SEMISPACE_BYTES));
        let bytes = heap.register("bytes", Layout::Bytes);
        let lengths = [MAX_SMALL_BYTES, PAGE - 8, PAGE, 3 * PAGE + 1];
        let sizes = lengths.map(|length| 8 + length.next_multiple_of(8));
        let root = heap.scope(|heap| {
            let locals = lengths.map(|length| heap.alloc_array(bytes, length as u32).unwrap());
            let usage = heap.usage();
            assert_eq!(usage.large_used, sizes.iter().sum::<u64>());
            assert_eq!(usage.large_total, sizes.iter().map(|size| pages_of(*size) * PAGE).sum::<u64>());
            make_old(heap);
            assert_eq!(heap.usage(), usage, "they do not move");
            heap.root(locals[1])
        });
        heap.collect_full();
        assert_eq!((heap.usage().large_used, heap.usage().large_total), (PAGE, PAGE));
        drop(root);
        heap.collect_full();
        assert_eq!((heap.usage().large_used, heap.usage().large_total), (0, 0));
    });
}

#[test]
fn young_large_objects_die_in_a_scavenge() {
    each_config(|config| {
        let mut heap = heap(config);
        let bytes = heap.register("bytes", Layout::Bytes);
        heap.scope(|heap| heap.alloc_array(bytes, 2 * PAGE as u32)).unwrap();
        assert_eq!(heap.usage().large_total, 3 * PAGE);
        heap.collect_minor();
        assert_eq!(heap.usage().large_total, 0);
    });
}

#[test]
fn the_size_from_which_objects_are_large_is_a_setting() {
    each_config(|config| {
        let mut heap = heap(Config { large_object_bytes: 256, ..config });
        let bytes = heap.register("bytes", Layout::Bytes);
        heap.alloc_array(bytes, 256 - 8).unwrap();
        assert_eq!(heap.usage().large_used, 0);
        heap.alloc_array(bytes, 256).unwrap();
        assert_eq!((heap.usage().large_used, heap.usage().large_total), (264, PAGE));
    });
}

/// A heap with so many pages of old space, to which all is promoted at once: objects lie in it as the test
/// says.
fn paged(config: Config, pages: u64) -> Heap {
    heap(Config { max_old_bytes: pages * PAGE, ..with_age(config, 0) })
}

/// A list of objects of 32 bytes that take exactly one page of old space and lie in it in order.
fn one_page(heap: &mut Heap) -> Local {
    let shape = heap.register("object", Layout::Fixed { slots: 2, bytes: 16 });
    let head = list(heap, shape, PAGE / 32);
    heap.collect_minor();
    head
}

/// Makes holes of 32 bytes: takes every other of the first `2 * count` objects out of a list.
fn make_holes(heap: &mut Heap, head: Local, count: u64) {
    heap.scope(|heap| {
        let cursor = heap.duplicate(head);
        for _ in 0..count {
            heap.scope(|heap| drop_second(heap, cursor));
            heap.advance(cursor, cursor, 0);
        }
    });
}

#[test]
fn a_medium_object_that_finds_no_room_leaves_the_holes_to_others() {
    each_calm_config(|config| {
        let mut heap = paged(config, 2);
        for _ in 0..2 {
            let head = one_page(&mut heap);
            make_holes(&mut heap, head, PAGE / 64);
        }
        heap.collect_full();
        let medium = heap.register("medium", Layout::Fixed { slots: 0, bytes: 1000 });
        let small = heap.register("small", Layout::Fixed { slots: 2, bytes: 8 });
        heap.alloc(medium).unwrap();
        list(&mut heap, small, 100);
        let before = heap.usage().old_used;
        heap.collect_minor();
        assert_eq!(heap.usage().old_used - before, 100 * 24);
    });
}

#[test]
fn a_hole_behind_a_full_page_is_sound() {
    each_calm_config(|config| {
        let mut heap = paged(config, 3);
        let [first, third] = heap.scope(|heap| {
            let [first, _, third] = [(); 3].map(|()| one_page(heap));
            make_holes(heap, first, 16);
            heap.advance(third, third, 0);
            [heap.root(first), heap.root(third)]
        });
        heap.collect_full();
        let medium = heap.register("medium", Layout::Fixed { slots: 1, bytes: 1008 });
        let beyond = heap.register("beyond the hole", Layout::Fixed { slots: 1, bytes: 48 });
        let head = heap.scope(|heap| {
            let tail = leaf(heap, beyond, 7);
            let head = heap.alloc_with(medium, [Some(tail)]).unwrap();
            (1..PAGE / 1024).for_each(|word| push(heap, medium, head, word).unwrap());
            heap.root(head)
        });
        heap.collect_minor();
        assert_eq!(heap.verify(), Ok(()));
        let lengths = [head, first, third].map(|root| {
            let head = heap.get(&root);
            words(&heap, head).len() as u64
        });
        assert_eq!(lengths, [PAGE / 1024 + 1, PAGE / 32 - 16, PAGE / 32 - 1]);
    });
}
