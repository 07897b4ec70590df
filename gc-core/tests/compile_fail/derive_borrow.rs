//! What is borrowed for the time of the arena is refused: nothing keeps it there while the collector moves objects.

use gc_core::arena::Trace;

#[derive(Trace)]
struct Word<'gc> {
    text: &'gc str,
}

fn main() {}
