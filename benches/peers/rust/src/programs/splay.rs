//! `splay`: nodes of a splay tree are replaced, each with a tree of payload.

use super::{Found, Plain};
use std::cmp::Ordering;
use std::io::Write;
use workloads::{Checksum, Parameters, Random};

/// Values of a leaf's array: the integers 0 to 9.
pub(crate) type Numbers = [u64; 10];
/// A leaf's string.
pub(crate) type Text = [u8; 48];

/// A side of a node.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
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

    fn opposite(self) -> Side {
        match self {
            Side::Left => Side::Right,
            Side::Right => Side::Left,
        }
    }
}

/// Nodes, whose children can be stored to, and payload.
pub(crate) trait Objects: Copy {
    type Node: Clone;
    type Payload;

    fn leaf(self, numbers: Numbers, text: Text) -> Self::Payload;
    fn branch(self, left: Self::Payload, right: Self::Payload) -> Self::Payload;
    fn node(self, key: u64, payload: Self::Payload) -> Self::Node;
    fn key(self, node: &Self::Node) -> u64;
    fn child(self, node: &Self::Node, side: Side) -> Option<Self::Node>;
    fn set_child(self, node: &Self::Node, side: Side, child: Option<Self::Node>);
    /// Whether all leaves of a node's payload hold what they should.
    fn is_intact(self, node: &Self::Node, depth: u32, text: &Text) -> bool;
}

/// The integers 0 to 9.
pub(crate) const NUMBERS: Numbers = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/// What the leaves of a node hold.
pub(crate) fn text(key: u64) -> Text {
    let mut text = [0; size_of::<Text>()];
    write!(&mut text[..], "String for key {key:020} in leaf node").expect("the text has room for every key");
    text
}

fn payload<O: Objects>(objects: O, depth: u32, text: &Text) -> O::Payload {
    if depth == 0 {
        return objects.leaf(NUMBERS, *text);
    }
    let left = payload(objects, depth - 1, text);
    let right = payload(objects, depth - 1, text);
    objects.branch(left, right)
}

/// The root of a tree, if it is not empty.
pub(crate) type Root<O> = Option<<O as Objects>::Node>;

/// Makes the node under `key`, or else a neighbour of it in order, the root (Sleator and Tarjan, 1985; top-down).
fn splay<O: Objects>(objects: O, root: &mut Root<O>, key: u64) {
    let Some(mut current) = root.take() else { return };
    // What lies beside the key is collected in two trees; each is kept as its root and the node where the next one is
    // hung.
    let mut sides: [Option<(O::Node, O::Node)>; 2] = [None, None];
    while let Some(side) = Side::of(key, objects.key(&current)) {
        let Some(mut child) = objects.child(&current, side) else { break };
        if Side::of(key, objects.key(&child)) == Some(side) {
            objects.set_child(&current, side, objects.child(&child, side.opposite()));
            objects.set_child(&child, side.opposite(), Some(current));
            current = child;
            match objects.child(&current, side) {
                Some(next) => child = next,
                None => break,
            }
        }
        hang(objects, &mut sides[side.opposite() as usize], current, side);
        current = child;
    }
    assemble(objects, &current, sides);
    *root = Some(current);
}

/// Hangs `node` on what has been collected: on `side` of the last one.
fn hang<O: Objects>(objects: O, tree: &mut Option<(O::Node, O::Node)>, node: O::Node, side: Side) {
    match tree {
        None => *tree = Some((node.clone(), node)),
        Some((_, edge)) => {
            objects.set_child(edge, side, Some(node.clone()));
            *edge = node;
        }
    }
}

/// Puts what has been collected below the new root.
fn assemble<O: Objects>(objects: O, root: &O::Node, sides: [Option<(O::Node, O::Node)>; 2]) {
    for (tree, side) in sides.into_iter().zip([Side::Left, Side::Right]) {
        if let Some((top, edge)) = tree {
            objects.set_child(&edge, side.opposite(), objects.child(root, side));
            objects.set_child(root, side, Some(top));
        }
    }
}

/// Whether there is a node under `key`, which is the root then.
pub(crate) fn contains<O: Objects>(objects: O, root: &mut Root<O>, key: u64) -> bool {
    splay(objects, root, key);
    root.as_ref().is_some_and(|root| objects.key(root) == key)
}

/// Inserts a node under a key that is not there.
pub(crate) fn insert<O: Objects>(objects: O, root: &mut Root<O>, key: u64, depth: u32) {
    let node = objects.node(key, payload(objects, depth, &text(key)));
    splay(objects, root, key);
    if let Some(old) = root.take() {
        let side = Side::of(key, objects.key(&old)).expect("the key is not there");
        objects.set_child(&node, side, objects.child(&old, side));
        objects.set_child(&old, side, None);
        objects.set_child(&node, side.opposite(), Some(old));
    }
    *root = Some(node);
}

/// Removes the node with the greatest key below `key`, or the one under `key` if there is none.
pub(crate) fn remove_below<O: Objects>(objects: O, root: &mut Root<O>, key: u64) {
    let victim = greatest_below(objects, root, key).unwrap_or(key);
    if !contains(objects, root, victim) {
        return;
    }
    let Some(removed) = root.take() else { return };
    let right = objects.child(&removed, Side::Right);
    *root = objects.child(&removed, Side::Left);
    // All keys on the left are less, so the greatest of them comes to the root, without a right child.
    splay(objects, root, victim);
    match root {
        Some(left) => objects.set_child(left, Side::Right, right),
        None => *root = right,
    }
}

fn greatest_below<O: Objects>(objects: O, root: &mut Root<O>, key: u64) -> Option<u64> {
    splay(objects, root, key);
    let root = root.as_ref()?;
    if objects.key(root) < key {
        return Some(objects.key(root));
    }
    let mut greatest = objects.child(root, Side::Left)?;
    while let Some(right) = objects.child(&greatest, Side::Right) {
        greatest = right;
    }
    Some(objects.key(&greatest))
}

/// All keys in order; one whose payload is damaged counts as another.
pub(crate) fn keys<O: Objects>(objects: O, root: &Root<O>, depth: u32) -> Checksum {
    let mut keys = Checksum::default();
    let (mut ancestors, mut subtree) = (Vec::new(), root.clone());
    loop {
        while let Some(node) = subtree {
            subtree = objects.child(&node, Side::Left);
            ancestors.push(node);
        }
        let Some(node) = ancestors.pop() else { return keys };
        let key = objects.key(&node);
        keys.add(if objects.is_intact(&node, depth, &text(key)) { key } else { !key });
        subtree = objects.child(&node, Side::Right);
    }
}

/// What the program does, a step each.
pub(crate) trait Stage {
    fn contains(&mut self, key: u64) -> bool;
    fn insert(&mut self, key: u64, depth: u32);
    fn remove_below(&mut self, key: u64);
    fn keys(&mut self, depth: u32) -> Checksum;
}

impl<O: Objects> Stage for Plain<O, Root<O>> {
    fn contains(&mut self, key: u64) -> bool {
        contains(self.objects, &mut self.root, key)
    }

    fn insert(&mut self, key: u64, depth: u32) {
        insert(self.objects, &mut self.root, key, depth);
    }

    fn remove_below(&mut self, key: u64) {
        remove_below(self.objects, &mut self.root, key);
    }

    fn keys(&mut self, depth: u32) -> Checksum {
        keys(self.objects, &self.root, depth)
    }
}

/// Runs the program.
pub(crate) fn run(stage: &mut impl Stage, parameters: &Parameters) -> Found {
    let depth = parameters.get_u32("payload_depth");
    let mut random = Random::new(parameters.seed());
    for _ in 0..parameters.get("size") {
        insert_new(stage, &mut random, depth);
    }
    for _ in 0..parameters.get("runs") * parameters.get("modifications") {
        let key = insert_new(stage, &mut random, depth);
        stage.remove_below(key);
    }
    stage.keys(depth).into()
}

/// Inserts a node under the first key of the stream that is not in the tree yet.
fn insert_new(stage: &mut impl Stage, random: &mut Random, depth: u32) -> u64 {
    let mut key = random.number();
    while stage.contains(key) {
        key = random.number();
    }
    stage.insert(key, depth);
    key
}
