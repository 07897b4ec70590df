//! A reference in a `RefCell` is refused: it could be changed without the write barrier.

use gc_core::arena::{Gc, Trace};
use std::cell::RefCell;

#[derive(Trace)]
struct Node<'gc> {
    next: RefCell<Option<Gc<'gc, Node<'gc>>>>,
}

fn main() {}
