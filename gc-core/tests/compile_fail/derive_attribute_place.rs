//! An attribute on something else than a field is refused.

use gc_core::arena::{Gc, Trace};

#[derive(Trace)]
#[trace(leaf)]
struct Node<'gc> {
    next: Gc<'gc, u32>,
}

fn main() {}
