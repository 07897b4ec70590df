//! One lifetime, whatever its name, is the arena's.

use gc_core::arena::{Gc, Trace};

#[derive(Trace)]
struct Edge<'any> {
    from: Gc<'any, u32>,
    to: Gc<'any, u32>,
}

fn main() {}
