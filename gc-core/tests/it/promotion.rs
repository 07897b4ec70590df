//! Promotion: the two rules that make a survivor old, and a scavenge that finds no room in old space.

use crate::support::{
    NODE_BYTES, PAGE, each_calm_config, each_config, heap, leaf, list, make_garbage, make_old, node, pauses,
    push, recorded, with_age, with_semispaces, words,
};
use gc_core::event::{MAX_AGE, PauseKind};
use gc_core::policy::Promotion;
use gc_core::{Config, Heap, Layout, Local, MIN_SEMISPACE_BYTES, Shape};

#[test]
fn an_object_is_promoted_by_survival() {
    each_calm_config(|config| {
        for age in [0, 1, 2, 3, MAX_AGE] {
            check_age(config.clone(), age);
        }
    });
}

/// Fails unless an object is copied by `age` scavenges and promoted by the next.
fn check_age(config: Config, age: u8) {
    let (mut heap, recorder) = recorded(with_age(config, age));
    let node = node(&mut heap);
    heap.alloc(node).unwrap();
    for survived in 0..=age {
        assert_eq!(heap.usage().old_used, 0);
        heap.collect_minor();
        let pause = pauses(&recorder).remove(0);
        let promoted = u64::from(survived == age);
        let moved = (pause.work.copied_objects, pause.work.promoted_objects);
        assert_eq!(moved, (1 - promoted, promoted), "scavenge {survived} with the threshold {age}");
        assert_eq!(pause.survived_bytes_by_age[usize::from(survived)], NODE_BYTES);
    }
    assert_eq!((heap.usage().old_used, heap.usage().new_used), (NODE_BYTES, 0));
}

#[test]
fn survivors_beyond_a_share_of_to_space_are_promoted() {
    each_calm_config(|config| {
        for (percent, share) in [(Some(25), 0.25), (Some(60), 0.6), (Some(0), 0.0), (None, 1.0)] {
            check_share(config.clone(), percent, share);
        }
    });
}

/// Fails unless of a new space full of survivors this share is copied and the rest is promoted.
fn check_share(config: Config, to_space_percent: Option<u8>, share: f64) {
    let promotion = Promotion { age: 5, to_space_percent, ..Promotion::default() };
    let config = Config { promotion, ..with_semispaces(config, MIN_SEMISPACE_BYTES) };
    let (mut heap, recorder) = recorded(config);
    let node = node(&mut heap);
    list(&mut heap, node, MIN_SEMISPACE_BYTES / NODE_BYTES);
    heap.collect_minor();
    let work = pauses(&recorder).remove(0).work;
    let copied = ((MIN_SEMISPACE_BYTES as f64 * share) as u64 / NODE_BYTES) * NODE_BYTES;
    assert_eq!(work.copied_bytes, copied.min(MIN_SEMISPACE_BYTES / NODE_BYTES * NODE_BYTES));
    assert_eq!(work.promoted_bytes, MIN_SEMISPACE_BYTES / NODE_BYTES * NODE_BYTES - work.copied_bytes);
}

/// Prepends objects of this shape until the heap is full; how many there are.
fn fill_heap(heap: &mut Heap, shape: Shape, head: Local) -> u64 {
    let count = (1..).find(|word| push(heap, shape, head, *word).is_err()).expect("a heap has a limit");
    assert_eq!(heap.verify(), Ok(()));
    count
}

/// Fills a heap with this little old space by objects of which all survive.
fn check_everything_survives(config: Config, old_pages: u64, object_bytes: u64) {
    let config = Config { max_old_bytes: old_pages * PAGE, ..with_semispaces(config, MIN_SEMISPACE_BYTES) };
    let mut heap = heap(config);
    let shape = heap.register("survivor", Layout::Fixed { slots: 1, bytes: object_bytes as u32 - 16 });
    heap.scope(|heap| {
        let head = heap.alloc(shape).unwrap();
        let count = fill_heap(heap, shape, head);
        assert!(count * object_bytes >= old_pages * PAGE, "{count} objects of {object_bytes} bytes");
        assert!(push(heap, shape, head, 0).is_err(), "still full");
        heap.collect_minor();
        heap.collect_full();
        assert!(words(heap, head).into_iter().eq((0..count).rev()), "nothing is lost");
    });
    make_garbage(&mut heap, shape, 100);
    let head = heap.alloc(shape).unwrap();
    assert!(push(&mut heap, shape, head, 1).is_ok(), "usable again");
}

#[test]
fn a_heap_in_which_everything_survives_fills_up_and_loses_nothing() {
    each_config(|config| {
        for (old_pages, objects_a_page) in [(1, 64), (2, 16), (3, 64), (1, 2)] {
            check_everything_survives(config.clone(), old_pages, PAGE / objects_a_page);
        }
    });
}

#[test]
fn a_heap_of_small_objects_that_all_survive_fills_up_and_loses_nothing() {
    each_calm_config(|config| check_everything_survives(config, 4, 128));
}

#[test]
fn objects_of_all_sizes_survive_a_heap_that_is_full() {
    each_config(|config| {
        let config = Config { max_old_bytes: 2 * PAGE, ..with_semispaces(config, MIN_SEMISPACE_BYTES) };
        let mut heap = heap(config);
        let sizes = [1, 3, 10, 30, 50].map(|part| PAGE as u32 * part / 128);
        let shapes = sizes.map(|bytes| heap.register("survivor", Layout::Fixed { slots: 1, bytes }));
        let head = heap.alloc(shapes[0]).unwrap();
        let mut refused = shapes.map(|_| false);
        let mut count = 1;
        for word in 1.. {
            let index = word as usize % shapes.len();
            match push(&mut heap, shapes[index], head, word) {
                Ok(()) => count += 1,
                Err(_) => refused[index] = true,
            }
            if refused == [true; 5] {
                break;
            }
        }
        assert_eq!(words(&heap, head).len(), count);
    });
}

#[test]
fn a_heap_is_not_full_while_old_space_has_room() {
    each_calm_config(|config| {
        for age in [0, 1, 2, 3, MAX_AGE] {
            let mut heap = heap(with_age(with_semispaces(config.clone(), MIN_SEMISPACE_BYTES), age));
            let shape = heap.register("survivor", Layout::Fixed { slots: 1, bytes: PAGE as u32 / 64 });
            let head = heap.alloc(shape).unwrap();
            for word in 1..200 {
                let pushed = push(&mut heap, shape, head, word);
                let used = heap.usage();
                assert!(pushed.is_ok(), "age {age}, {used:?}");
            }
        }
    });
}

#[test]
fn what_the_old_generation_holds_is_promoted_in_turn() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let parent = leaf(&mut heap, node, 1);
        make_old(&mut heap);
        heap.scope(|heap| {
            let child = leaf(heap, node, 2);
            heap.store(parent, 0, Some(child));
        });
        make_old(&mut heap);
        let usage = heap.usage();
        assert_eq!((usage.new_used, usage.old_used), (0, 2 * NODE_BYTES));
        assert_eq!(words(&heap, parent), [1, 2]);
    });
}

#[test]
fn a_full_collection_promotes_as_well() {
    each_calm_config(|config| {
        let (mut heap, recorder) = recorded(with_age(config, 0));
        let node = node(&mut heap);
        list(&mut heap, node, 10);
        heap.collect_full();
        let pause = pauses(&recorder).remove(0);
        assert_eq!((pause.kind, pause.work.promoted_objects), (PauseKind::Full, 10));
    });
}
