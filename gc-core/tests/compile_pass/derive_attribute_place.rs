//! The attribute belongs to a field.

use gc_core::arena::{Gc, Trace};

#[derive(Trace)]
struct Node<'gc> {
    #[trace(leaf)]
    place: (u32, char),
    next: Gc<'gc, u32>,
}

fn main() {}
