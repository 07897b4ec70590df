//! A constant that is not a `usize` is refused.

use gc_core::arena::Trace;

#[derive(Trace)]
struct Number<const SIGNED: bool> {
    digits: u64,
}

fn main() {}
