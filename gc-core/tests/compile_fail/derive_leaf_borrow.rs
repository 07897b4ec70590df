//! What is borrowed for the time of the arena is no leaf.

use gc_core::arena::Trace;

#[derive(Trace)]
struct Word<'gc> {
    #[trace(leaf)]
    text: &'gc [char],
}

fn main() {}
