//! `gcbench`: trees built top-down and bottom-up beside a tree and an array that stay.

use super::{Found, Plain};
use workloads::{Checksum, Parameters};

/// Depth of the shallowest trees that are dropped.
const MIN_DEPTH: u32 = 4;

/// Nodes: two references, which can be stored to, and a height.
pub(crate) trait Nodes: Copy {
    type Node: Clone;

    /// A node without children.
    fn leaf(self, height: u32) -> Self::Node;
    /// A node with two children.
    fn branch(self, height: u32, left: Self::Node, right: Self::Node) -> Self::Node;
    /// Stores two children into a node.
    fn adopt(self, parent: &Self::Node, left: Self::Node, right: Self::Node);
    /// The nodes of a tree that know the height at which they are.
    fn count(self, tree: &Self::Node, height: u32) -> u64;
}

/// In which order the nodes of a tree are made.
#[derive(Clone, Copy)]
pub(crate) enum Order {
    TopDown,
    BottomUp,
}

/// A tree of `depth`.
pub(crate) fn tree<N: Nodes>(nodes: N, order: Order, depth: u32) -> N::Node {
    match order {
        Order::BottomUp => bottom_up(nodes, depth),
        Order::TopDown => {
            let root = nodes.leaf(depth);
            populate(nodes, &root, depth);
            root
        }
    }
}

fn bottom_up<N: Nodes>(nodes: N, depth: u32) -> N::Node {
    match depth {
        0 => nodes.leaf(0),
        _ => nodes.branch(depth, bottom_up(nodes, depth - 1), bottom_up(nodes, depth - 1)),
    }
}

/// Hangs a tree of `depth` under `parent`.
fn populate<N: Nodes>(nodes: N, parent: &N::Node, depth: u32) {
    if depth > 0 {
        let (left, right) = (nodes.leaf(depth - 1), nodes.leaf(depth - 1));
        nodes.adopt(parent, left.clone(), right.clone());
        populate(nodes, &left, depth - 1);
        populate(nodes, &right, depth - 1);
    }
}

/// What the program does, a step each.
pub(crate) trait Stage {
    /// Builds, counts and drops a tree; the number of nodes counted.
    fn drop_tree(&mut self, order: Order, depth: u32) -> u64;
    /// Builds the tree that stays, top-down.
    fn keep_tree(&mut self, depth: u32);
    /// The nodes of the tree that stays.
    fn count_kept(&mut self, depth: u32) -> u64;
}

impl<N: Nodes> Stage for Plain<N, Option<N::Node>> {
    fn drop_tree(&mut self, order: Order, depth: u32) -> u64 {
        self.objects.count(&tree(self.objects, order, depth), depth)
    }

    fn keep_tree(&mut self, depth: u32) {
        self.root = Some(tree(self.objects, Order::TopDown, depth));
    }

    fn count_kept(&mut self, depth: u32) -> u64 {
        self.root.as_ref().map_or(0, |kept| self.objects.count(kept, depth))
    }
}

/// Runs the program. The array that stays is a vector in all systems: it holds no references.
pub(crate) fn run(stage: &mut impl Stage, parameters: &Parameters) -> Found {
    let get = |name| parameters.get_u32(name);
    let (stretch_depth, kept_depth) = (get("stretch_depth"), get("long_lived_depth"));
    let mut checksum = Checksum::default();
    checksum.add(stage.drop_tree(Order::BottomUp, stretch_depth));
    stage.keep_tree(kept_depth);
    let array: Vec<_> = (0..get("array_length")).map(|index| 1.0 / (f64::from(index) + 1.0)).collect();
    for depth in (MIN_DEPTH..=get("max_depth")).step_by(2) {
        let rounds = 2 * nodes_of_depth(stretch_depth) / nodes_of_depth(depth);
        let mut drop_all = |order| (0..rounds).map(|_| stage.drop_tree(order, depth)).sum::<u64>();
        checksum.add(drop_all(Order::TopDown) + drop_all(Order::BottomUp));
    }
    checksum.add(stage.count_kept(kept_depth));
    array.iter().for_each(|double| checksum.add(double.to_bits()));
    checksum.into()
}

const fn nodes_of_depth(depth: u32) -> u64 {
    (2 << depth) - 1
}
