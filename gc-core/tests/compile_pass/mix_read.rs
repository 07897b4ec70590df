//! An object is read with the right to its own arena, whatever other closures run.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

#[test]
fn main() {
    let one = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    let other = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    one.mutate(|mc, number| other.mutate(|_, _| assert_eq!(*number.get(mc), 7)));
}
