//! A leaf of any type without references is a leaf.

use gc_core::arena::Trace;

#[derive(Trace)]
struct Tagged<T: Copy + Send + 'static> {
    #[trace(leaf)]
    tag: T,
}

fn main() {}
