//! Constants may be `usize`.

use gc_core::arena::Trace;

#[derive(Trace)]
struct Number<const DIGITS: usize> {
    digits: [u8; DIGITS],
}

fn main() {}
