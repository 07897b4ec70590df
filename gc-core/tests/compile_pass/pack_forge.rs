//! A packed value is made from a value.

use gc_core::arena::{Gc, Pack, Packed, Trace};

#[derive(Clone, Copy, Trace, Pack)]
enum Value<'gc> {
    Nil,
    Object(Gc<'gc, u32>),
}

#[test]
fn main() {
    assert!(matches!(Packed::<Value<'_>>::from(Value::Nil).unpack(), Value::Nil));
}
