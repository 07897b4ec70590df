//! A value that is borrowed to be changed is in a `RefLock`.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, RefLock, Root, Trace};

#[derive(Trace)]
struct Node<'gc> {
    next: RefLock<Option<Gc<'gc, Node<'gc>>>>,
}

#[test]
fn main() {
    let arena = Arena::<Root![Node<'_>]>::new(Config::default(), |_| Node { next: RefLock::new(None) });
    arena.expect("an arena").mutate(|mc, root| {
        *root.write(mc).field(|node| &node.next).borrow_mut() = Some(root);
        assert!(root.get(mc).next.borrow().is_some_and(|next| next.ptr_eq(root)));
    });
}
