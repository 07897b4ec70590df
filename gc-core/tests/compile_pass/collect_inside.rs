//! An arena is collected between closures. One of its closures may collect another arena.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

#[test]
fn main() {
    let mut arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    let mut other = Arena::<Root![u32]>::new(Config::default(), |_| 8).expect("an arena");
    arena.mutate(|_, _| other.collect_full());
    arena.collect_full();
    assert_eq!(arena.mutate(|mc, root| *root.get(mc)) + other.mutate(|mc, root| *root.get(mc)), 15);
}
