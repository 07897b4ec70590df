//! A copy of the value can be the result of the closure.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

#[test]
fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    let value = arena.mutate(|mc, root| *root.get(mc));
    assert_eq!(value, 7);
}
