//! A reference in a `Cell` is refused: it could be changed without the write barrier.

use gc_core::arena::{Gc, Trace};

use std::cell::Cell;

#[derive(Trace)]
struct Node<'gc> {
    next: Cell<Option<Gc<'gc, Node<'gc>>>>,
}

fn main() {}
