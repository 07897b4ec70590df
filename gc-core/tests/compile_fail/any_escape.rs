//! A reference whose type is left to run time escapes no more than any other.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    let _root = arena.mutate(|_, root| root.erase());
}
