//! A reference is no leaf.

use gc_core::arena::{Gc, Trace};

#[derive(Trace)]
struct Node<'gc> {
    #[trace(leaf)]
    next: Option<Gc<'gc, Node<'gc>>>,
}

fn main() {}
