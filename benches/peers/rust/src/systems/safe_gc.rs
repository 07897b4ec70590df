//! safe-gc: mark-sweep without unsafe code: an object is an entry of a table of its type, and what a program holds is a
//! root.

use crate::programs::{Plain, Program, big_heap, binary_trees, gcbench, lru_cache, ring, splay, window};
use lru_cache::Link;
use safe_gc::{Collector, Gc, Heap, Root, Trace};
use splay::Side;
use std::cell::RefCell;
use std::mem::ManuallyDrop;

/// How objects are made: on a heap, which lives as long as the process.
#[derive(Clone, Copy)]
struct Objects(&'static RefCell<Heap>);

impl Objects {
    fn new() -> Self {
        Objects(Box::leak(Box::new(RefCell::new(Heap::new()))))
    }

    fn make<T: Trace>(self, object: T) -> Root<T> {
        self.0.borrow_mut().alloc(object)
    }

    /// What is read of an object.
    fn read<T: Trace, V>(self, root: &Root<T>, read: impl FnOnce(&T) -> V) -> V {
        read(self.0.borrow().get(root))
    }

    /// Changes an object.
    fn change<T: Trace>(self, root: &Root<T>, change: impl FnOnce(&mut T)) {
        change(self.0.borrow_mut().get_mut(root));
    }

    /// A reference that was read, as a root.
    fn root<T: Trace>(self, gc: Option<Gc<T>>) -> Option<Root<T>> {
        gc.map(|gc| self.0.borrow().root(gc))
    }
}

/// A reference to store. What it refers to must be rooted until it is.
fn stored<T: Trace>(root: &Root<T>) -> Gc<T> {
    root.unrooted()
}

fn trace_all<T: Trace>(collector: &mut Collector, slots: &[Option<Gc<T>>]) {
    slots.iter().flatten().for_each(|gc| collector.edge(*gc));
}

struct Node {
    children: [Option<Gc<Node>>; 2],
}

impl Trace for Node {
    fn trace(&self, collector: &mut Collector) {
        trace_all(collector, &self.children);
    }
}

impl binary_trees::Nodes for Objects {
    type Node = Root<Node>;

    fn node(self, children: Option<(Self::Node, Self::Node)>) -> Self::Node {
        let slot = |side: fn(&(Root<Node>, Root<Node>)) -> &Root<Node>| {
            children.as_ref().map(|both| stored(side(both)))
        };
        self.make(Node { children: [slot(|both| &both.0), slot(|both| &both.1)] })
    }

    fn count(self, tree: &Self::Node) -> u64 {
        count(&self.0.borrow(), stored(tree))
    }
}

fn count(heap: &Heap, tree: Gc<Node>) -> u64 {
    1 + heap.get(tree).children.iter().flatten().map(|child| count(heap, *child)).sum::<u64>()
}

struct BenchNode {
    children: [Option<Gc<BenchNode>>; 2],
    height: u32,
}

impl Trace for BenchNode {
    fn trace(&self, collector: &mut Collector) {
        trace_all(collector, &self.children);
    }
}

impl gcbench::Nodes for Objects {
    type Node = Root<BenchNode>;

    fn leaf(self, height: u32) -> Self::Node {
        self.make(BenchNode { children: [None, None], height })
    }

    fn branch(self, height: u32, left: Self::Node, right: Self::Node) -> Self::Node {
        self.make(BenchNode { children: [Some(stored(&left)), Some(stored(&right))], height })
    }

    fn adopt(self, parent: &Self::Node, left: Self::Node, right: Self::Node) {
        self.change(parent, |node| node.children = [Some(stored(&left)), Some(stored(&right))]);
    }

    fn count(self, tree: &Self::Node, height: u32) -> u64 {
        count_intact(&self.0.borrow(), stored(tree), height)
    }
}

fn count_intact(heap: &Heap, tree: Gc<BenchNode>, height: u32) -> u64 {
    let node = heap.get(tree);
    let this = u64::from(node.height == height);
    match node.children {
        [Some(left), Some(right)] if height > 0 => {
            this + count_intact(heap, left, height - 1) + count_intact(heap, right, height - 1)
        }
        _ => this,
    }
}

struct Message {
    bytes: Box<[u8]>,
}

impl Trace for Message {
    fn trace(&self, _collector: &mut Collector) {}
}

impl ring::Messages for Objects {
    type Message = Root<Message>;

    fn message(self, length: usize, fill: u8) -> Self::Message {
        self.make(Message { bytes: vec![fill; length].into() })
    }

    fn sum(self, message: &Self::Message) -> u64 {
        self.read(message, |message| message.bytes.iter().map(|byte| u64::from(*byte)).sum())
    }
}

struct Literal {
    number: u64,
    _more: [u64; window::MORE_WORDS],
}

impl Trace for Literal {
    fn trace(&self, _collector: &mut Collector) {}
}

impl window::Literals for Objects {
    type Literal = Root<Literal>;

    fn literal(self, number: u64) -> Self::Literal {
        self.make(Literal { number, _more: [0; window::MORE_WORDS] })
    }

    fn number(self, literal: &Self::Literal) -> u64 {
        self.read(literal, |literal| literal.number)
    }
}

struct Numbers {
    numbers: splay::Numbers,
}

impl Trace for Numbers {
    fn trace(&self, _collector: &mut Collector) {}
}

struct Text {
    text: splay::Text,
}

impl Trace for Text {
    fn trace(&self, _collector: &mut Collector) {}
}

enum Payload {
    Branch { left: Gc<Payload>, right: Gc<Payload> },
    Leaf { numbers: Gc<Numbers>, text: Gc<Text> },
}

impl Trace for Payload {
    fn trace(&self, collector: &mut Collector) {
        match self {
            Payload::Branch { left, right } => {
                collector.edge(*left);
                collector.edge(*right);
            }
            Payload::Leaf { numbers, text } => {
                collector.edge(*numbers);
                collector.edge(*text);
            }
        }
    }
}

struct TreeNode {
    key: u64,
    children: [Option<Gc<TreeNode>>; 2],
    payload: Gc<Payload>,
}

impl Trace for TreeNode {
    fn trace(&self, collector: &mut Collector) {
        trace_all(collector, &self.children);
        collector.edge(self.payload);
    }
}

impl splay::Objects for Objects {
    type Node = Root<TreeNode>;
    type Payload = Root<Payload>;

    fn leaf(self, numbers: splay::Numbers, text: splay::Text) -> Self::Payload {
        let (numbers, text) = (self.make(Numbers { numbers }), self.make(Text { text }));
        self.make(Payload::Leaf { numbers: stored(&numbers), text: stored(&text) })
    }

    fn branch(self, left: Self::Payload, right: Self::Payload) -> Self::Payload {
        self.make(Payload::Branch { left: stored(&left), right: stored(&right) })
    }

    fn node(self, key: u64, payload: Self::Payload) -> Self::Node {
        self.make(TreeNode { key, children: [None, None], payload: stored(&payload) })
    }

    fn key(self, node: &Self::Node) -> u64 {
        self.read(node, |node| node.key)
    }

    fn child(self, node: &Self::Node, side: Side) -> Option<Self::Node> {
        self.root(self.read(node, |node| node.children[side as usize]))
    }

    fn set_child(self, node: &Self::Node, side: Side, child: Option<Self::Node>) {
        self.change(node, |node| node.children[side as usize] = child.as_ref().map(stored));
    }

    fn is_intact(self, node: &Self::Node, depth: u32, text: &splay::Text) -> bool {
        let heap = self.0.borrow();
        is_intact(&heap, heap.get(node).payload, depth, text)
    }
}

fn is_intact(heap: &Heap, payload: Gc<Payload>, depth: u32, expected: &splay::Text) -> bool {
    match *heap.get(payload) {
        Payload::Leaf { numbers, text } => {
            depth == 0 && heap.get(numbers).numbers == splay::NUMBERS && heap.get(text).text == *expected
        }
        Payload::Branch { left, right } => {
            depth > 0
                && is_intact(heap, left, depth - 1, expected)
                && is_intact(heap, right, depth - 1, expected)
        }
    }
}

struct Entry {
    key: u64,
    /// By [`Link`].
    links: [Option<Gc<Entry>>; 3],
    value: Option<Gc<Message>>,
}

impl Trace for Entry {
    fn trace(&self, collector: &mut Collector) {
        trace_all(collector, &self.links);
        trace_all(collector, &[self.value]);
    }
}

impl lru_cache::Objects for Objects {
    type Entry = Root<Entry>;

    fn ends(self) -> Self::Entry {
        self.make(Entry { key: 0, links: [None; 3], value: None })
    }

    fn entry(self, key: u64, number: u64, value_bytes: usize) -> Self::Entry {
        let mut bytes: Box<[u8]> = vec![0; value_bytes].into();
        bytes[..8].copy_from_slice(&number.to_le_bytes());
        let value = self.make(Message { bytes });
        self.make(Entry { key, links: [None; 3], value: Some(stored(&value)) })
    }

    fn key(self, entry: &Self::Entry) -> u64 {
        self.read(entry, |entry| entry.key)
    }

    fn number(self, entry: &Self::Entry) -> u64 {
        let heap = self.0.borrow();
        let first = heap.get(entry).value.and_then(|value| heap.get(value).bytes.first_chunk().copied());
        first.map_or(u64::MAX, u64::from_le_bytes)
    }

    fn link(self, entry: &Self::Entry, link: Link) -> Option<Self::Entry> {
        self.root(self.read(entry, |entry| entry.links[link as usize]))
    }

    fn set_link(self, entry: &Self::Entry, link: Link, to: Option<Self::Entry>) {
        self.change(entry, |entry| entry.links[link as usize] = to.as_ref().map(stored));
    }

    fn is_same(self, left: &Self::Entry, right: &Self::Entry) -> bool {
        stored(left) == stored(right)
    }
}

struct Record {
    next: Option<Gc<Record>>,
    previous: Option<Gc<Record>>,
    words: [u64; big_heap::MOST_WORDS],
}

impl Trace for Record {
    fn trace(&self, collector: &mut Collector) {
        trace_all(collector, &[self.next, self.previous]);
    }
}

impl big_heap::Records for Objects {
    type Record = Root<Record>;

    fn record(self, words: [u64; big_heap::MOST_WORDS], next: Option<Self::Record>) -> Self::Record {
        self.make(Record { next: next.as_ref().map(stored), previous: None, words })
    }

    fn words(self, record: &Self::Record) -> [u64; big_heap::MOST_WORDS] {
        self.read(record, |record| record.words)
    }

    fn next(self, record: &Self::Record) -> Option<Self::Record> {
        self.root(self.read(record, |record| record.next))
    }

    fn set_next(self, record: &Self::Record, next: Option<Self::Record>) {
        self.change(record, |record| record.next = next.as_ref().map(stored));
    }

    fn set_previous(self, record: &Self::Record, previous: Option<&Self::Record>) {
        self.change(record, |record| record.previous = previous.map(stored));
    }

    fn is_behind(self, record: &Self::Record, previous: Option<&Self::Record>) -> bool {
        self.read(record, |record| record.previous) == previous.map(stored)
    }
}

/// The programs. What is alive at the end is not freed: the process ends.
pub(super) const PROGRAMS: [(&str, Program); 7] = [
    ("binary_trees", |parameters| binary_trees::run(&mut *stage(None), parameters)),
    ("gcbench", |parameters| gcbench::run(&mut *stage(None), parameters)),
    ("ring", |parameters| ring::run(&mut *stage(ring::window(parameters)), parameters)),
    ("window", |parameters| window::run(&mut *stage(ring::window(parameters)), parameters)),
    ("splay", |parameters| splay::run(&mut *stage(None), parameters)),
    ("lru_cache", |parameters| {
        let objects = Objects::new();
        let root = lru_cache::empty(objects, parameters.get("capacity") as usize);
        lru_cache::run(&mut *ManuallyDrop::new(Plain { objects, root }), parameters)
    }),
    ("big_heap", |parameters| big_heap::run(&mut *stage(big_heap::empty(parameters)), parameters)),
];

fn stage<R>(root: R) -> ManuallyDrop<Plain<Objects, R>> {
    ManuallyDrop::new(Plain { objects: Objects::new(), root })
}
