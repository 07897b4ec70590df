//! A value that is `Copy` is a leaf.

use gc_core::arena::Trace;

#[derive(Trace)]
struct Person {
    #[trace(leaf)]
    name: Option<&'static [char]>,
}

fn main() {}
