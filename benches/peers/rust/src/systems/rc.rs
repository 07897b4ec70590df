//! `Rc`: counted references. Cycles would leak, so that references back are weak.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

struct Node {
    left: Option<Rc<Node>>,
    right: Option<Rc<Node>>,
}

struct BenchNode {
    left: RefCell<Option<Rc<BenchNode>>>,
    right: RefCell<Option<Rc<BenchNode>>>,
    height: u32,
}

struct Message {
    bytes: Box<[u8]>,
}

struct Literal {
    number: u64,
    _more: [u64; window::MORE_WORDS],
}

struct Numbers {
    numbers: splay::Numbers,
}

struct Text {
    text: splay::Text,
}

enum Payload {
    Branch { left: Rc<Payload>, right: Rc<Payload> },
    Leaf { numbers: Rc<Numbers>, text: Rc<Text> },
}

struct TreeNode {
    key: u64,
    left: RefCell<Option<Rc<TreeNode>>>,
    right: RefCell<Option<Rc<TreeNode>>>,
    payload: Rc<Payload>,
}

struct Entry {
    key: u64,
    chain: RefCell<Option<Rc<Entry>>>,
    newer: RefCell<Option<Rc<Entry>>>,
    older: RefCell<Option<Rc<Entry>>>,
    value: Option<Rc<Message>>,
}

struct Record {
    next: RefCell<Option<Rc<Record>>>,
    previous: RefCell<Option<Weak<Record>>>,
    words: [u64; big_heap::MOST_WORDS],
}

like_rc!(Rc, RefCell, Rc::downgrade, |back: &Weak<_>, to: &Rc<_>| back.as_ptr() == Rc::as_ptr(to));
