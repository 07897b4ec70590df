//! Batches: several objects made in room that is there already.

use crate::support::{each_config, heap, node, words};
use gc_core::{Batch, Heap, Local, MIN_SEMISPACE_BYTES, Part, Shape};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A list of `length` nodes that ends in `tail`.
fn list<'b>(batch: &mut Batch<'b>, node: Shape, length: u64, tail: Option<Part<'b>>) -> Part<'b> {
    let head = batch.alloc_with(node, [tail, None]);
    if length == 1 { head } else { list(batch, node, length - 1, Some(head)) }
}

fn batched(heap: &mut Heap, node: Shape, length: u64, tail: Option<Local>) -> Local {
    let bytes = length * node.size_bytes();
    let made = heap.batch(bytes, |batch| {
        let tail = tail.map(|tail| batch.part(tail));
        list(batch, node, length, tail)
    });
    made.expect("there is room")
}

#[test]
fn what_a_batch_made_survives_collections() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let first = batched(&mut heap, node, 10, None);
        heap.collect_minor();
        heap.collect_minor();
        let second = batched(&mut heap, node, 20, Some(first));
        heap.collect_minor();
        heap.collect_full();
        assert_eq!(heap.verify(), Ok(()));
        assert_eq!([first, second].map(|list| words(&heap, list).len()), [10, 30]);
    });
}

#[test]
fn a_batch_collects_for_room_and_gives_back_what_it_does_not_use() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let before = heap.stats().work.allocated_bytes;
        for _ in 0..50 {
            let made = heap.scope(|heap| {
                heap.batch(MIN_SEMISPACE_BYTES / 2, |batch| list(batch, node, 3, None)).map(|_| ())
            });
            assert_eq!(made, Ok(()));
        }
        assert_eq!(heap.stats().work.allocated_bytes - before, 150 * node.size_bytes());
        assert_eq!(heap.verify(), Ok(()));
    });
}

#[test]
fn a_batch_larger_than_new_space_is_refused() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let full = heap.batch(1 << 40, |batch| list(batch, node, 1, None)).unwrap_err();
        assert_eq!(full.requested_bytes(), (u64::from(u32::MAX)) * 8, "32 GiB is the most that is told");
        assert!(heap.alloc(node).is_ok());
    });
}

#[test]
fn more_objects_than_asked_for_are_a_panic_and_harm_nothing() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let panic = catch_unwind(AssertUnwindSafe(|| {
            heap.batch(2 * node.size_bytes(), |batch| list(batch, node, 3, None)).map(|_| ())
        }));
        let said = panic.expect_err("a panic");
        assert!(said.downcast_ref::<&str>().is_some_and(|said| said.contains("than there was room")));
        heap.collect_full();
        assert_eq!(heap.verify(), Ok(()));
        assert_eq!(heap.usage().heap_used(), 0);
    });
}
