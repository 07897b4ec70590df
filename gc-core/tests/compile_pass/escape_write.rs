//! The permission to store into an object is good for as many stores as the closure makes.

use gc_core::Config;
use gc_core::arena::{Arena, Lock, Root};

#[test]
fn main() {
    let arena = Arena::<Root![Lock<u32>]>::new(Config::default(), |_| Lock::new(7)).expect("an arena");
    arena.mutate(|mc, root| {
        let root = root.write(mc);
        root.set(8);
        assert_eq!(root.replace(9), 8);
    });
    assert_eq!(arena.mutate(|mc, root| root.get(mc).get()), 9);
}
