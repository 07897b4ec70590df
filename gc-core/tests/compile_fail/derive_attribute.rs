//! An attribute of another name than `leaf` is refused.

use gc_core::arena::{Gc, Trace};

#[derive(Trace)]
struct Node<'gc> {
    #[trace(skip)]
    next: Gc<'gc, u32>,
}

fn main() {}
