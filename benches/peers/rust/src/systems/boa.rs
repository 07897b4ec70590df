//! boa_gc: mark-sweep, in one pause.

use boa_gc::{Finalize, Gc, GcRefCell, Trace};

#[derive(Trace, Finalize)]
struct Node {
    left: Option<Gc<Node>>,
    right: Option<Gc<Node>>,
}

#[derive(Trace, Finalize)]
struct BenchNode {
    left: GcRefCell<Option<Gc<BenchNode>>>,
    right: GcRefCell<Option<Gc<BenchNode>>>,
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
    left: GcRefCell<Option<Gc<TreeNode>>>,
    right: GcRefCell<Option<Gc<TreeNode>>>,
    payload: Gc<Payload>,
}

#[derive(Trace, Finalize)]
struct Entry {
    key: u64,
    chain: GcRefCell<Option<Gc<Entry>>>,
    newer: GcRefCell<Option<Gc<Entry>>>,
    older: GcRefCell<Option<Gc<Entry>>>,
    value: Option<Gc<Message>>,
}

#[derive(Trace, Finalize)]
struct Record {
    next: GcRefCell<Option<Gc<Record>>>,
    previous: GcRefCell<Option<Gc<Record>>>,
    #[unsafe_ignore_trace]
    words: [u64; big_heap::MOST_WORDS],
}

like_rc!(Gc, GcRefCell, Gc::clone, Gc::ptr_eq);
