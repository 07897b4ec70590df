//! The right to change an arena cannot be stored in it.

use gc_core::arena::{Mutation, Trace};

#[derive(Trace)]
struct Context<'gc> {
    mc: Mutation<'gc>,
}

fn main() {}
