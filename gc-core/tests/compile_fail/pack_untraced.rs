//! An enum that is packed has to be traced too.

use gc_core::arena::{Gc, Pack};

#[derive(Clone, Copy, Pack)]
enum Value<'gc> {
    Nil,
    Object(Gc<'gc, u32>),
}

fn main() {}
