//! A reference into an object cannot be kept while the arena collects.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

fn main() {
    let mut arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    let value: &u32 = arena.mutate(|mc, root| root.get(mc));
    arena.collect_full();
    assert_eq!(*value, 7);
}
