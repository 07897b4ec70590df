//! A struct of which all fields are `Trace` is `Trace`.

use gc_core::arena::Trace;

#[derive(Trace)]
struct Person {
    name: &'static str,
    age: u8,
}

fn main() {}
