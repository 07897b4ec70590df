//! The number is told by its name: `f64` by another name would get a tag, for which there is no room.

use gc_core::arena::{Pack, Trace};

type Real = f64;

#[derive(Clone, Copy, Trace, Pack)]
enum Value {
    Nil,
    Number(Real),
}

fn main() {}
