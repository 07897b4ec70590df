//! What is borrowed for ever is a leaf.

use gc_core::arena::Trace;

#[derive(Trace)]
struct Word {
    #[trace(leaf)]
    text: &'static [char],
}

fn main() {}
