//! A reference in an `Rc` is refused: the collector would meet it once for each owner, and nobody would drop the `Rc`.

use gc_core::arena::{Gc, Trace};
use std::rc::Rc;

#[derive(Trace)]
struct Node<'gc> {
    shared: Rc<Gc<'gc, u32>>,
}

fn main() {}
