//! A reference that changes is in a `Lock`.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Lock, Root, Trace};

#[derive(Trace)]
struct Node<'gc> {
    next: Lock<Option<Gc<'gc, Node<'gc>>>>,
}

#[test]
fn main() {
    let arena = Arena::<Root![Node<'_>]>::new(Config::default(), |_| Node { next: Lock::new(None) });
    arena.expect("an arena").mutate(|mc, root| {
        root.write(mc).field(|node| &node.next).set(Some(root));
        assert!(root.get(mc).next.get().is_some_and(|next| next.ptr_eq(root)));
    });
}
