//! An object keeps its number, which has an order and a hash, wherever it is moved.

use gc_core::Config;
use gc_core::arena::{Arena, Root};
use std::collections::BTreeSet;

#[test]
fn main() {
    let mut arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    let numbers = arena.mutate(|mc, root| BTreeSet::from([root.id(mc)]));
    arena.collect_full();
    arena.mutate(|mc, root| assert!(numbers.contains(&root.id(mc))));
}
