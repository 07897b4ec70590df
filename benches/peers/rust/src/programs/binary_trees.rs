//! `binary_trees`: trees that are built, counted and dropped beside one that stays.

use super::{Found, Plain};
use workloads::{Checksum, Parameters};

/// Depth of the shallowest trees that are dropped.
const MIN_DEPTH: u32 = 4;

/// Nodes: two references, nothing else.
pub(crate) trait Nodes: Copy {
    type Node;

    /// A node with two children, or with none.
    fn node(self, children: Option<(Self::Node, Self::Node)>) -> Self::Node;
    /// The nodes of a tree.
    fn count(self, tree: &Self::Node) -> u64;
}

/// A tree of `depth`, built bottom-up.
pub(crate) fn tree<N: Nodes>(nodes: N, depth: u32) -> N::Node {
    let children = (depth > 0).then(|| (tree(nodes, depth - 1), tree(nodes, depth - 1)));
    nodes.node(children)
}

/// What the program does, a step each.
pub(crate) trait Stage {
    /// Builds, counts and drops a tree; the number of nodes counted.
    fn drop_tree(&mut self, depth: u32) -> u64;
    /// Builds the tree that stays.
    fn keep_tree(&mut self, depth: u32);
    /// The nodes of the tree that stays.
    fn count_kept(&mut self) -> u64;
}

impl<N: Nodes> Stage for Plain<N, Option<N::Node>> {
    fn drop_tree(&mut self, depth: u32) -> u64 {
        self.objects.count(&tree(self.objects, depth))
    }

    fn keep_tree(&mut self, depth: u32) {
        self.root = Some(tree(self.objects, depth));
    }

    fn count_kept(&mut self) -> u64 {
        self.root.as_ref().map_or(0, |kept| self.objects.count(kept))
    }
}

/// Runs the program.
pub(crate) fn run(stage: &mut impl Stage, parameters: &Parameters) -> Found {
    let depth = parameters.get_u32("depth");
    let mut counts = Checksum::default();
    counts.add(stage.drop_tree(depth + 1));
    stage.keep_tree(depth);
    for round_depth in (MIN_DEPTH..=depth).step_by(2) {
        let trees = 0..1_u64 << (depth - round_depth + MIN_DEPTH);
        counts.add(trees.map(|_| stage.drop_tree(round_depth)).sum());
    }
    counts.add(stage.count_kept());
    counts.into()
}
