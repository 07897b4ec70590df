//! dumpster: counted references, and a search for cycles at times.

use dumpster::Trace;
use dumpster::unsync::Gc;
use std::cell::RefCell;

#[derive(Trace)]
struct Node {
    left: Option<Gc<Node>>,
    right: Option<Gc<Node>>,
}

#[derive(Trace)]
struct BenchNode {
    left: RefCell<Option<Gc<BenchNode>>>,
    right: RefCell<Option<Gc<BenchNode>>>,
    height: u32,
}

#[derive(Trace)]
struct Message {
    bytes: Box<[u8]>,
}

#[derive(Trace)]
struct Literal {
    number: u64,
    _more: [u64; window::MORE_WORDS],
}

#[derive(Trace)]
struct Numbers {
    numbers: splay::Numbers,
}

#[derive(Trace)]
struct Text {
    text: splay::Text,
}

#[derive(Trace)]
enum Payload {
    Branch { left: Gc<Payload>, right: Gc<Payload> },
    Leaf { numbers: Gc<Numbers>, text: Gc<Text> },
}

#[derive(Trace)]
struct TreeNode {
    key: u64,
    left: RefCell<Option<Gc<TreeNode>>>,
    right: RefCell<Option<Gc<TreeNode>>>,
    payload: Gc<Payload>,
}

#[derive(Trace)]
struct Entry {
    key: u64,
    chain: RefCell<Option<Gc<Entry>>>,
    newer: RefCell<Option<Gc<Entry>>>,
    older: RefCell<Option<Gc<Entry>>>,
    value: Option<Gc<Message>>,
}

#[derive(Trace)]
struct Record {
    next: RefCell<Option<Gc<Record>>>,
    previous: RefCell<Option<Gc<Record>>>,
    words: [u64; big_heap::MOST_WORDS],
}

like_rc!(Gc, RefCell, Gc::clone, Gc::ptr_eq);
