//! gc: mark-sweep, in one pause.

#![expect(non_local_definitions, reason = "the derive of gc writes them so")]

use gc::{Finalize, Gc, GcCell, Trace};

#[derive(Trace, Finalize)]
struct Node {
    left: Option<Gc<Node>>,
    right: Option<Gc<Node>>,
}

#[derive(Trace, Finalize)]
struct BenchNode {
    left: GcCell<Option<Gc<BenchNode>>>,
    right: GcCell<Option<Gc<BenchNode>>>,
    height: u32,
}

#[derive(Trace, Finalize)]
struct Message {
    #[unsafe_ignore_trace]
    bytes: Box<[u8]>,
}

#[derive(Trace, Finalize)]
struct Literal {
    number: u64,
    #[unsafe_ignore_trace]
    _more: [u64; window::MORE_WORDS],
}

#[derive(Trace, Finalize)]
struct Numbers {
    #[unsafe_ignore_trace]
    numbers: splay::Numbers,
}

#[derive(Trace, Finalize)]
struct Text {
    #[unsafe_ignore_trace]
    text: splay::Text,
}

#[derive(Trace, Finalize)]
enum Payload {
    Branch { left: Gc<Payload>, right: Gc<Payload> },
    Leaf { numbers: Gc<Numbers>, text: Gc<Text> },
}

#[derive(Trace, Finalize)]
struct TreeNode {
    key: u64,
    left: GcCell<Option<Gc<TreeNode>>>,
    right: GcCell<Option<Gc<TreeNode>>>,
    payload: Gc<Payload>,
}

#[derive(Trace, Finalize)]
struct Entry {
    key: u64,
    chain: GcCell<Option<Gc<Entry>>>,
    newer: GcCell<Option<Gc<Entry>>>,
    older: GcCell<Option<Gc<Entry>>>,
    value: Option<Gc<Message>>,
}

#[derive(Trace, Finalize)]
struct Record {
    next: GcCell<Option<Gc<Record>>>,
    previous: GcCell<Option<Gc<Record>>>,
    #[unsafe_ignore_trace]
    words: [u64; big_heap::MOST_WORDS],
}

like_rc!(Gc, GcCell, Gc::clone, Gc::ptr_eq);
