//! A reference cannot be made up.

use gc_core::arena::Gc;
use std::marker::PhantomData;

fn forge<'gc>(one: Gc<'gc, u32>) -> Gc<'gc, u64> {
    Gc { brand: PhantomData, of: PhantomData, ..one }
}

fn main() {}
