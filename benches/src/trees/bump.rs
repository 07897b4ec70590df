//! The program on bumpalo: each tree that is dropped has the arena to itself.

use super::batches;
use bumpalo::Bump;
use workloads::Checksum;

#[derive(Clone, Copy)]
struct Node<'b> {
    children: Option<[&'b Node<'b>; 2]>,
}

/// Runs the program; the checksum.
#[must_use]
pub fn run(depth: u32) -> u64 {
    let mut counts = Checksum::default();
    let mut bump = Bump::new();
    counts.add(drop_tree(&mut bump, depth + 1));
    let kept_bump = Bump::new();
    let kept = tree(&kept_bump, depth);
    for batch in batches(depth) {
        counts.add((0..batch.trees).map(|_| drop_tree(&mut bump, batch.depth)).sum());
    }
    counts.add(count(kept));
    counts.value()
}

/// Builds, counts and drops a tree; the number of nodes counted.
fn drop_tree(bump: &mut Bump, depth: u32) -> u64 {
    let nodes = count(tree(bump, depth));
    bump.reset();
    nodes
}

fn tree(bump: &Bump, depth: u32) -> &Node<'_> {
    let children = (depth > 0).then(|| [tree(bump, depth - 1), tree(bump, depth - 1)]);
    bump.alloc(Node { children })
}

fn count(node: &Node<'_>) -> u64 {
    match node.children {
        Some([left, right]) => 1 + count(left) + count(right),
        None => 1,
    }
}
