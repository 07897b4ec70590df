//! The program with `Box`: every node is allocated and freed by itself.

use super::batches;
use workloads::Checksum;

struct Node {
    children: Option<[Box<Node>; 2]>,
}

/// Runs the program; the checksum.
#[must_use]
pub fn run(depth: u32) -> u64 {
    let mut counts = Checksum::default();
    counts.add(count(&tree(depth + 1)));
    let kept = tree(depth);
    for batch in batches(depth) {
        counts.add((0..batch.trees).map(|_| count(&tree(batch.depth))).sum());
    }
    counts.add(count(&kept));
    counts.value()
}

fn tree(depth: u32) -> Box<Node> {
    let children = (depth > 0).then(|| [tree(depth - 1), tree(depth - 1)]);
    Box::new(Node { children })
}

fn count(node: &Node) -> u64 {
    match &node.children {
        Some([left, right]) => 1 + count(left) + count(right),
        None => 1,
    }
}
