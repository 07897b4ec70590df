//! The permission to store into a value is one to store into its cells, not into its other fields.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Root, Trace};

#[derive(Trace)]
struct Node<'gc> {
    next: Option<Gc<'gc, Node<'gc>>>,
}

fn main() {
    let arena = Arena::<Root![Node<'_>]>::new(Config::default(), |_| Node { next: None });
    arena.expect("an arena").mutate(|mc, root| root.write(mc).field(|node| &node.next).set(Some(root)));
}
