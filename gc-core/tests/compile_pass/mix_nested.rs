//! A closure may run another of the same arena, each with its own references.

use gc_core::Config;
use gc_core::arena::{Arena, Lock, Root};

#[test]
fn main() {
    let arena = Arena::<Root![Lock<u32>]>::new(Config::default(), |_| Lock::new(7)).expect("an arena");
    arena.mutate(|outer, root| {
        arena.mutate(|inner, root| root.set(inner, 8));
        assert_eq!(root.get(outer).get(), 8);
    });
}
