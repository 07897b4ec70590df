//! The cell is around the packed value, or in an object.

use gc_core::arena::{Gc, Lock, Pack, Packed, Trace};

#[derive(Clone, Copy, Trace, Pack)]
enum Value<'gc> {
    Nil,
    Variable(Gc<'gc, Variable<'gc>>),
}

#[derive(Trace)]
struct Variable<'gc>(Lock<Packed<Value<'gc>>>);

fn main() {}
