//! A union is refused: which field it holds is not known.

use gc_core::arena::{Gc, Trace};

#[derive(Trace)]
union Word<'gc> {
    number: u32,
    reference: Gc<'gc, u32>,
}

fn main() {}
