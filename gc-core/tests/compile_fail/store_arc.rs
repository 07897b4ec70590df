//! A reference in an `Arc` is refused: other threads might share it.

use gc_core::arena::{Gc, Trace};
use std::sync::Arc;

#[derive(Trace)]
struct Node<'gc> {
    shared: Arc<Gc<'gc, u32>>,
}

fn main() {}
