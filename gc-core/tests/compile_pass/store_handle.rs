//! A field that does not keep its object alive is a `Weak`.

use gc_core::Config;
use gc_core::arena::{Arena, Root, Trace, Weak};

#[derive(Trace)]
struct Node<'gc> {
    next: Weak<'gc, u32>,
}

#[test]
fn main() {
    let mut arena = Arena::<Root![Node<'_>]>::new(Config::default(), |mc| Node { next: mc.weak(mc.new(7)) })
        .expect("an arena");
    arena.mutate(|mc, root| assert!(root.get(mc).next.upgrade(mc).is_some()));
    arena.collect_full();
    arena.mutate(|mc, root| assert!(root.get(mc).next.upgrade(mc).is_none()));
}
