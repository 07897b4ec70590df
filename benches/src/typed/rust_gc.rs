//! The trees on gc.

#![expect(non_local_definitions, reason = "the derive of gc writes them so")]

use gc::{Finalize, Gc, Trace};

#[derive(Trace, Finalize)]
struct Node {
    left: Option<Gc<Node>>,
    right: Option<Gc<Node>>,
}

trees!(Gc);
