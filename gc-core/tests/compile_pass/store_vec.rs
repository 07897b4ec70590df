//! An array of the arena holds as many references as it is made for.

use gc_core::Config;
use gc_core::arena::{Arena, Array, Gc, Root, Trace};

#[derive(Trace)]
struct Node<'gc> {
    children: Gc<'gc, Array<Gc<'gc, Node<'gc>>>>,
}

#[test]
fn main() {
    let mut arena = Arena::<Root![Node<'_>]>::new(Config::default(), |mc| {
        let leaf = mc.new(Node { children: mc.array(&[]) });
        Node { children: mc.array(&[leaf; 3]) }
    })
    .expect("an arena");
    arena.collect_full();
    arena.mutate(|mc, root| {
        let children = root.get(mc).children.as_slice(mc);
        assert_eq!(children.len(), 3);
        assert!(children.iter().all(|child| child.get(mc).children.is_empty(mc)));
    });
}
