//! A `Vec` is refused: it keeps its references where the collector does not look.

use gc_core::arena::{Gc, Trace};

#[derive(Trace)]
struct Node<'gc> {
    children: Vec<Gc<'gc, Node<'gc>>>,
}

fn main() {}
