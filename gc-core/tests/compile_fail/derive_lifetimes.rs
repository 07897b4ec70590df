//! A second lifetime is refused.

use gc_core::arena::{Gc, Trace};

#[derive(Trace)]
struct Edge<'from, 'to> {
    from: Gc<'from, u32>,
    to: Gc<'to, u32>,
}

fn main() {}
