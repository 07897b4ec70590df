//! A reference of the language into the arena cannot be stored in it: the collector would not update it.

use gc_core::arena::Trace;

#[derive(Trace)]
struct Node<'gc> {
    next: Option<&'gc Node<'gc>>,
}

fn main() {}
