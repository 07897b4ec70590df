//! An object of one arena cannot refer to an object of another.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Lock, Root};

fn main() {
    let one = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    let other = Arena::<Root![Lock<Option<Gc<'_, u32>>>]>::new(Config::default(), |_| Lock::new(None));
    let other = other.expect("an arena");
    one.mutate(|_, number| other.mutate(|mc, root| root.set(mc, Some(number))));
}
