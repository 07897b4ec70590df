//! The programs with `Rc`, on the system's allocator.

use std::rc::Rc;

struct Pair {
    first: u64,
    second: u64,
}

ring!(Rc);

struct Node {
    left: Option<Rc<Node>>,
    right: Option<Rc<Node>>,
}

trees!(Rc);
