//! A type that implements `Drop` is refused: the collector frees objects without a word to them.

use gc_core::arena::Trace;

#[derive(Trace)]
struct File {
    descriptor: i32,
}

impl Drop for File {
    fn drop(&mut self) {}
}

fn main() {}
