//! The programs on dumpster.

use dumpster::Trace;
use dumpster::unsync::Gc;

#[derive(Trace)]
struct Pair {
    first: u64,
    second: u64,
}

ring!(Gc);

#[derive(Trace)]
struct Node {
    left: Option<Gc<Node>>,
    right: Option<Gc<Node>>,
}

trees!(Gc);
