//! A closure cannot use idle time of the arena that it works on.

use gc_core::arena::{Arena, Root};
use gc_core::{Budget, Config};

fn main() {
    let mut arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    arena.mutate(|_, _| arena.step(Budget::Work(100)));
}
