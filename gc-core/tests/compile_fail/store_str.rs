//! A string is an object: it cannot be a field itself, only a reference to it can.

use gc_core::arena::{Str, Trace};

#[derive(Trace)]
struct Person {
    name: Str,
}

fn main() {}
