//! A handle is for the host: stored in the arena, it would keep its object alive for ever.

use gc_core::arena::{Handle, Root, Trace};

type Number = Root![u32];

#[derive(Trace)]
struct Node {
    next: Handle<Number>,
}

fn main() {}
