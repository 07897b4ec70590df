//! A type may have any other layout.

use gc_core::arena::{Gc, Trace};

#[derive(Trace)]
#[repr(C, align(8))]
struct Entry<'gc> {
    tag: u8,
    value: Gc<'gc, u32>,
}

fn main() {}
