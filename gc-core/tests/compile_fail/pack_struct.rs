//! A struct is refused: only a variant tells whether there is a reference.

use gc_core::arena::{Gc, Pack, Trace};

#[derive(Clone, Copy, Trace, Pack)]
struct Value<'gc> {
    object: Gc<'gc, u32>,
}

fn main() {}
