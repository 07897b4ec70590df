//! The elements of an array of cells are stored into through the write barrier.

use gc_core::Config;
use gc_core::arena::{Arena, Array, Gc, Lock, Root};

#[test]
fn main() {
    let arena = Arena::<Root![Gc<'_, Array<Lock<u32>>>]>::new(Config::default(), |mc| {
        mc.array_from_fn(3, |_| Lock::new(0))
    });
    arena.expect("an arena").mutate(|mc, root| {
        root.get(mc).set(mc, 1, 7);
        assert_eq!(root.get(mc).at(mc, 1), 7);
    });
}
