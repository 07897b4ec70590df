//! A new object of one arena cannot hold a reference into another.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

fn main() {
    let one = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    let other = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    one.mutate(|_, number| other.mutate(|mc, _| _ = mc.new((1, number))));
}
