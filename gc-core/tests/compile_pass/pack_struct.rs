//! An enum of one variant is packed.

use gc_core::arena::{Gc, Pack, Trace};

#[derive(Clone, Copy, Trace, Pack)]
enum Value<'gc> {
    Object(Gc<'gc, u32>),
}

fn main() {}
