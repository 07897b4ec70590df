//! A reference into an arena that lives for ever is refused: there is none.

use gc_core::arena::{Gc, Trace};

#[derive(Trace)]
struct Node {
    next: Option<Gc<'static, Node>>,
}

fn main() {}
