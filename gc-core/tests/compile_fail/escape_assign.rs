//! A reference cannot be put into a variable outside of the closure.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    let mut kept = None;
    arena.mutate(|_, root| kept = Some(root));
}
