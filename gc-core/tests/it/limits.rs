//! Limits: a heap that is full says so as often as it is asked, stays sound, and can be given more.

use crate::support::{
    NODE_BYTES, PAGE, assert_list, each_config, heap, list, make_garbage, node, push, recorded, with_age,
    with_semispaces, words,
};
use gc_core::event::Event;
use gc_core::{Config, Decoder, Heap, Layout, Local, MIN_SEMISPACE_BYTES, NearLimit, Shape};
use std::sync::{Arc, Mutex};

/// Settings for a heap with this many pages of old space and the least of new space.
fn limited(config: Config, pages: u64) -> Config {
    Config { max_old_bytes: pages * PAGE, ..with_semispaces(config, MIN_SEMISPACE_BYTES) }
}

/// A shape of which a page holds 8 objects.
fn eighth_page(heap: &mut Heap) -> Shape {
    heap.register("an eighth of a page", Layout::Fixed { slots: 1, bytes: PAGE as u32 / 8 - 16 })
}

/// Prepends objects to a list until the heap is full.
fn fill(heap: &mut Heap, shape: Shape) -> Local {
    let head = heap.alloc(shape).unwrap();
    while push(heap, shape, head, 1).is_ok() {}
    head
}

#[test]
fn a_full_heap_refuses_a_thousand_times_and_does_not_grow() {
    each_config(|config| {
        let mut heap = heap(limited(config, 1));
        let shape = eighth_page(&mut heap);
        let root = heap.scope(|heap| {
            let head = fill(heap, shape);
            (0..10).for_each(|_| assert!(heap.alloc(shape).is_err()));
            let (before, length) = (heap.memory_usage(), words(heap, head).len());
            let refused = heap.stats().heap_full;
            (0..1_000).for_each(|_| assert!(heap.alloc(shape).is_err()));
            assert_eq!(heap.memory_usage(), before);
            assert_eq!(heap.stats().heap_full, refused + 1_000);
            assert_eq!(words(heap, head).len(), length);
            heap.root(head)
        });
        assert_eq!(heap.verify(), Ok(()));
        drop(root);
        make_garbage(&mut heap, shape, 50);
        assert!(heap.alloc(shape).is_ok());
    });
}

#[test]
fn a_refusal_says_what_was_asked_for_and_what_the_limit_is() {
    each_config(|config| {
        let (mut heap, recorder) = recorded(limited(config, 2));
        let shape = eighth_page(&mut heap);
        fill(&mut heap, shape);
        let full = heap.alloc(shape).unwrap_err();
        assert_eq!((full.requested_bytes(), heap.config().max_old_bytes), (PAGE / 8, 2 * PAGE));
        assert!(full.to_string().starts_with(&format!("the heap is full: no room for {} bytes", PAGE / 8)));
        let told = |event: &Event| match *event {
            Event::HeapFull { requested_bytes, limit_bytes, .. } => Some((requested_bytes, limit_bytes)),
            _ => None,
        };
        assert_eq!(recorder.take().iter().rev().find_map(told), Some((PAGE / 8, 2 * PAGE)));
    });
}

#[test]
fn the_program_may_raise_the_limit() {
    each_config(|config| {
        let (mut heap, recorder) = recorded(limited(config, 1));
        let told = Arc::new(Mutex::new(Vec::new()));
        let raise = {
            let told = Arc::clone(&told);
            move |near: NearLimit| {
                told.lock().expect("no panic").push(near);
                (near.max_old_bytes < 4 * PAGE).then_some(near.max_old_bytes + PAGE)
            }
        };
        heap.on_near_limit(Box::new(raise));
        let shape = eighth_page(&mut heap);
        let head = fill(&mut heap, shape);
        let asked: Vec<_> = told.lock().expect("no panic").clone();
        let expected =
            [1, 2, 3, 4].map(|pages| NearLimit { max_old_bytes: pages * PAGE, requested_bytes: PAGE / 8 });
        assert_eq!(asked, expected);
        let raised = |event: Event| match event {
            Event::MaximumRaised { from_bytes, to_bytes, .. } => Some((from_bytes / PAGE, to_bytes / PAGE)),
            _ => None,
        };
        let raises: Vec<_> = recorder.take().into_iter().filter_map(raised).collect();
        assert_eq!(raises, [(1, 2), (2, 3), (3, 4)]);
        assert_eq!(heap.config().max_old_bytes, 4 * PAGE);
        assert!(words(&heap, head).len() >= 4 * 8, "four pages are full");
    });
}

#[test]
fn a_raise_that_is_none_is_a_refusal() {
    each_config(|config| {
        let mut heap = heap(limited(config, 1));
        heap.on_near_limit(Box::new(|near| Some(near.max_old_bytes)));
        let shape = eighth_page(&mut heap);
        fill(&mut heap, shape);
        assert!(heap.alloc(shape).is_err());
        assert_eq!(heap.config().max_old_bytes, PAGE);
    });
}

#[test]
fn arrays_that_no_heap_can_hold_are_refused() {
    let decoder = Decoder { mask: 0, tag: 0, shift: 0 };
    each_config(|config| {
        let mut heap = heap(Config { max_old_bytes: 64 << 20, ..config });
        let node = node(&mut heap);
        let head = list(&mut heap, node, 10);
        for (layout, length, bytes) in [
            (Layout::Slots, u32::MAX, 8 + (1 << 34) + (1 << 22)),
            (Layout::Bytes, u32::MAX, 8 + (1 << 32)),
            (Layout::Values(decoder), u32::MAX, u64::from(u32::MAX) * 8),
            (Layout::Values(decoder), 1 << 31, 8 + (1 << 34) + (1 << 22)),
            (Layout::Bytes, 64 << 20, 8 + (64 << 20)),
        ] {
            let shape = heap.register("array", layout);
            let full = heap.alloc_array(shape, length).unwrap_err();
            assert_eq!(full.requested_bytes(), bytes, "{layout:?} of length {length}");
        }
        assert!(heap.alloc_buffer(u32::MAX).is_err());
        assert_eq!(heap.verify(), Ok(()));
        assert_eq!(heap.usage().heap_used(), 10 * NODE_BYTES);
        assert_list(&heap, head, 10);
    });
}

#[test]
fn a_limit_below_one_large_object_refuses_it_and_nothing_else() {
    each_config(|config| {
        let mut heap = heap(limited(config, 3));
        let bytes = heap.register("bytes", Layout::Bytes);
        assert!(heap.alloc_array(bytes, 3 * PAGE as u32).is_err(), "a header too much");
        heap.scope(|heap| heap.alloc_array(bytes, 3 * PAGE as u32 - 8)).unwrap();
        heap.scope(|heap| heap.alloc_array(bytes, 3 * PAGE as u32 - 8)).unwrap();
        let shape = eighth_page(&mut heap);
        heap.alloc(shape).unwrap();
    });
}

#[test]
fn large_objects_and_old_space_share_one_limit() {
    each_config(|config| {
        let mut heap = heap(limited(with_age(config, 0), 4));
        let bytes = heap.register("bytes", Layout::Bytes);
        let large = heap.scope(|heap| {
            let large = heap.alloc_array(bytes, 2 * PAGE as u32).unwrap();
            heap.root(large)
        });
        let shape = eighth_page(&mut heap);
        let kept = heap.scope(|heap| {
            let head = fill(heap, shape);
            assert!(heap.alloc_array(bytes, PAGE as u32).is_err());
            assert_eq!((heap.usage().old_total, heap.usage().large_total), (PAGE, 3 * PAGE));
            words(heap, head).len()
        });
        drop(large);
        let more = fill(&mut heap, shape);
        assert!(words(&heap, more).len() > kept, "there is room where the large object was");
    });
}
