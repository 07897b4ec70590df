//! The attribute `leaf` is known.

use gc_core::arena::{Gc, Trace};

#[derive(Trace)]
struct Node<'gc> {
    #[trace(leaf)]
    place: (u32, char),
    next: Gc<'gc, u32>,
}

fn main() {}
