//! A reference cannot be kept from the making of the arena.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

fn main() {
    let mut kept = None;
    let _arena = Arena::<Root![()]>::new(Config::default(), |mc| kept = Some(mc.new(7)));
}
