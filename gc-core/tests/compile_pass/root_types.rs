//! Arenas with equal roots are of one type, however often that is written.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

#[test]
fn main() {
    let mut arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    assert_eq!(arena.mutate(|mc, root| *root.get(mc)), 7);
    arena = Arena::<Root![u32]>::new(Config::default(), |_| 8).expect("an arena");
    assert_eq!(arena.mutate(|mc, root| *root.get(mc)), 8);
}
