//! A new object can hold references into its own arena.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

#[test]
fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    arena.mutate(|mc, number| assert_eq!(*mc.new((1, number)).get(mc).1.get(mc), 7));
}
