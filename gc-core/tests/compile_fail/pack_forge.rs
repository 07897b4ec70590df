//! A packed value is made from a value only: any other bits might be no reference.

use gc_core::arena::{Gc, Pack, Packed, Trace};

#[derive(Clone, Copy, Trace, Pack)]
enum Value<'gc> {
    Object(Gc<'gc, u32>),
}

fn main() {
    let _ = Packed::<Value<'_>>::of_bits(0xfffc_0000_0000_0001);
}
