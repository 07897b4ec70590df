//! The splay tree on the heap.

use crate::programs::object_bytes;
use gc_core::{Heap, HeapFull, Layout, Local, Shape, View};
use std::cmp::Ordering;

/// Slots of a node. Its word 0 is the key.
const LEFT: u32 = 0;
const RIGHT: u32 = 1;
const PAYLOAD: u32 = 2;
/// The slot of the tree object that refers to the root.
const ROOT: u32 = 0;

/// Bytes that a node takes.
pub(super) const NODE_BYTES: u64 = object_bytes(3, 8);

/// A search tree that moves every node it is asked for to the root (Sleator and Tarjan, "Self-adjusting binary
/// search trees", 1985; top-down).
///
/// All its handles are made once. An operation moves them along (`advance`, `assign`) and so needs no scope.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tree {
    node: Shape,
    /// The object that owns the root.
    owner: Local,
    /// A node without a key, whose children collect the two sides while splaying.
    sides: Local,
    /// Where the next node less than the key is hung: the right child of the greatest such node.
    lesser: Local,
    /// Where the next node greater than the key is hung: the left child of the least such node.
    greater: Local,
    current: Local,
    child: Local,
}

/// On which side of a node something lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

impl Side {
    /// The side of a node under `node_key` where `key` is found; none if it is that node.
    fn of(key: u64, node_key: u64) -> Option<Side> {
        match key.cmp(&node_key) {
            Ordering::Less => Some(Side::Left),
            Ordering::Equal => None,
            Ordering::Greater => Some(Side::Right),
        }
    }

    fn slot(self) -> u32 {
        match self {
            Side::Left => LEFT,
            Side::Right => RIGHT,
        }
    }

    fn opposite(self) -> Side {
        match self {
            Side::Left => Side::Right,
            Side::Right => Side::Left,
        }
    }
}

impl Tree {
    /// An empty tree, whose handles live in the current scope.
    pub(super) fn new(heap: &mut Heap) -> Result<Self, HeapFull> {
        let node = heap.register("TreeNode", Layout::Fixed { slots: 3, bytes: 8 });
        let tree = heap.register("SplayTree", Layout::Fixed { slots: 1, bytes: 0 });
        let owner = heap.alloc(tree)?;
        let sides = heap.alloc(node)?;
        Ok(Tree {
            node,
            owner,
            sides,
            lesser: heap.duplicate(sides),
            greater: heap.duplicate(sides),
            current: heap.duplicate(sides),
            child: heap.duplicate(sides),
        })
    }

    /// Whether there is a node under `key`.
    pub(super) fn contains(&self, heap: &mut Heap, key: u64) -> bool {
        self.splay(heap, key) && self.current_key(heap) == key
    }

    /// Inserts a node. Does nothing if there is one under `key`.
    pub(super) fn insert(&self, heap: &mut Heap, key: u64, payload: Local) -> Result<(), HeapFull> {
        let node = heap.alloc_with(self.node, [None, None, Some(payload)])?;
        heap.store_word(node, 0, key);
        if self.splay(heap, key) {
            let Some(side) = Side::of(key, self.current_key(heap)) else { return Ok(()) };
            // What lies beyond the key stays with the new root; the old root keeps the rest.
            copy_child(heap, self.current, side, node, side);
            heap.store(node, side.opposite().slot(), Some(self.current));
            heap.store(self.current, side.slot(), None);
        }
        heap.store(self.owner, ROOT, Some(node));
        Ok(())
    }

    /// Removes the node under `key`, if there is one.
    pub(super) fn remove(&self, heap: &mut Heap, key: u64) {
        if !self.contains(heap, key) {
            return;
        }
        if heap.view(self.current).slot(LEFT).is_none() {
            heap.copy_slots(self.current, RIGHT..RIGHT + 1, self.owner, ROOT);
            return;
        }
        heap.scope(|heap| {
            let right = heap.load(self.current, RIGHT);
            heap.copy_slots(self.current, LEFT..LEFT + 1, self.owner, ROOT);
            // All keys on the left are less, so the greatest of them comes to the root, without a right child.
            self.splay(heap, key);
            heap.store(self.current, RIGHT, right);
        });
    }

    /// The greatest key less than `key`.
    pub(super) fn greatest_less_than(&self, heap: &mut Heap, key: u64) -> Option<u64> {
        if !self.splay(heap, key) {
            return None;
        }
        if self.current_key(heap) < key {
            return Some(self.current_key(heap));
        }
        let mut greatest = heap.view(self.current).slot(LEFT)?;
        while let Some(right) = greatest.slot(RIGHT) {
            greatest = right;
        }
        Some(greatest.word(0))
    }

    /// Every key with its payload, in order of the keys.
    pub(super) fn in_order<'h>(&self, heap: &'h Heap) -> InOrder<'h> {
        let mut nodes = InOrder { ancestors: Vec::new() };
        nodes.descend(heap.view(self.owner).slot(ROOT));
        nodes
    }

    fn current_key(&self, heap: &Heap) -> u64 {
        heap.view(self.current).word(0)
    }

    /// Makes the node under `key`, or else one of its neighbours in order, the root and `current`; false if the
    /// tree is empty.
    fn splay(&self, heap: &mut Heap, key: u64) -> bool {
        if !heap.advance(self.current, self.owner, ROOT) {
            return false;
        }
        heap.fill_slots(self.sides, LEFT..RIGHT + 1, None);
        heap.assign(self.lesser, self.sides);
        heap.assign(self.greater, self.sides);
        while let Some(side) = Side::of(key, self.current_key(heap)) {
            if !self.descend(heap, key, side) {
                break;
            }
        }
        self.assemble(heap);
        true
    }

    /// Moves `current` a step or two toward `key`, on `side` of it, hanging what it passes by on the other side;
    /// false if there is nothing on that side.
    fn descend(&self, heap: &mut Heap, key: u64, side: Side) -> bool {
        if !heap.advance(self.child, self.current, side.slot()) {
            return false;
        }
        if Side::of(key, heap.view(self.child).word(0)) == Some(side) {
            self.rotate(heap, side);
            if !heap.advance(self.child, self.current, side.slot()) {
                return false;
            }
        }
        self.hang(heap, side);
        true
    }

    /// Lifts `child`, on `side` of `current`, above it, and makes it `current`.
    fn rotate(&self, heap: &mut Heap, side: Side) {
        copy_child(heap, self.child, side.opposite(), self.current, side);
        heap.store(self.child, side.opposite().slot(), Some(self.current));
        heap.assign(self.current, self.child);
    }

    /// Hangs `current` on the side that it lies on, seen from the key, and makes `child` the new `current`.
    fn hang(&self, heap: &mut Heap, side: Side) {
        let edge = self.edge(side.opposite());
        heap.store(edge, side.slot(), Some(self.current));
        heap.assign(edge, self.current);
        heap.assign(self.current, self.child);
    }

    fn edge(&self, side: Side) -> Local {
        match side {
            Side::Left => self.lesser,
            Side::Right => self.greater,
        }
    }

    /// Makes `current` the root, with the two sides below it.
    fn assemble(&self, heap: &mut Heap) {
        copy_child(heap, self.current, Side::Left, self.lesser, Side::Right);
        copy_child(heap, self.current, Side::Right, self.greater, Side::Left);
        copy_child(heap, self.sides, Side::Right, self.current, Side::Left);
        copy_child(heap, self.sides, Side::Left, self.current, Side::Right);
        heap.store(self.owner, ROOT, Some(self.current));
    }
}

fn copy_child(heap: &mut Heap, source: Local, from: Side, target: Local, to: Side) {
    heap.copy_slots(source, from.slot()..from.slot() + 1, target, to.slot());
}

/// The nodes of a tree in order. Keeps the path to the next node, since a splay tree may be as deep as it is large.
#[derive(Debug)]
pub(super) struct InOrder<'h> {
    ancestors: Vec<View<'h>>,
}

impl<'h> InOrder<'h> {
    fn descend(&mut self, mut subtree: Option<View<'h>>) {
        while let Some(node) = subtree {
            self.ancestors.push(node);
            subtree = node.slot(LEFT);
        }
    }
}

impl<'h> Iterator for InOrder<'h> {
    type Item = (u64, Option<View<'h>>);

    fn next(&mut self) -> Option<Self::Item> {
        let node = self.ancestors.pop()?;
        self.descend(node.slot(RIGHT));
        Some((node.word(0), node.slot(PAYLOAD)))
    }
}

#[cfg(test)]
mod tests {
    use super::Tree;
    use gc_core::{Config, Heap, HeapFull};

    /// The keys of a tree after inserting `keys` in order and removing `removed`.
    fn keys_after(keys: &[u64], removed: &[u64]) -> Result<Vec<u64>, HeapFull> {
        let mut heap = Heap::new(Config::default()).expect("the default configuration is valid");
        heap.scope(|heap| {
            let tree = Tree::new(heap)?;
            for &key in keys {
                heap.scope(|heap| tree.insert(heap, key, tree.owner))?;
            }
            removed.iter().for_each(|&key| tree.remove(heap, key));
            Ok(tree.in_order(heap).map(|(key, _)| key).collect())
        })
    }

    #[track_caller]
    fn check(keys: &[u64], removed: &[u64], expected: &[u64]) {
        assert_eq!(keys_after(keys, removed), Ok(expected.to_vec()), "of {keys:?} without {removed:?}");
    }

    #[test]
    fn nodes_come_in_the_order_of_their_keys() {
        check(&[], &[], &[]);
        check(&[3, 1, 2], &[], &[1, 2, 3]);
        check(&[1, 2, 3, 4, 5], &[], &[1, 2, 3, 4, 5]);
        check(&[5, 1, 4, 2, 3, 0], &[], &[0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_key_is_inserted_once() {
        check(&[2, 1, 2], &[], &[1, 2]);
    }

    #[test]
    fn removal_leaves_the_others() {
        check(&[3, 1, 2], &[1], &[2, 3]);
        check(&[3, 1, 2], &[2], &[1, 3]);
        check(&[3, 1, 2], &[3], &[1, 2]);
        check(&[3, 1, 2], &[9], &[1, 2, 3]);
        check(&[3, 1, 2], &[1, 2, 3], &[]);
        check(&[], &[1], &[]);
    }

    #[test]
    fn the_greatest_lesser_key_is_the_neighbour_below() -> Result<(), HeapFull> {
        let mut heap = Heap::new(Config::default()).expect("the default configuration is valid");
        heap.scope(|heap| {
            let tree = Tree::new(heap)?;
            assert_eq!(tree.greatest_less_than(heap, 5), None);
            for key in [10, 30, 20] {
                heap.scope(|heap| tree.insert(heap, key, tree.owner))?;
            }
            let found = [10, 11, 20, 25, 30, 99].map(|key| tree.greatest_less_than(heap, key));
            assert_eq!(found, [None, Some(10), Some(10), Some(20), Some(20), Some(30)]);
            Ok(())
        })
    }
}
