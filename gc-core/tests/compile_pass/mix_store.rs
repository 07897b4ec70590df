//! What one arena holds is copied into another.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Lock, Root};

#[test]
fn main() {
    let one = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    let other = Arena::<Root![Lock<Option<Gc<'_, u32>>>]>::new(Config::default(), |_| Lock::new(None));
    let other = other.expect("an arena");
    one.mutate(|one_mc, number| other.mutate(|mc, root| root.set(mc, Some(mc.new(*number.get(one_mc))))));
    let number = other.mutate(|mc, root| root.get(mc).get().map(|number| *number.get(mc)));
    assert_eq!(number, Some(7));
}
