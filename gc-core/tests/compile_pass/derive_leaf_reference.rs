//! A value without references is a leaf.

use gc_core::arena::{Gc, Trace};

#[derive(Clone, Copy)]
struct Color(u32);

#[derive(Trace)]
struct Shape<'gc> {
    #[trace(leaf)]
    color: Color,
    parent: Option<Gc<'gc, Shape<'gc>>>,
}

fn main() {}
