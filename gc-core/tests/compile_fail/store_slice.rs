//! A `Gc` does not refer to a slice.

use gc_core::arena::{Gc, Trace};

#[derive(Trace)]
struct Digits<'gc> {
    digits: Gc<'gc, [u8]>,
}

fn main() {}
