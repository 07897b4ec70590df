//! A field of a variant that is not `Trace` is refused.

use gc_core::arena::{Gc, Trace};

#[derive(Trace)]
enum List<'gc> {
    Empty,
    Cons(Box<u32>, Gc<'gc, List<'gc>>),
}

fn main() {}
