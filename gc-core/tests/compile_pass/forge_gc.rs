//! A reference comes from making an object, or from reading one.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Root};

#[test]
fn main() {
    let arena = Arena::<Root![Gc<'_, u32>]>::new(Config::default(), |mc| mc.new(7)).expect("an arena");
    arena.mutate(|mc, root| assert_eq!(*root.get(mc).get(mc), 7));
}
