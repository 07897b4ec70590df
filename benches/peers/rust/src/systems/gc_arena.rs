//! gc-arena: mark-sweep, incremental if asked for; references last for a closure, and between two of them what is due
//! is collected.
//!
//! The pacing is the fastest within five times the memory of what lives (see `benches/src/trees/arena.rs`): each cycle
//! is one stop-the-world collection, due when four times as much has been allocated as the last one left.

use crate::programs::{Program, big_heap, binary_trees, gcbench, lru_cache, ring, splay, window};
use gc_arena::arena::Root;
use gc_arena::barrier::unlock;
use gc_arena::lock::Lock;
use gc_arena::metrics::Pacing;
use gc_arena::{Arena, Collect, Gc, Mutation, Rootable};
use lru_cache::{Link, LookUp};
use splay::Side;
use std::mem::ManuallyDrop;
use workloads::{Checksum, Parameters};

const PACING: Pacing = Pacing { sleep_factor: 4.0, ..Pacing::STOP_THE_WORLD };

#[derive(Collect)]
#[collect(no_drop)]
struct Node<'gc> {
    children: Option<[Gc<'gc, Node<'gc>>; 2]>,
}

#[derive(Collect)]
#[collect(no_drop)]
struct BenchNode<'gc> {
    left: Lock<Option<Gc<'gc, BenchNode<'gc>>>>,
    right: Lock<Option<Gc<'gc, BenchNode<'gc>>>>,
    height: u32,
}

#[derive(Collect)]
#[collect(require_static)]
struct Message {
    bytes: Box<[u8]>,
}

#[derive(Collect)]
#[collect(require_static)]
struct Literal {
    number: u64,
    _more: [u64; window::MORE_WORDS],
}

#[derive(Collect)]
#[collect(require_static)]
struct Numbers {
    numbers: splay::Numbers,
}

#[derive(Collect)]
#[collect(require_static)]
struct Text {
    text: splay::Text,
}

#[derive(Collect)]
#[collect(no_drop)]
enum Payload<'gc> {
    Branch { left: Gc<'gc, Payload<'gc>>, right: Gc<'gc, Payload<'gc>> },
    Leaf { numbers: Gc<'gc, Numbers>, text: Gc<'gc, Text> },
}

#[derive(Collect)]
#[collect(no_drop)]
struct TreeNode<'gc> {
    key: u64,
    left: Lock<Option<Gc<'gc, TreeNode<'gc>>>>,
    right: Lock<Option<Gc<'gc, TreeNode<'gc>>>>,
    payload: Gc<'gc, Payload<'gc>>,
}

#[derive(Collect)]
#[collect(no_drop)]
struct Entry<'gc> {
    key: u64,
    chain: Lock<Option<Gc<'gc, Entry<'gc>>>>,
    newer: Lock<Option<Gc<'gc, Entry<'gc>>>>,
    older: Lock<Option<Gc<'gc, Entry<'gc>>>>,
    value: Option<Gc<'gc, Message>>,
}

#[derive(Collect)]
#[collect(no_drop)]
struct Record<'gc> {
    next: Lock<Option<Gc<'gc, Record<'gc>>>>,
    previous: Lock<Option<Gc<'gc, Record<'gc>>>>,
    words: [u64; big_heap::MOST_WORDS],
}

/// How objects are made: in a mutation.
#[derive(Clone, Copy)]
struct Objects<'gc>(&'gc Mutation<'gc>);

impl<'gc> binary_trees::Nodes for Objects<'gc> {
    type Node = Gc<'gc, Node<'gc>>;

    fn node(self, children: Option<(Self::Node, Self::Node)>) -> Self::Node {
        Gc::new(self.0, Node { children: children.map(<[_; 2]>::from) })
    }

    fn count(self, tree: &Self::Node) -> u64 {
        match &tree.children {
            Some([left, right]) => 1 + self.count(left) + self.count(right),
            None => 1,
        }
    }
}

impl<'gc> gcbench::Nodes for Objects<'gc> {
    type Node = Gc<'gc, BenchNode<'gc>>;

    fn leaf(self, height: u32) -> Self::Node {
        Gc::new(self.0, BenchNode { left: Lock::new(None), right: Lock::new(None), height })
    }

    fn branch(self, height: u32, left: Self::Node, right: Self::Node) -> Self::Node {
        Gc::new(self.0, BenchNode { left: Lock::new(Some(left)), right: Lock::new(Some(right)), height })
    }

    fn adopt(self, parent: &Self::Node, left: Self::Node, right: Self::Node) {
        unlock!(Gc::write(self.0, *parent), BenchNode, left).set(Some(left));
        unlock!(Gc::write(self.0, *parent), BenchNode, right).set(Some(right));
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

impl<'gc> ring::Messages for Objects<'gc> {
    type Message = Gc<'gc, Message>;

    fn message(self, length: usize, fill: u8) -> Self::Message {
        Gc::new(self.0, Message { bytes: vec![fill; length].into() })
    }

    fn sum(self, message: &Self::Message) -> u64 {
        message.bytes.iter().map(|byte| u64::from(*byte)).sum()
    }
}

impl<'gc> window::Literals for Objects<'gc> {
    type Literal = Gc<'gc, Literal>;

    fn literal(self, number: u64) -> Self::Literal {
        Gc::new(self.0, Literal { number, _more: [0; window::MORE_WORDS] })
    }

    fn number(self, literal: &Self::Literal) -> u64 {
        literal.number
    }
}

impl Payload<'_> {
    fn is_intact(&self, depth: u32, expected: &splay::Text) -> bool {
        match self {
            Payload::Leaf { numbers, text } => {
                depth == 0 && numbers.numbers == splay::NUMBERS && text.text == *expected
            }
            Payload::Branch { left, right } => {
                depth > 0 && left.is_intact(depth - 1, expected) && right.is_intact(depth - 1, expected)
            }
        }
    }
}

impl<'gc> splay::Objects for Objects<'gc> {
    type Node = Gc<'gc, TreeNode<'gc>>;
    type Payload = Gc<'gc, Payload<'gc>>;

    fn leaf(self, numbers: splay::Numbers, text: splay::Text) -> Self::Payload {
        let (numbers, text) = (Gc::new(self.0, Numbers { numbers }), Gc::new(self.0, Text { text }));
        Gc::new(self.0, Payload::Leaf { numbers, text })
    }

    fn branch(self, left: Self::Payload, right: Self::Payload) -> Self::Payload {
        Gc::new(self.0, Payload::Branch { left, right })
    }

    fn node(self, key: u64, payload: Self::Payload) -> Self::Node {
        Gc::new(self.0, TreeNode { key, left: Lock::new(None), right: Lock::new(None), payload })
    }

    fn key(self, node: &Self::Node) -> u64 {
        node.key
    }

    fn child(self, node: &Self::Node, side: Side) -> Option<Self::Node> {
        match side {
            Side::Left => node.left.get(),
            Side::Right => node.right.get(),
        }
    }

    fn set_child(self, node: &Self::Node, side: Side, child: Option<Self::Node>) {
        let write = Gc::write(self.0, *node);
        match side {
            Side::Left => unlock!(write, TreeNode, left).set(child),
            Side::Right => unlock!(write, TreeNode, right).set(child),
        }
    }

    fn is_intact(self, node: &Self::Node, depth: u32, text: &splay::Text) -> bool {
        node.payload.is_intact(depth, text)
    }
}

impl<'gc> Objects<'gc> {
    fn new_entry(self, key: u64, value: Option<Gc<'gc, Message>>) -> Gc<'gc, Entry<'gc>> {
        let none = || Lock::new(None);
        Gc::new(self.0, Entry { key, chain: none(), newer: none(), older: none(), value })
    }
}

impl<'gc> lru_cache::Objects for Objects<'gc> {
    type Entry = Gc<'gc, Entry<'gc>>;

    fn ends(self) -> Self::Entry {
        self.new_entry(0, None)
    }

    fn entry(self, key: u64, number: u64, value_bytes: usize) -> Self::Entry {
        let mut bytes: Box<[u8]> = vec![0; value_bytes].into();
        bytes[..8].copy_from_slice(&number.to_le_bytes());
        self.new_entry(key, Some(Gc::new(self.0, Message { bytes })))
    }

    fn key(self, entry: &Self::Entry) -> u64 {
        entry.key
    }

    fn number(self, entry: &Self::Entry) -> u64 {
        let first = entry.value.as_ref().and_then(|value| value.bytes.first_chunk());
        first.map_or(u64::MAX, |bytes| u64::from_le_bytes(*bytes))
    }

    fn link(self, entry: &Self::Entry, link: Link) -> Option<Self::Entry> {
        match link {
            Link::Chain => entry.chain.get(),
            Link::Newer => entry.newer.get(),
            Link::Older => entry.older.get(),
        }
    }

    fn set_link(self, entry: &Self::Entry, link: Link, to: Option<Self::Entry>) {
        let write = Gc::write(self.0, *entry);
        match link {
            Link::Chain => unlock!(write, Entry, chain).set(to),
            Link::Newer => unlock!(write, Entry, newer).set(to),
            Link::Older => unlock!(write, Entry, older).set(to),
        }
    }

    fn is_same(self, left: &Self::Entry, right: &Self::Entry) -> bool {
        Gc::ptr_eq(*left, *right)
    }
}

impl<'gc> big_heap::Records for Objects<'gc> {
    type Record = Gc<'gc, Record<'gc>>;

    fn record(self, words: [u64; big_heap::MOST_WORDS], next: Option<Self::Record>) -> Self::Record {
        Gc::new(self.0, Record { next: Lock::new(next), previous: Lock::new(None), words })
    }

    fn words(self, record: &Self::Record) -> [u64; big_heap::MOST_WORDS] {
        record.words
    }

    fn next(self, record: &Self::Record) -> Option<Self::Record> {
        record.next.get()
    }

    fn set_next(self, record: &Self::Record, next: Option<Self::Record>) {
        unlock!(Gc::write(self.0, *record), Record, next).set(next);
    }

    fn set_previous(self, record: &Self::Record, previous: Option<&Self::Record>) {
        unlock!(Gc::write(self.0, *record), Record, previous).set(previous.copied());
    }

    fn is_behind(self, record: &Self::Record, previous: Option<&Self::Record>) -> bool {
        match (record.previous.get(), previous) {
            (Some(back), Some(previous)) => Gc::ptr_eq(back, *previous),
            (back, previous) => back.is_none() && previous.is_none(),
        }
    }
}

/// A step of a program, and the collection that is due behind it.
fn turn<R: for<'a> Rootable<'a>, T>(
    arena: &mut Arena<R>,
    step: impl for<'gc> FnOnce(&'gc Mutation<'gc>, &'gc mut Root<'gc, R>) -> T,
) -> T
where
    for<'a> Root<'a, R>: Collect<'a>,
{
    let result = arena.mutate_root(step);
    arena.collect_debt();
    result
}

type Trees = Arena<Rootable![Option<Gc<'_, Node<'_>>>]>;

impl binary_trees::Stage for Trees {
    fn drop_tree(&mut self, depth: u32) -> u64 {
        let nodes = self.mutate(|mc, _| {
            use binary_trees::Nodes;
            Objects(mc).count(&binary_trees::tree(Objects(mc), depth))
        });
        self.collect_debt();
        nodes
    }

    fn keep_tree(&mut self, depth: u32) {
        turn(self, |mc, kept| *kept = Some(binary_trees::tree(Objects(mc), depth)));
    }

    fn count_kept(&mut self) -> u64 {
        use binary_trees::Nodes;
        self.mutate(|mc, kept| kept.map_or(0, |kept| Objects(mc).count(&kept)))
    }
}

type BenchTrees = Arena<Rootable![Option<Gc<'_, BenchNode<'_>>>]>;

impl gcbench::Stage for BenchTrees {
    fn drop_tree(&mut self, order: gcbench::Order, depth: u32) -> u64 {
        use gcbench::Nodes;
        let nodes = self.mutate(|mc, _| Objects(mc).count(&gcbench::tree(Objects(mc), order, depth), depth));
        self.collect_debt();
        nodes
    }

    fn keep_tree(&mut self, depth: u32) {
        turn(self, |mc, kept| *kept = Some(gcbench::tree(Objects(mc), gcbench::Order::TopDown, depth)));
    }

    fn count_kept(&mut self, depth: u32) -> u64 {
        use gcbench::Nodes;
        self.mutate(|mc, kept| kept.map_or(0, |kept| Objects(mc).count(&kept, depth)))
    }
}

type Window = Arena<Rootable![Vec<Option<Gc<'_, Message>>>]>;

impl ring::Stage for Window {
    fn push(&mut self, index: usize, length: usize, fill: u8) {
        use ring::Messages;
        turn(self, |mc, window| window[index] = Some(Objects(mc).message(length, fill)));
    }

    fn sum(&mut self, index: usize) -> u64 {
        use ring::Messages;
        self.mutate(|mc, window| window[index].map_or(0, |message| Objects(mc).sum(&message)))
    }
}

type Literals = Arena<Rootable![Vec<Option<Gc<'_, Literal>>>]>;

impl window::Stage for Literals {
    fn make(&mut self, number: u64, place: Option<usize>) {
        use window::Literals;
        turn(self, |mc, window| {
            let made = Objects(mc).literal(number);
            if let Some(place) = place {
                window[place] = Some(made);
            }
        });
    }

    fn read(&mut self, place: usize) -> Option<u64> {
        self.mutate(|_, window| window[place].map(|literal| literal.number))
    }
}

type SplayTree = Arena<Rootable![Option<Gc<'_, TreeNode<'_>>>]>;

impl splay::Stage for SplayTree {
    fn contains(&mut self, key: u64) -> bool {
        turn(self, |mc, root| splay::contains(Objects(mc), root, key))
    }

    fn insert(&mut self, key: u64, depth: u32) {
        turn(self, |mc, root| splay::insert(Objects(mc), root, key, depth));
    }

    fn remove_below(&mut self, key: u64) {
        turn(self, |mc, root| splay::remove_below(Objects(mc), root, key));
    }

    fn keys(&mut self, depth: u32) -> Checksum {
        self.mutate(|mc, root| splay::keys(Objects(mc), root, depth))
    }
}

type Cache = Arena<Rootable![(Vec<Option<Gc<'_, Entry<'_>>>>, Gc<'_, Entry<'_>>)]>;

impl lru_cache::Stage for Cache {
    fn look_up(&mut self, ask: LookUp) -> (u64, bool) {
        turn(self, |mc, (buckets, ends)| lru_cache::look_up(Objects(mc), buckets, ends, ask))
    }

    fn newest_first(&mut self, checksum: &mut Checksum) {
        self.mutate(|mc, (_, ends)| lru_cache::newest_first(Objects(mc), ends, checksum));
    }
}

type Lists = Arena<Rootable![Vec<Option<Gc<'_, Record<'_>>>>]>;

impl big_heap::Stage for Lists {
    fn replace(&mut self, place: big_heap::Place, length: u32, base: u32) {
        turn(self, |mc, root| big_heap::replace(Objects(mc), root, place, length, base));
    }

    fn litter(&mut self, length: u32, base: u32) {
        self.mutate(|mc, _| {
            big_heap::fresh(Objects(mc), 0, length, base);
        });
        self.collect_debt();
    }

    fn lengthen(&mut self, list: usize, number: u32) {
        turn(self, |mc, root| big_heap::lengthen(Objects(mc), root, list, number));
    }

    fn exchange(&mut self, left: big_heap::Place, right: big_heap::Place) {
        turn(self, |mc, root| big_heap::exchange(Objects(mc), root, left, right));
    }

    fn numbers(&mut self, list: usize, length: u32, sum: &mut Checksum) {
        self.mutate(|mc, root| big_heap::numbers(Objects(mc), root, list, length, sum));
    }
}

/// The programs. What is alive at the end is not freed: the process ends.
pub(super) const PROGRAMS: [(&str, Program); 7] = [
    ("binary_trees", |parameters| binary_trees::run(&mut *paced(Trees::new(|_| None)), parameters)),
    ("gcbench", |parameters| gcbench::run(&mut *paced(BenchTrees::new(|_| None)), parameters)),
    ("ring", |parameters| ring::run(&mut *paced(Window::new(|_| ring::window(parameters))), parameters)),
    ("window", |parameters| {
        window::run(&mut *paced(Literals::new(|_| ring::window(parameters))), parameters)
    }),
    ("splay", |parameters| splay::run(&mut *paced(SplayTree::new(|_| None)), parameters)),
    ("lru_cache", |parameters| {
        lru_cache::run(&mut *paced(Cache::new(|mc| cache(mc, parameters))), parameters)
    }),
    ("big_heap", |parameters| {
        big_heap::run(&mut *paced(Lists::new(|_| big_heap::empty(parameters))), parameters)
    }),
];

fn cache<'gc>(mc: &'gc Mutation<'gc>, parameters: &Parameters) -> lru_cache::Root<Objects<'gc>> {
    lru_cache::empty(Objects(mc), parameters.get("capacity") as usize)
}

fn paced<R: for<'a> Rootable<'a>>(arena: Arena<R>) -> ManuallyDrop<Arena<R>>
where
    for<'a> Root<'a, R>: Sized + Collect<'a>,
{
    arena.metrics().set_pacing(PACING);
    ManuallyDrop::new(arena)
}
