//! A `Box` is refused: nobody would drop it.

use gc_core::arena::Trace;

#[derive(Trace)]
enum List {
    End,
    Cons(u32, Box<List>),
}

fn main() {}
