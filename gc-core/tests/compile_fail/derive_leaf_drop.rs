//! A value that must be dropped is no leaf.

use gc_core::arena::Trace;

#[derive(Trace)]
struct Person {
    #[trace(leaf)]
    name: String,
}

fn main() {}
