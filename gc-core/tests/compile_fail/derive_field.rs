//! A field of a type that is not `Trace` is refused.

use gc_core::arena::Trace;

#[derive(Trace)]
struct Person {
    name: String,
    age: u8,
}

fn main() {}
