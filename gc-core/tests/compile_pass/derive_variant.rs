//! An enum of which all fields are `Trace` is `Trace`.

use gc_core::arena::{Gc, Trace};

#[derive(Trace)]
enum List<'gc> {
    Empty,
    Cons(u32, Gc<'gc, List<'gc>>),
}

fn main() {}
