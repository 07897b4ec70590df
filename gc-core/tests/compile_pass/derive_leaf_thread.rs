//! A value that may be sent to another thread is a leaf.

use gc_core::arena::Trace;

#[derive(Trace)]
struct Buffer {
    #[trace(leaf)]
    start: fn() -> *const u8,
}

fn main() {}
