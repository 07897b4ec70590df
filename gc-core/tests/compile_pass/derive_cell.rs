//! A reference that changes is in a `Lock`, a number that changes may be in a `Cell`.

use gc_core::arena::{Gc, Lock, Trace};

use std::cell::Cell;

#[derive(Trace)]
struct Node<'gc> {
    next: Lock<Option<Gc<'gc, Node<'gc>>>>,
    visits: Cell<u32>,
}

fn main() {}
