//! Tenure's typed face: references last for a closure, and between two of them what is due is collected. Default
//! settings.

use crate::programs::{Program, Slots, big_heap, binary_trees, gcbench, lru_cache, ring, splay, window};
use gc_core::Config;
use gc_core::arena::{Arena, Array, Gc, Lock, Mutation, Object, Root, Trace};
use lru_cache::{Link, LookUp};
use splay::Side;
use std::mem::ManuallyDrop;
use workloads::{Checksum, Parameters};

#[derive(Trace)]
struct Node<'gc> {
    children: Option<(Gc<'gc, Node<'gc>>, Gc<'gc, Node<'gc>>)>,
}

#[derive(Trace)]
struct BenchNode<'gc> {
    left: Lock<Option<Gc<'gc, BenchNode<'gc>>>>,
    right: Lock<Option<Gc<'gc, BenchNode<'gc>>>>,
    height: u32,
}

type Message = Array<u8>;

#[derive(Trace)]
struct Literal {
    number: u64,
    _more: [u64; window::MORE_WORDS],
}

#[derive(Trace)]
enum Payload<'gc> {
    Branch { left: Gc<'gc, Payload<'gc>>, right: Gc<'gc, Payload<'gc>> },
    Leaf { numbers: Gc<'gc, splay::Numbers>, text: Gc<'gc, splay::Text> },
}

#[derive(Trace)]
struct TreeNode<'gc> {
    key: u64,
    left: Lock<Option<Gc<'gc, TreeNode<'gc>>>>,
    right: Lock<Option<Gc<'gc, TreeNode<'gc>>>>,
    payload: Gc<'gc, Payload<'gc>>,
}

#[derive(Trace)]
struct Entry<'gc> {
    key: u64,
    chain: Lock<Option<Gc<'gc, Entry<'gc>>>>,
    newer: Lock<Option<Gc<'gc, Entry<'gc>>>>,
    older: Lock<Option<Gc<'gc, Entry<'gc>>>>,
    value: Option<Gc<'gc, Message>>,
}

#[derive(Trace)]
struct Record<'gc> {
    next: Lock<Option<Gc<'gc, Record<'gc>>>>,
    previous: Lock<Option<Gc<'gc, Record<'gc>>>>,
    words: [u64; big_heap::MOST_WORDS],
}

/// How objects are made: in a mutation.
#[derive(Clone, Copy)]
struct Objects<'gc>(Mutation<'gc>);

impl<'gc> binary_trees::Nodes for Objects<'gc> {
    type Node = Gc<'gc, Node<'gc>>;

    fn node(self, children: Option<(Self::Node, Self::Node)>) -> Self::Node {
        self.0.new(Node { children })
    }

    fn count(self, tree: &Self::Node) -> u64 {
        match &tree.get(self.0).children {
            Some((left, right)) => 1 + self.count(left) + self.count(right),
            None => 1,
        }
    }
}

impl<'gc> gcbench::Nodes for Objects<'gc> {
    type Node = Gc<'gc, BenchNode<'gc>>;

    fn leaf(self, height: u32) -> Self::Node {
        self.0.new(BenchNode { left: Lock::new(None), right: Lock::new(None), height })
    }

    fn branch(self, height: u32, left: Self::Node, right: Self::Node) -> Self::Node {
        self.0.new(BenchNode { left: Lock::new(Some(left)), right: Lock::new(Some(right)), height })
    }

    fn adopt(self, parent: &Self::Node, left: Self::Node, right: Self::Node) {
        let write = parent.write(self.0);
        write.field(|node| &node.left).set(Some(left));
        write.field(|node| &node.right).set(Some(right));
    }

    fn count(self, tree: &Self::Node, height: u32) -> u64 {
        let tree = tree.get(self.0);
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
        self.0.array_filled(length, fill)
    }

    fn sum(self, message: &Self::Message) -> u64 {
        message.as_slice(self.0).iter().map(|byte| u64::from(*byte)).sum()
    }
}

impl<'gc> window::Literals for Objects<'gc> {
    type Literal = Gc<'gc, Literal>;

    fn literal(self, number: u64) -> Self::Literal {
        self.0.new(Literal { number, _more: [0; window::MORE_WORDS] })
    }

    fn number(self, literal: &Self::Literal) -> u64 {
        literal.get(self.0).number
    }
}

impl<'gc> Payload<'gc> {
    fn is_intact(&self, mc: Mutation<'gc>, depth: u32, expected: &splay::Text) -> bool {
        match self {
            Payload::Leaf { numbers, text } => {
                depth == 0 && *numbers.get(mc) == splay::NUMBERS && text.get(mc) == expected
            }
            Payload::Branch { left, right } => {
                let is_intact =
                    |side: &Gc<'gc, Payload<'gc>>| side.get(mc).is_intact(mc, depth - 1, expected);
                depth > 0 && is_intact(left) && is_intact(right)
            }
        }
    }
}

impl<'gc> TreeNode<'gc> {
    fn child(&self, side: Side) -> &Lock<Option<Gc<'gc, TreeNode<'gc>>>> {
        match side {
            Side::Left => &self.left,
            Side::Right => &self.right,
        }
    }
}

impl<'gc> splay::Objects for Objects<'gc> {
    type Node = Gc<'gc, TreeNode<'gc>>;
    type Payload = Gc<'gc, Payload<'gc>>;

    fn leaf(self, numbers: splay::Numbers, text: splay::Text) -> Self::Payload {
        let (numbers, text) = (self.0.new(numbers), self.0.new(text));
        self.0.new(Payload::Leaf { numbers, text })
    }

    fn branch(self, left: Self::Payload, right: Self::Payload) -> Self::Payload {
        self.0.new(Payload::Branch { left, right })
    }

    fn node(self, key: u64, payload: Self::Payload) -> Self::Node {
        self.0.new(TreeNode { key, left: Lock::new(None), right: Lock::new(None), payload })
    }

    fn key(self, node: &Self::Node) -> u64 {
        node.get(self.0).key
    }

    fn child(self, node: &Self::Node, side: Side) -> Option<Self::Node> {
        node.get(self.0).child(side).get()
    }

    fn set_child(self, node: &Self::Node, side: Side, child: Option<Self::Node>) {
        let write = node.write(self.0);
        match side {
            Side::Left => write.field(|node| &node.left).set(child),
            Side::Right => write.field(|node| &node.right).set(child),
        }
    }

    fn is_intact(self, node: &Self::Node, depth: u32, text: &splay::Text) -> bool {
        node.get(self.0).payload.get(self.0).is_intact(self.0, depth, text)
    }
}

impl<'gc> Objects<'gc> {
    fn new_entry(self, key: u64, value: Option<Gc<'gc, Message>>) -> Gc<'gc, Entry<'gc>> {
        let none = || Lock::new(None);
        self.0.new(Entry { key, chain: none(), newer: none(), older: none(), value })
    }
}

impl<'gc> lru_cache::Objects for Objects<'gc> {
    type Entry = Gc<'gc, Entry<'gc>>;

    fn ends(self) -> Self::Entry {
        self.new_entry(0, None)
    }

    fn entry(self, key: u64, number: u64, value_bytes: usize) -> Self::Entry {
        let number = number.to_le_bytes();
        let value = self.0.array_from_fn(value_bytes, |index| number.get(index).copied().unwrap_or(0));
        self.new_entry(key, Some(value))
    }

    fn key(self, entry: &Self::Entry) -> u64 {
        entry.get(self.0).key
    }

    fn number(self, entry: &Self::Entry) -> u64 {
        let first = entry.get(self.0).value.and_then(|value| value.as_slice(self.0).first_chunk());
        first.map_or(u64::MAX, |bytes| u64::from_le_bytes(*bytes))
    }

    fn link(self, entry: &Self::Entry, link: Link) -> Option<Self::Entry> {
        let entry = entry.get(self.0);
        match link {
            Link::Chain => entry.chain.get(),
            Link::Newer => entry.newer.get(),
            Link::Older => entry.older.get(),
        }
    }

    fn set_link(self, entry: &Self::Entry, link: Link, to: Option<Self::Entry>) {
        let write = entry.write(self.0);
        match link {
            Link::Chain => write.field(|entry| &entry.chain).set(to),
            Link::Newer => write.field(|entry| &entry.newer).set(to),
            Link::Older => write.field(|entry| &entry.older).set(to),
        }
    }

    fn is_same(self, left: &Self::Entry, right: &Self::Entry) -> bool {
        left.ptr_eq(*right)
    }
}

impl<'gc> big_heap::Records for Objects<'gc> {
    type Record = Gc<'gc, Record<'gc>>;

    fn record(self, words: [u64; big_heap::MOST_WORDS], next: Option<Self::Record>) -> Self::Record {
        self.0.new(Record { next: Lock::new(next), previous: Lock::new(None), words })
    }

    fn words(self, record: &Self::Record) -> [u64; big_heap::MOST_WORDS] {
        record.get(self.0).words
    }

    fn next(self, record: &Self::Record) -> Option<Self::Record> {
        record.get(self.0).next.get()
    }

    fn set_next(self, record: &Self::Record, next: Option<Self::Record>) {
        record.write(self.0).field(|record| &record.next).set(next);
    }

    fn set_previous(self, record: &Self::Record, previous: Option<&Self::Record>) {
        record.write(self.0).field(|record| &record.previous).set(previous.copied());
    }

    fn is_behind(self, record: &Self::Record, previous: Option<&Self::Record>) -> bool {
        match (record.get(self.0).previous.get(), previous) {
            (Some(back), Some(previous)) => back.ptr_eq(*previous),
            (back, previous) => back.is_none() && previous.is_none(),
        }
    }
}

/// An array on the heap.
type References<'gc, T> = Gc<'gc, Array<Lock<Option<Gc<'gc, T>>>>>;

/// An array on the heap, during a mutation.
struct Held<'gc, T: Object<'gc>>(Mutation<'gc>, References<'gc, T>);

impl<'gc, T: Object<'gc>> Slots<Gc<'gc, T>> for Held<'gc, T> {
    fn count(&self) -> usize {
        self.1.len(self.0)
    }

    fn load(&self, index: usize) -> Option<Gc<'gc, T>> {
        self.1.as_slice(self.0)[index].get()
    }

    fn store(&mut self, index: usize, value: Option<Gc<'gc, T>>) {
        self.1.set(self.0, index, value);
    }
}

fn empty<'gc, T: ?Sized + Object<'gc>>(mc: Mutation<'gc>, length: usize) -> References<'gc, T> {
    mc.array_from_fn(length, |_| Lock::new(None))
}

type Trees = Arena<Root![Lock<Option<Gc<'_, Node<'_>>>>]>;

impl binary_trees::Stage for Trees {
    fn drop_tree(&mut self, depth: u32) -> u64 {
        use binary_trees::Nodes;
        self.turn(|mc, _| Objects(mc).count(&binary_trees::tree(Objects(mc), depth)))
    }

    fn keep_tree(&mut self, depth: u32) {
        self.turn(|mc, kept| kept.set(mc, Some(binary_trees::tree(Objects(mc), depth))));
    }

    fn count_kept(&mut self) -> u64 {
        use binary_trees::Nodes;
        self.mutate(|mc, kept| kept.get(mc).get().map_or(0, |kept| Objects(mc).count(&kept)))
    }
}

type BenchTrees = Arena<Root![Lock<Option<Gc<'_, BenchNode<'_>>>>]>;

impl gcbench::Stage for BenchTrees {
    fn drop_tree(&mut self, order: gcbench::Order, depth: u32) -> u64 {
        use gcbench::Nodes;
        self.turn(|mc, _| Objects(mc).count(&gcbench::tree(Objects(mc), order, depth), depth))
    }

    fn keep_tree(&mut self, depth: u32) {
        self.turn(|mc, kept| kept.set(mc, Some(gcbench::tree(Objects(mc), gcbench::Order::TopDown, depth))));
    }

    fn count_kept(&mut self, depth: u32) -> u64 {
        use gcbench::Nodes;
        self.mutate(|mc, kept| kept.get(mc).get().map_or(0, |kept| Objects(mc).count(&kept, depth)))
    }
}

type Window = Arena<Root![References<'_, Message>]>;

impl ring::Stage for Window {
    fn push(&mut self, index: usize, length: usize, fill: u8) {
        use ring::Messages;
        self.turn(|mc, window| window.get(mc).set(mc, index, Some(Objects(mc).message(length, fill))));
    }

    fn sum(&mut self, index: usize) -> u64 {
        use ring::Messages;
        self.mutate(|mc, window| {
            window.get(mc).as_slice(mc)[index].get().map_or(0, |message| Objects(mc).sum(&message))
        })
    }
}

type Literals = Arena<Root![References<'_, Literal>]>;

impl window::Stage for Literals {
    #[inline]
    fn make(&mut self, number: u64, place: Option<usize>) {
        use window::Literals;
        self.turn(|mc, window| {
            let made = std::hint::black_box(Objects(mc).literal(number));
            if let Some(place) = place {
                window.get(mc).set(mc, place, Some(made));
            }
        });
    }

    fn read(&mut self, place: usize) -> Option<u64> {
        self.mutate(|mc, window| {
            window.get(mc).as_slice(mc)[place].get().map(|literal| literal.get(mc).number)
        })
    }
}

type SplayTree = Arena<Root![Lock<Option<Gc<'_, TreeNode<'_>>>>]>;

impl splay::Stage for SplayTree {
    fn contains(&mut self, key: u64) -> bool {
        self.turn(|mc, root| {
            let mut tree = root.get(mc).get();
            let is_there = splay::contains(Objects(mc), &mut tree, key);
            root.set(mc, tree);
            is_there
        })
    }

    fn insert(&mut self, key: u64, depth: u32) {
        self.turn(|mc, root| {
            let mut tree = root.get(mc).get();
            splay::insert(Objects(mc), &mut tree, key, depth);
            root.set(mc, tree);
        });
    }

    fn remove_below(&mut self, key: u64) {
        self.turn(|mc, root| {
            let mut tree = root.get(mc).get();
            splay::remove_below(Objects(mc), &mut tree, key);
            root.set(mc, tree);
        });
    }

    fn keys(&mut self, depth: u32) -> Checksum {
        self.mutate(|mc, root| splay::keys(Objects(mc), &root.get(mc).get(), depth))
    }
}

type Cache = Arena<Root![(References<'_, Entry<'_>>, Gc<'_, Entry<'_>>)]>;

impl lru_cache::Stage for Cache {
    fn look_up(&mut self, ask: LookUp) -> (u64, bool) {
        self.turn(|mc, root| {
            let (buckets, ends) = root.get(mc);
            lru_cache::look_up(Objects(mc), &mut Held(mc, *buckets), ends, ask)
        })
    }

    fn newest_first(&mut self, checksum: &mut Checksum) {
        self.mutate(|mc, root| lru_cache::newest_first(Objects(mc), &root.get(mc).1, checksum));
    }
}

type Lists = Arena<Root![References<'_, Record<'_>>]>;

impl big_heap::Stage for Lists {
    fn replace(&mut self, place: big_heap::Place, length: u32, base: u32) {
        self.turn(|mc, root| {
            big_heap::replace(Objects(mc), &mut Held(mc, *root.get(mc)), place, length, base)
        });
    }

    fn litter(&mut self, length: u32, base: u32) {
        self.turn(|mc, _| {
            big_heap::fresh(Objects(mc), 0, length, base);
        });
    }

    fn lengthen(&mut self, list: usize, number: u32) {
        self.turn(|mc, root| big_heap::lengthen(Objects(mc), &mut Held(mc, *root.get(mc)), list, number));
    }

    fn exchange(&mut self, left: big_heap::Place, right: big_heap::Place) {
        self.turn(|mc, root| big_heap::exchange(Objects(mc), &mut Held(mc, *root.get(mc)), left, right));
    }

    fn numbers(&mut self, list: usize, length: u32, sum: &mut Checksum) {
        self.mutate(|mc, root| big_heap::numbers(Objects(mc), &Held(mc, *root.get(mc)), list, length, sum));
    }
}

/// The programs. What is alive at the end is not freed: the process ends.
pub(super) const PROGRAMS: [(&str, Program); 7] = [
    ("binary_trees", |parameters| {
        binary_trees::run(&mut *kept(Trees::new(Config::default(), |_| Lock::new(None))), parameters)
    }),
    ("gcbench", |parameters| {
        gcbench::run(&mut *kept(BenchTrees::new(Config::default(), |_| Lock::new(None))), parameters)
    }),
    ("ring", |parameters| {
        ring::run(&mut *kept(Window::new(Config::default(), |mc| empty(mc, window(parameters)))), parameters)
    }),
    ("window", |parameters| {
        window::run(
            &mut *kept(Literals::new(Config::default(), |mc| empty(mc, window(parameters)))),
            parameters,
        )
    }),
    ("splay", |parameters| {
        splay::run(&mut *kept(SplayTree::new(Config::default(), |_| Lock::new(None))), parameters)
    }),
    ("lru_cache", |parameters| {
        lru_cache::run(&mut *kept(Cache::new(Config::default(), |mc| cache(mc, parameters))), parameters)
    }),
    ("big_heap", |parameters| {
        let lists = big_heap::empty::<()>(parameters).len();
        big_heap::run(&mut *kept(Lists::new(Config::default(), |mc| empty(mc, lists))), parameters)
    }),
];

fn window(parameters: &Parameters) -> usize {
    parameters.get("window") as usize
}

fn cache<'gc>(
    mc: Mutation<'gc>,
    parameters: &Parameters,
) -> (References<'gc, Entry<'gc>>, Gc<'gc, Entry<'gc>>) {
    let (_, ends) = lru_cache::empty(Objects(mc), 0);
    (empty(mc, parameters.get("capacity") as usize), ends)
}

fn kept<R: ?Sized>(arena: Result<Arena<R>, gc_core::ConfigError>) -> ManuallyDrop<Arena<R>> {
    ManuallyDrop::new(arena.expect("default settings"))
}
