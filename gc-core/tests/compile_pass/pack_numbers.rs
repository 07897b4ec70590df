//! One number of 8 bytes, and others of 4.

use gc_core::arena::{Pack, Trace};

#[derive(Clone, Copy, Trace, Pack)]
enum Value {
    Nil,
    Number(f64),
    Celsius { degrees: f32 },
}

fn main() {}
