//! The programs on boa_gc.

use boa_gc::{Finalize, Gc, Trace};

#[derive(Trace, Finalize)]
struct Pair {
    first: u64,
    second: u64,
}

ring!(Gc);

#[derive(Trace, Finalize)]
struct Node {
    left: Option<Gc<Node>>,
    right: Option<Gc<Node>>,
}

trees!(Gc);
