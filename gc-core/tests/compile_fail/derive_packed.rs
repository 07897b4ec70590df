//! A packed type is refused: its references may not be aligned.

use gc_core::arena::{Gc, Trace};

#[derive(Trace)]
#[repr(C, packed)]
struct Entry<'gc> {
    tag: u8,
    value: Gc<'gc, u32>,
}

fn main() {}
