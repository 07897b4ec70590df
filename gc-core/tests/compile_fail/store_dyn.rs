//! A `Gc` does not refer to a trait object.

use gc_core::arena::{Gc, Trace};
use std::fmt::Display;

#[derive(Trace)]
struct Holder<'gc> {
    value: Gc<'gc, dyn Display>,
}

fn main() {}
