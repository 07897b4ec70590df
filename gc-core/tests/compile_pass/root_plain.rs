//! `Root!` makes of a type what stands for it with any brand, also where it has none.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

#[test]
fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    assert_eq!(arena.mutate(|mc, root| *root.get(mc)), 7);
}
