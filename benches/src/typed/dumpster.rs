//! The programs on dumpster.

use super::{DROPPED_DEPTH, DROPPED_TREES, KEPT_DEPTH, RING_OBJECTS, RING_SLOTS, Slots};
use dumpster::Trace;
use dumpster::unsync::Gc;

#[derive(Trace)]
struct Pair {
    first: u64,
    second: u64,
}

pub(super) fn ring() -> u64 {
    let mut ring: Vec<Option<Gc<Pair>>> = (0..RING_SLOTS).map(|_| None).collect();
    let mut random = Slots::new();
    for first in 0..RING_OBJECTS {
        ring[random.next()] = Some(Gc::new(Pair { first, second: 1 }));
    }
    ring.iter().flatten().map(|pair| pair.first * pair.second).sum()
}

#[derive(Trace)]
struct Node {
    left: Option<Gc<Node>>,
    right: Option<Gc<Node>>,
}

pub(super) fn trees() -> u64 {
    let kept = tree(KEPT_DEPTH);
    let dropped: u64 = (0..DROPPED_TREES).map(|_| count(&tree(DROPPED_DEPTH))).sum();
    dropped + count(&kept)
}

fn tree(depth: u32) -> Gc<Node> {
    let child = || (depth > 0).then(|| tree(depth - 1));
    let (left, right) = (child(), child());
    Gc::new(Node { left, right })
}

fn count(node: &Node) -> u64 {
    let below = |child: &Option<Gc<Node>>| child.as_deref().map_or(0, count);
    1 + below(&node.left) + below(&node.right)
}
