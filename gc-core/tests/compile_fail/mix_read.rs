//! An object of one arena cannot be read with the right to another.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

fn main() {
    let one = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    let other = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    one.mutate(|_, number| other.mutate(|mc, _| assert_eq!(*number.get(mc), 7)));
}
