//! The brand of a root is written `'_`, at any depth.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Root};

type Number = Arena<Root![[Gc<'_, Gc<'_, u32>>; 2]]>;

#[test]
fn main() {
    let arena = Number::new(Config::default(), |mc| [mc.new(mc.new(7)); 2]).expect("an arena");
    arena.mutate(|mc, root| assert_eq!(*root.get(mc)[1].get(mc).get(mc), 7));
}
