//! `Box`: each object has one owner, who frees it. Objects that several others refer to cannot be made.

use crate::programs::{Plain, Program, binary_trees, gcbench, ring, window};
use std::mem::ManuallyDrop;

/// How objects are made: nothing is needed for that.
#[derive(Clone, Copy)]
struct Objects;

struct Node {
    children: Option<(Box<Node>, Box<Node>)>,
}

impl binary_trees::Nodes for Objects {
    type Node = Box<Node>;

    fn node(self, children: Option<(Self::Node, Self::Node)>) -> Self::Node {
        Box::new(Node { children })
    }

    fn count(self, tree: &Self::Node) -> u64 {
        match &tree.children {
            Some((left, right)) => 1 + self.count(left) + self.count(right),
            None => 1,
        }
    }
}

struct BenchNode {
    children: Option<(Box<BenchNode>, Box<BenchNode>)>,
    height: u32,
}

fn bench_leaf(height: u32) -> Box<BenchNode> {
    Box::new(BenchNode { children: None, height })
}

/// A tree of `depth`. A child belongs to its parent from the start, so that it is reached through that.
fn bench_tree(order: gcbench::Order, depth: u32) -> Box<BenchNode> {
    let mut root = bench_leaf(depth);
    match order {
        gcbench::Order::TopDown => populate(&mut root),
        gcbench::Order::BottomUp if depth > 0 => {
            root.children = Some((bench_tree(order, depth - 1), bench_tree(order, depth - 1)));
        }
        gcbench::Order::BottomUp => (),
    }
    root
}

/// Hangs a tree under `parent`.
fn populate(parent: &mut BenchNode) {
    if parent.height > 0 {
        let child = || bench_leaf(parent.height - 1);
        let (left, right) = parent.children.insert((child(), child()));
        populate(left);
        populate(right);
    }
}

fn count_intact(tree: &BenchNode, height: u32) -> u64 {
    let this = u64::from(tree.height == height);
    match &tree.children {
        Some((left, right)) if height > 0 => {
            this + count_intact(left, height - 1) + count_intact(right, height - 1)
        }
        _ => this,
    }
}

/// The tree that stays.
struct BenchTrees(Option<Box<BenchNode>>);

impl gcbench::Stage for BenchTrees {
    fn drop_tree(&mut self, order: gcbench::Order, depth: u32) -> u64 {
        count_intact(&bench_tree(order, depth), depth)
    }

    fn keep_tree(&mut self, depth: u32) {
        self.0 = Some(bench_tree(gcbench::Order::TopDown, depth));
    }

    fn count_kept(&mut self, depth: u32) -> u64 {
        self.0.as_ref().map_or(0, |kept| count_intact(kept, depth))
    }
}

impl ring::Messages for Objects {
    type Message = Box<[u8]>;

    fn message(self, length: usize, fill: u8) -> Self::Message {
        vec![fill; length].into()
    }

    fn sum(self, message: &Self::Message) -> u64 {
        message.iter().map(|byte| u64::from(*byte)).sum()
    }
}

struct Literal {
    number: u64,
    _more: [u64; window::MORE_WORDS],
}

impl window::Literals for Objects {
    type Literal = Box<Literal>;

    fn literal(self, number: u64) -> Self::Literal {
        Box::new(Literal { number, _more: [0; window::MORE_WORDS] })
    }

    fn number(self, literal: &Self::Literal) -> u64 {
        literal.number
    }
}

/// The programs. What is alive at the end is not freed: the process ends.
pub(super) const PROGRAMS: [(&str, Program); 4] = [
    ("binary_trees", |parameters| binary_trees::run(&mut *stage(None), parameters)),
    ("gcbench", |parameters| gcbench::run(&mut *ManuallyDrop::new(BenchTrees(None)), parameters)),
    ("ring", |parameters| ring::run(&mut *stage(ring::window(parameters)), parameters)),
    ("window", |parameters| window::run(&mut *stage(ring::window(parameters)), parameters)),
];

fn stage<R>(root: R) -> ManuallyDrop<Plain<Objects, R>> {
    ManuallyDrop::new(Plain { objects: Objects, root })
}
