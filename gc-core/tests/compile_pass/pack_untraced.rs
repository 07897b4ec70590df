//! The derives go together.

use gc_core::arena::{Gc, Pack, Trace};

#[derive(Clone, Copy, Pack, Trace)]
enum Value<'gc> {
    Nil,
    Object(Gc<'gc, u32>),
}

fn main() {}
