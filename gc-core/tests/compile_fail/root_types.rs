//! Arenas with different roots are of different types.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

fn main() {
    let mut arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    arena = Arena::<Root![u64]>::new(Config::default(), |_| 7).expect("an arena");
}
