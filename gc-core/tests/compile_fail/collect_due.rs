//! A closure cannot do what is due: that may move what it holds.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

fn main() {
    let mut arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    arena.mutate(|mc, _| {
        if mc.should_yield() {
            arena.collect_if_due();
        }
    });
}
