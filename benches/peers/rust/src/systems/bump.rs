//! bumpalo: memory is handed out from its start, and no object is freed by itself: the floor.
//!
//! Trees that are dropped have an arena to themselves, which starts anew behind each: they are freed at no cost. So are
//! the objects of `window`, of which what is kept is copied out. Everything else is never freed, as there is no way to
//! free it.

use crate::programs::{Plain, Program, big_heap, binary_trees, gcbench, lru_cache, ring, splay, window};
use bumpalo::Bump;
use lru_cache::Link;
use splay::Side;
use std::cell::Cell;

/// Bytes behind which objects are freed that are all garbage: what fits the second level of cache.
const RESET_BYTES: usize = 1 << 20;

/// How objects are made: in an arena.
#[derive(Clone, Copy)]
struct Objects<'b>(&'b Bump);

/// A reference that can be stored to.
type Slot<'b, T> = Cell<Option<&'b T>>;

#[derive(Clone, Copy)]
struct Node<'b> {
    children: Option<(&'b Node<'b>, &'b Node<'b>)>,
}

impl<'b> binary_trees::Nodes for Objects<'b> {
    type Node = &'b Node<'b>;

    fn node(self, children: Option<(Self::Node, Self::Node)>) -> Self::Node {
        self.0.alloc(Node { children })
    }

    fn count(self, tree: &Self::Node) -> u64 {
        match &tree.children {
            Some((left, right)) => 1 + self.count(left) + self.count(right),
            None => 1,
        }
    }
}

struct BenchNode<'b> {
    left: Slot<'b, BenchNode<'b>>,
    right: Slot<'b, BenchNode<'b>>,
    height: u32,
}

impl<'b> gcbench::Nodes for Objects<'b> {
    type Node = &'b BenchNode<'b>;

    fn leaf(self, height: u32) -> Self::Node {
        self.0.alloc(BenchNode { left: Cell::new(None), right: Cell::new(None), height })
    }

    fn branch(self, height: u32, left: Self::Node, right: Self::Node) -> Self::Node {
        self.0.alloc(BenchNode { left: Cell::new(Some(left)), right: Cell::new(Some(right)), height })
    }

    fn adopt(self, parent: &Self::Node, left: Self::Node, right: Self::Node) {
        parent.left.set(Some(left));
        parent.right.set(Some(right));
    }

    fn count(self, tree: &Self::Node, height: u32) -> u64 {
        let this = u64::from(tree.height == height);
        match (tree.left.get(), tree.right.get()) {
            (Some(left), Some(right)) if height > 0 => {
                this + self.count(&left, height - 1) + self.count(&right, height - 1)
            }
            _ => this,
        }
    }
}

impl<'b> ring::Messages for Objects<'b> {
    type Message = &'b [u8];

    fn message(self, length: usize, fill: u8) -> Self::Message {
        self.0.alloc_slice_fill_copy(length, fill)
    }

    fn sum(self, message: &Self::Message) -> u64 {
        message.iter().map(|byte| u64::from(*byte)).sum()
    }
}

struct Literal {
    number: u64,
    _more: [u64; window::MORE_WORDS],
}

enum Payload<'b> {
    Branch { left: &'b Payload<'b>, right: &'b Payload<'b> },
    Leaf { numbers: &'b splay::Numbers, text: &'b splay::Text },
}

impl Payload<'_> {
    fn is_intact(&self, depth: u32, expected: &splay::Text) -> bool {
        match self {
            Payload::Leaf { numbers, text } => depth == 0 && **numbers == splay::NUMBERS && *text == expected,
            Payload::Branch { left, right } => {
                depth > 0 && left.is_intact(depth - 1, expected) && right.is_intact(depth - 1, expected)
            }
        }
    }
}

struct TreeNode<'b> {
    key: u64,
    children: [Slot<'b, TreeNode<'b>>; 2],
    payload: &'b Payload<'b>,
}

impl<'b> splay::Objects for Objects<'b> {
    type Node = &'b TreeNode<'b>;
    type Payload = &'b Payload<'b>;

    fn leaf(self, numbers: splay::Numbers, text: splay::Text) -> Self::Payload {
        let (numbers, text) = (self.0.alloc(numbers), self.0.alloc(text));
        self.0.alloc(Payload::Leaf { numbers, text })
    }

    fn branch(self, left: Self::Payload, right: Self::Payload) -> Self::Payload {
        self.0.alloc(Payload::Branch { left, right })
    }

    fn node(self, key: u64, payload: Self::Payload) -> Self::Node {
        self.0.alloc(TreeNode { key, children: [const { Cell::new(None) }; 2], payload })
    }

    fn key(self, node: &Self::Node) -> u64 {
        node.key
    }

    fn child(self, node: &Self::Node, side: Side) -> Option<Self::Node> {
        node.children[side as usize].get()
    }

    fn set_child(self, node: &Self::Node, side: Side, child: Option<Self::Node>) {
        node.children[side as usize].set(child);
    }

    fn is_intact(self, node: &Self::Node, depth: u32, text: &splay::Text) -> bool {
        node.payload.is_intact(depth, text)
    }
}

struct Entry<'b> {
    key: u64,
    /// By [`Link`].
    links: [Slot<'b, Entry<'b>>; 3],
    value: &'b [u8],
}

impl<'b> lru_cache::Objects for Objects<'b> {
    type Entry = &'b Entry<'b>;

    fn ends(self) -> Self::Entry {
        self.0.alloc(Entry { key: 0, links: [const { Cell::new(None) }; 3], value: &[] })
    }

    fn entry(self, key: u64, number: u64, value_bytes: usize) -> Self::Entry {
        let value = self.0.alloc_slice_fill_copy(value_bytes, 0_u8);
        value[..8].copy_from_slice(&number.to_le_bytes());
        self.0.alloc(Entry { key, links: [const { Cell::new(None) }; 3], value })
    }

    fn key(self, entry: &Self::Entry) -> u64 {
        entry.key
    }

    fn number(self, entry: &Self::Entry) -> u64 {
        entry.value.first_chunk().map_or(u64::MAX, |bytes| u64::from_le_bytes(*bytes))
    }

    fn link(self, entry: &Self::Entry, link: Link) -> Option<Self::Entry> {
        entry.links[link as usize].get()
    }

    fn set_link(self, entry: &Self::Entry, link: Link, to: Option<Self::Entry>) {
        entry.links[link as usize].set(to);
    }

    fn is_same(self, left: &Self::Entry, right: &Self::Entry) -> bool {
        std::ptr::eq(*left, *right)
    }
}

struct Record<'b> {
    next: Slot<'b, Record<'b>>,
    previous: Slot<'b, Record<'b>>,
    words: [u64; big_heap::MOST_WORDS],
}

impl<'b> big_heap::Records for Objects<'b> {
    type Record = &'b Record<'b>;

    fn record(self, words: [u64; big_heap::MOST_WORDS], next: Option<Self::Record>) -> Self::Record {
        self.0.alloc(Record { next: Cell::new(next), previous: Cell::new(None), words })
    }

    fn words(self, record: &Self::Record) -> [u64; big_heap::MOST_WORDS] {
        record.words
    }

    fn next(self, record: &Self::Record) -> Option<Self::Record> {
        record.next.get()
    }

    fn set_next(self, record: &Self::Record, next: Option<Self::Record>) {
        record.next.set(next);
    }

    fn set_previous(self, record: &Self::Record, previous: Option<&Self::Record>) {
        record.previous.set(previous.copied());
    }

    fn is_behind(self, record: &Self::Record, previous: Option<&Self::Record>) -> bool {
        match (record.previous.get(), previous) {
            (Some(back), Some(previous)) => std::ptr::eq(back, *previous),
            (back, previous) => back.is_none() && previous.is_none(),
        }
    }
}

/// A stage where what is dropped has an arena to itself.
struct Dropping<'b, R> {
    bump: Bump,
    kept: Plain<Objects<'b>, R>,
}

impl<'b> binary_trees::Stage for Dropping<'b, Option<&'b Node<'b>>> {
    fn drop_tree(&mut self, depth: u32) -> u64 {
        let nodes = nodes(&self.bump, depth);
        self.bump.reset();
        nodes
    }

    fn keep_tree(&mut self, depth: u32) {
        self.kept.keep_tree(depth);
    }

    fn count_kept(&mut self) -> u64 {
        self.kept.count_kept()
    }
}

/// The nodes of a tree that is built in `bump`.
fn nodes(bump: &Bump, depth: u32) -> u64 {
    use binary_trees::Nodes;
    Objects(bump).count(&binary_trees::tree(Objects(bump), depth))
}

impl<'b> gcbench::Stage for Dropping<'b, Option<&'b BenchNode<'b>>> {
    fn drop_tree(&mut self, order: gcbench::Order, depth: u32) -> u64 {
        let nodes = intact_nodes(&self.bump, order, depth);
        self.bump.reset();
        nodes
    }

    fn keep_tree(&mut self, depth: u32) {
        self.kept.keep_tree(depth);
    }

    fn count_kept(&mut self, depth: u32) -> u64 {
        self.kept.count_kept(depth)
    }
}

/// The nodes of a tree that is built in `bump`, of those that know their height.
fn intact_nodes(bump: &Bump, order: gcbench::Order, depth: u32) -> u64 {
    use gcbench::Nodes;
    Objects(bump).count(&gcbench::tree(Objects(bump), order, depth), depth)
}

/// A stage where all objects are garbage at once: what is kept of one is copied out of the arena.
struct Literals {
    bump: Bump,
    kept: Vec<Option<u64>>,
}

impl window::Stage for Literals {
    #[inline]
    fn make(&mut self, number: u64, place: Option<usize>) {
        if self.bump.chunk_capacity() < size_of::<Literal>() {
            self.bump.reset();
        }
        let literal = Literal { number, _more: [0; window::MORE_WORDS] };
        let made = std::hint::black_box(self.bump.alloc(literal));
        if let Some(place) = place {
            self.kept[place] = Some(made.number);
        }
    }

    fn read(&mut self, place: usize) -> Option<u64> {
        self.kept[place]
    }
}

/// The programs.
pub(super) const PROGRAMS: [(&str, Program); 7] = [
    ("binary_trees", |parameters| binary_trees::run(&mut dropping(&Bump::new(), None), parameters)),
    ("gcbench", |parameters| gcbench::run(&mut dropping(&Bump::new(), None), parameters)),
    ("window", |parameters| {
        let bump = Bump::with_capacity(RESET_BYTES);
        window::run(&mut Literals { bump, kept: ring::window(parameters) }, parameters)
    }),
    ("ring", |parameters| ring::run(&mut plain(&Bump::new(), ring::window(parameters)), parameters)),
    ("splay", |parameters| splay::run(&mut plain(&Bump::new(), None), parameters)),
    ("lru_cache", |parameters| {
        let bump = Bump::new();
        let root = lru_cache::empty(Objects(&bump), parameters.get("capacity") as usize);
        lru_cache::run(&mut plain(&bump, root), parameters)
    }),
    ("big_heap", |parameters| {
        big_heap::run(&mut plain(&Bump::new(), big_heap::empty(parameters)), parameters)
    }),
];

fn plain<R>(bump: &Bump, root: R) -> Plain<Objects<'_>, R> {
    Plain { objects: Objects(bump), root }
}

fn dropping<R>(bump: &Bump, root: R) -> Dropping<'_, R> {
    Dropping { bump: Bump::new(), kept: plain(bump, root) }
}
