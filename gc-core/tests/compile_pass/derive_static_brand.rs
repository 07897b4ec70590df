//! The lifetime of the references is that of the type.

use gc_core::arena::{Gc, Trace};

#[derive(Trace)]
struct Node<'gc> {
    next: Option<Gc<'gc, Node<'gc>>>,
}

fn main() {}
