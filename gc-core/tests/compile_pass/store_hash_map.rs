//! A few names with their values are an array.

use gc_core::Config;
use gc_core::arena::{Arena, Array, Gc, Root, Str, Trace};

#[derive(Trace)]
struct Globals<'gc> {
    values: Gc<'gc, Array<(Gc<'gc, Str>, u32)>>,
}

#[test]
fn main() {
    let arena = Arena::<Root![Globals<'_>]>::new(Config::default(), |mc| {
        let values = mc.array(&[(mc.str("six"), 6), (mc.str("seven"), 7)]);
        Globals { values }
    });
    arena.expect("an arena").mutate(|mc, root| {
        let mut values = root.get(mc).values.as_slice(mc).iter();
        let seven = values.find(|(name, _)| name.as_str(mc) == "seven");
        assert_eq!(seven.map(|(_, value)| *value), Some(7));
    });
}
