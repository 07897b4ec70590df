//! A cell cannot be in a packed value: that is a copy, and what is stored into it would be lost.

use gc_core::arena::{Gc, Lock, Pack, Trace};

#[derive(Clone, Copy, Trace, Pack)]
enum Value<'gc> {
    Nil,
    Variable(Lock<Option<Gc<'gc, u32>>>),
}

fn main() {}
