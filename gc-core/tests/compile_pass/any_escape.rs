//! The name of an object's type can be the result of the closure.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

#[test]
fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    assert_eq!(arena.mutate(|mc, root| root.erase().type_name(mc)), "u32");
}
