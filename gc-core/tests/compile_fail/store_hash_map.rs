//! A `HashMap` is refused, as a `Vec` is.

use gc_core::arena::{Gc, Str, Trace};
use std::collections::HashMap;

#[derive(Trace)]
struct Globals<'gc> {
    values: HashMap<u32, Gc<'gc, Str>>,
}

fn main() {}
