//! A leaf of any type is refused: the type may have references.

use gc_core::arena::Trace;

#[derive(Trace)]
struct Tagged<T> {
    #[trace(leaf)]
    tag: T,
}

fn main() {}
