//! References may go by any name.

use gc_core::arena::{Gc, Pack, Str, Trace};

type Text<'gc> = Gc<'gc, Str>;

#[derive(Clone, Copy, Trace, Pack)]
enum Value<'gc> {
    Nil,
    Number(f64),
    Text(Text<'gc>),
}

fn main() {}
