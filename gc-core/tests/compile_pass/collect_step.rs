//! Idle time is between closures.

use gc_core::arena::{Arena, Root};
use gc_core::{Budget, Config};

#[test]
fn main() {
    let mut arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    arena.step(Budget::Work(100));
    assert_eq!(arena.mutate(|mc, root| *root.get(mc)), 7);
}
