//! The right to change the arena is passed on by value within the closure.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Mutation, Root};

fn eight<'gc>(mc: Mutation<'gc>) -> Gc<'gc, u32> {
    mc.new(8)
}

#[test]
fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    arena.mutate(|mc, _| assert_eq!(*eight(mc).get(mc), 8));
}
