//! The right to change the arena ends with the closure.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    let mut kept = None;
    arena.mutate(|mc, _| kept = Some(mc));
    kept.map(|mc| mc.new(8));
}
