//! A reference into an object is good for as long as the closure runs; what is kept is a copy.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

#[test]
fn main() {
    let mut arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    let value: u32 = arena.mutate(|mc, root| {
        let value: &u32 = root.get(mc);
        *value
    });
    arena.collect_full();
    assert_eq!(value, 7);
}
