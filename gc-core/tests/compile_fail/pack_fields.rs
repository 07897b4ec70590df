//! A variant with two fields does not fit beside a tag.

use gc_core::arena::{Gc, Pack, Trace};

#[derive(Clone, Copy, Trace, Pack)]
enum Value<'gc> {
    Nil,
    Pair(Gc<'gc, u32>, Gc<'gc, u32>),
}

fn main() {}
