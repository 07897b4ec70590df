//! A closure cannot collect the arena that it works on.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

fn main() {
    let mut arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    arena.mutate(|mc, root| {
        let value = root.get(mc);
        arena.collect_full();
        assert_eq!(*value, 7);
    });
}
