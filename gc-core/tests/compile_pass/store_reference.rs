//! What is stored is a `Gc`, which is as small.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Root, Trace};

#[derive(Trace)]
struct Node<'gc> {
    next: Option<Gc<'gc, Node<'gc>>>,
}

#[test]
fn main() {
    let mut arena = Arena::<Root![Node<'_>]>::new(Config::default(), |mc| {
        Node { next: Some(mc.new(Node { next: None })) }
    })
    .expect("an arena");
    arena.collect_full();
    arena.mutate(|mc, root| assert!(root.get(mc).next.is_some_and(|next| next.get(mc).next.is_none())));
    assert_eq!(size_of::<Node<'_>>(), 4);
}
