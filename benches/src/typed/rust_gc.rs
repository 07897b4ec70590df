//! The trees on gc.

#![expect(non_local_definitions, reason = "the derive of gc writes them so")]

use super::{DROPPED_DEPTH, DROPPED_TREES, KEPT_DEPTH};
use gc::{Finalize, Gc, Trace};

#[derive(Trace, Finalize)]
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
