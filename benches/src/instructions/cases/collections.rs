//! What collections cost for each object, with what makes it worth their while: subtract the other cases to know a phase alone.

use super::quiet_settings;
use super::untyped::{Node, batch_of_list, heap};
use crate::instructions::OPERATIONS;
use crate::settings::Survival;
use gc_core::policy::Compaction;
use gc_core::{Config, Heap, Layout};

/// Rounds that share a collection: what each costs whatever it finds would count for more than the objects otherwise.
const SHARING: u32 = 20;
/// Objects that a collection finds.
const OBJECTS: u32 = SHARING * OPERATIONS;

/// A heap with these settings, but whose scavenges do this with all survivors.
fn heap_with(config: Config, survival: Survival) -> Heap {
    crate::settings::heap(Config { promotion: survival.promotion(), ..config })
}

pub(super) fn remember(rounds: u32) -> u64 {
    let mut heap = heap_with(quiet_settings(), Survival::Copied);
    let node = heap.register("node", Layout::Fixed { slots: 2, bytes: 0 });
    let holders: Vec<_> = (0..OBJECTS).map(|_| heap.alloc_old(node).expect("there is room")).collect();
    for _ in 0..rounds / SHARING {
        heap.scope(|heap| {
            let value = heap.alloc(node).expect("there is room");
            for holder in &holders {
                heap.store(*holder, 1, Some(value));
            }
            heap.collect_minor();
        });
    }
    heap.memory_usage().heap_used
}

pub(super) fn copy(rounds: u32) -> u64 {
    scavenge(&mut heap_with(quiet_settings(), Survival::Copied), rounds)
}

pub(super) fn promote(rounds: u32) -> u64 {
    scavenge(&mut heap_with(quiet_settings(), Survival::Promoted), rounds)
}

fn scavenge(heap: &mut Heap, rounds: u32) -> u64 {
    let node: Node = heap.register_fixed("node");
    for _ in 0..rounds / SHARING {
        heap.scope(|heap| {
            batch_of_list(heap, node, OBJECTS);
            heap.collect_minor();
        });
    }
    heap.memory_usage().heap_used
}

pub(super) fn mark(rounds: u32) -> u64 {
    let mut heap = heap();
    let node = heap.register_fixed("node");
    batch_of_list(&mut heap, node, OBJECTS);
    (0..2 + rounds / SHARING).for_each(|_| heap.collect_full());
    heap.memory_usage().heap_used
}

pub(super) fn sweep(rounds: u32) -> u64 {
    // Half of old space is dead: only a policy against it keeps the collection from sliding.
    let compaction = Compaction { slide_percent: 101, fragmented_percent: 101, ..Compaction::default() };
    replace_lists(rounds, Config { compaction, ..quiet_settings() }, Heap::collect_full)
}

pub(super) fn slide(rounds: u32) -> u64 {
    replace_lists(rounds, quiet_settings(), Heap::compact)
}

/// Promotes a list, lets it take the place of the one before, and collects.
fn replace_lists(rounds: u32, config: Config, collect: fn(&mut Heap)) -> u64 {
    let mut heap = heap_with(config, Survival::Promoted);
    let node = heap.register_fixed("node");
    let root = heap.scope(|heap| {
        let list = batch_of_list(heap, node, OBJECTS);
        heap.root(list)
    });
    for _ in 0..rounds / SHARING {
        heap.scope(|heap| {
            let list = batch_of_list(heap, node, OBJECTS);
            heap.collect_minor();
            heap.set_root(&root, list);
        });
        collect(&mut heap);
    }
    heap.memory_usage().heap_used
}
