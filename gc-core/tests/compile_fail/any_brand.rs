//! An object does not become one of another arena by a downcast.

use gc_core::arena::{Any, Gc, Mutation};

fn downcast<'one, 'other>(any: Any<'one>, mc: Mutation<'one>) -> Option<Gc<'one, Gc<'other, u32>>> {
    any.downcast(mc)
}

fn main() {}
