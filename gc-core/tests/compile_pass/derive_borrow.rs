//! What is borrowed for ever is `Trace`.

use gc_core::arena::Trace;

#[derive(Trace)]
struct Word {
    text: &'static str,
}

fn main() {}
