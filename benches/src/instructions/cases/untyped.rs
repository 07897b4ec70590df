//! What programs on handles do.

use super::quiet_settings;
use crate::instructions::OPERATIONS;
use gc_core::{FixedShape, Heap, Layout, Local};
use std::hint::black_box;

/// Two references, 16 bytes with the header.
pub(super) type Node = FixedShape<2, 0>;

pub(super) fn heap() -> Heap {
    crate::settings::heap(quiet_settings())
}

/// A list of so many nodes; its head.
pub(super) fn batch_of_list(heap: &mut Heap, node: Node, length: u32) -> Local {
    let list = heap.batch(u64::from(length) * node.size_bytes(), |batch| {
        let first = batch.alloc_with(node, [None, None]);
        (1..length).fold(first, |last, _| batch.alloc_with(node, [Some(last), Some(first)]))
    });
    list.expect("there is room")
}

pub(super) fn alloc(rounds: u32) -> u64 {
    let mut heap = heap();
    let node = heap.register("node", Layout::Fixed { slots: 2, bytes: 0 });
    for _ in 0..rounds {
        heap.scope(|heap| {
            for _ in 0..OPERATIONS {
                black_box(heap.alloc(node).expect("there is room"));
            }
        });
    }
    heap.memory_usage().heap_used
}

pub(super) fn batch(rounds: u32) -> u64 {
    let mut heap = heap();
    let node = heap.register_fixed("node");
    for _ in 0..rounds {
        heap.scope(|heap| {
            black_box(batch_of_list(heap, node, OPERATIONS));
        });
    }
    heap.memory_usage().heap_used
}

pub(super) fn store_young(rounds: u32) -> u64 {
    let mut heap = heap();
    store(&mut heap, rounds, |_| ())
}

pub(super) fn store_old(rounds: u32) -> u64 {
    let mut heap = heap();
    store(&mut heap, rounds, Heap::collect_full)
}

/// Stores an object into each of as many others as there are operations in a round, again and again; `age` is done to the
/// others before there is the object.
fn store(heap: &mut Heap, rounds: u32, age: fn(&mut Heap)) -> u64 {
    let node = heap.register("node", Layout::Fixed { slots: 2, bytes: 0 });
    let holders: Vec<_> = (0..OPERATIONS).map(|_| heap.alloc(node).expect("there is room")).collect();
    age(heap);
    age(heap);
    let value = heap.alloc(node).expect("there is room");
    for _ in 0..rounds {
        for holder in black_box(&holders) {
            heap.store(*holder, 1, Some(value));
        }
    }
    u64::from(rounds)
}
