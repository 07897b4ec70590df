//! A value that must stay in its thread is no leaf.

use gc_core::arena::Trace;

#[derive(Trace)]
struct Buffer {
    #[trace(leaf)]
    start: *const u8,
}

fn main() {}
