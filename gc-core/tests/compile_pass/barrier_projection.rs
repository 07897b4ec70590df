//! A projection leads to a part of the value; one that leads to another object is stopped when it is run.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Lock, Root, Trace};
use std::panic::{AssertUnwindSafe, catch_unwind};

#[derive(Trace)]
struct Node<'gc> {
    next: Lock<Option<Gc<'gc, Node<'gc>>>>,
}

#[test]
fn main() {
    let arena = Arena::<Root![Node<'_>]>::new(Config::default(), |_| Node { next: Lock::new(None) });
    arena.expect("an arena").mutate(|mc, root| {
        let other = mc.new(Node { next: Lock::new(None) });
        root.write(mc).field(|node| &node.next).set(Some(other));
        let store = || root.write(mc).field(|_| &other.get(mc).next).set(Some(root));
        assert!(catch_unwind(AssertUnwindSafe(store)).is_err());
        assert!(other.get(mc).next.get().is_none());
    });
}
