//! References have no order and no hash: a collection would change both.

use gc_core::Config;
use gc_core::arena::{Arena, Root};
use std::collections::BTreeSet;

fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    arena.mutate(|_, root| drop(BTreeSet::from([root])));
}
