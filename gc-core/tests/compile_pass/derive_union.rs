//! An enum knows which field it holds.

use gc_core::arena::{Gc, Trace};

#[derive(Trace)]
enum Word<'gc> {
    Number(u32),
    Reference(Gc<'gc, u32>),
}

fn main() {}
