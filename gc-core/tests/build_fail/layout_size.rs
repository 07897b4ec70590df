//! A value of more than 8 KiB is refused.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

fn main() {
    let arena = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    arena.mutate(|mc, _| _ = mc.new([0_u8; (8 << 10) + 1]));
}
