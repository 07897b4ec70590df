//! Two variants with numbers of 8 bytes could not be told apart.

use gc_core::arena::{Pack, Trace};

#[derive(Clone, Copy, Trace, Pack)]
enum Value {
    Nil,
    Number(f64),
    Celsius { degrees: f64 },
}

fn main() {}
