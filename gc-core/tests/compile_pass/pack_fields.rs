//! Two fields go into an object, which the variant refers to.

use gc_core::arena::{Gc, Pack, Trace};

#[derive(Clone, Copy, Trace, Pack)]
enum Value<'gc> {
    Nil,
    Pair(Gc<'gc, (Gc<'gc, u32>, Gc<'gc, u32>)>),
}

fn main() {}
