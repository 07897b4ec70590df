//! A reference cannot be the result of the closure: the next collection may move its object.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    let _root = arena.mutate(|_, root| root);
}
