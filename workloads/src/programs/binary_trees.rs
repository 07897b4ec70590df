//! Binary trees, as in the Computer Language Benchmarks Game.

use super::object_bytes;
use crate::{Checksum, Entry, Found, Parameter, Progress, Workload};
use gc_core::{Batch, Heap, HeapFull, Layout, Local, Part, Shape, View};

/// Builds and counts one tree of `depth + 1`, then one of `depth` that stays; then, for every second depth `d` from
/// 4 to `depth`, builds, counts and drops 2^(`depth` - `d` + 4) trees of depth `d`; and last counts the tree
/// that stayed. A node is two references, nothing else: 16 bytes with its header.
///
/// **Stresses** allocation: almost every object dies before the next scavenge, in batches that range from
/// thousands of small trees to a few that are larger than new space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BinaryTrees {
    /// Depth of the long-lived tree; a tree of depth 0 is one node.
    pub depth: u32,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "binary_trees",
    about: "builds, counts and drops binary trees of growing depth beside a tree that stays",
    stresses: "allocation and scavenging of small objects that nearly all die young: how fast the fast path is, \
               and whether the one long-lived tree is promoted once and then left alone",
    by_default: true,
    parameters: &[Parameter {
        name: "depth",
        unit: "levels",
        about: "depth of the long-lived tree, and of the deepest trees that are dropped",
        default: 18,
        min: 1,
        max: 26,
    }],
    construct: |parameters| Box::new(BinaryTrees { depth: parameters.get_u32("depth") }),
};

/// Depth of the shallowest trees that are dropped.
const MIN_DEPTH: u32 = 4;

/// Trees of up to this depth are made in one go: 511 nodes, 8 KiB.
const BATCH_DEPTH: u32 = 8;

/// So many trees of one depth, built and dropped one after another.
#[derive(Clone, Copy)]
struct Round {
    depth: u32,
    trees: u64,
}

impl Round {
    fn nodes(self) -> u64 {
        self.trees * nodes_of_depth(self.depth)
    }
}

impl BinaryTrees {
    fn rounds(self) -> impl Iterator<Item = Round> {
        let round = move |depth| Round { depth, trees: 1 << (self.depth - depth + MIN_DEPTH) };
        (MIN_DEPTH..=self.depth).step_by(2).map(round)
    }

    fn stretch(self) -> Round {
        Round { depth: self.depth + 1, trees: 1 }
    }
}

impl Workload for BinaryTrees {
    fn operation(&self) -> &'static str {
        "node"
    }

    fn operations(&self) -> u64 {
        let dropped: u64 = self.rounds().map(Round::nodes).sum();
        self.stretch().nodes() + nodes_of_depth(self.depth) + dropped
    }

    fn live_bytes(&self) -> u64 {
        // The tree that stays and the deepest of the others; the stretch tree takes as much, alone.
        2 * nodes_of_depth(self.depth) * object_bytes(2, 0)
    }

    fn expected_checksum(&self) -> u64 {
        let counts = [self.stretch()].into_iter().chain(self.rounds()).map(Round::nodes);
        counts.chain([nodes_of_depth(self.depth)]).collect::<Checksum>().value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let node = heap.register("Node", Layout::Fixed { slots: 2, bytes: 0 });
        let mut counts = Checksum::default();
        counts.add(drop_round(heap, node, self.stretch(), progress)?);
        let long_lived = tree(heap, node, self.depth)?;
        for round in self.rounds() {
            counts.add(drop_round(heap, node, round, progress)?);
        }
        counts.add(count(heap.view(long_lived)));
        progress.advance(nodes_of_depth(self.depth));
        Ok(counts.into())
    }
}

/// Builds, counts and drops the trees of `round`; the number of nodes counted.
fn drop_round(
    heap: &mut Heap,
    node: Shape,
    round: Round,
    progress: &mut Progress<'_>,
) -> Result<u64, HeapFull> {
    let mut nodes = 0;
    for _ in 0..round.trees {
        nodes += heap.scope(|heap| {
            let root = tree(heap, node, round.depth)?;
            Ok(count(heap.view(root)))
        })?;
        progress.advance(nodes_of_depth(round.depth));
    }
    Ok(nodes)
}

/// A tree of `depth`, built bottom-up.
fn tree(heap: &mut Heap, node: Shape, depth: u32) -> Result<Local, HeapFull> {
    if depth <= BATCH_DEPTH {
        return heap.batch(nodes_of_depth(depth) * node.size_bytes(), |batch| batch_tree(batch, node, depth));
    }
    heap.alloc_from(node, |heap| {
        let left = tree(heap, node, depth - 1)?;
        let right = tree(heap, node, depth - 1)?;
        Ok([Some(left), Some(right)])
    })
}

/// A tree of `depth` in room that is there already.
fn batch_tree<'b>(batch: &mut Batch<'b>, node: Shape, depth: u32) -> Part<'b> {
    if depth == 0 {
        return batch.alloc_with(node, [None, None]);
    }
    let left = batch_tree(batch, node, depth - 1);
    let right = batch_tree(batch, node, depth - 1);
    batch.alloc_with(node, [Some(left), Some(right)])
}

fn count(tree: View<'_>) -> u64 {
    let [left, right] = tree.first_slots();
    1 + left.map_or(0, count) + right.map_or(0, count)
}

const fn nodes_of_depth(depth: u32) -> u64 {
    (2 << depth) - 1
}

#[cfg(test)]
mod tests {
    use super::{BinaryTrees, nodes_of_depth};
    use crate::Workload;

    #[test]
    fn a_full_tree_has_a_node_less_than_twice_its_leaves() {
        assert_eq!([0, 1, 2, 10].map(nodes_of_depth), [1, 3, 7, 2047]);
    }

    #[test]
    fn every_round_has_about_as_many_nodes() {
        let rounds: Vec<_> =
            BinaryTrees { depth: 8 }.rounds().map(|round| (round.depth, round.trees)).collect();
        assert_eq!(rounds, [(4, 256), (6, 64), (8, 16)]);
    }

    #[test]
    fn operations_are_all_nodes_built() {
        assert_eq!(BinaryTrees { depth: 4 }.operations(), 63 + 31 + 16 * 31);
    }
}
