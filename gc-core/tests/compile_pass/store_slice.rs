//! An array of the arena gives a slice of its values.

use gc_core::Config;
use gc_core::arena::{Arena, Array, Gc, Root, Trace};

#[derive(Trace)]
struct Digits<'gc> {
    digits: Gc<'gc, Array<u8>>,
}

#[test]
fn main() {
    let arena = Arena::<Root![Digits<'_>]>::new(Config::default(), |mc| Digits { digits: mc.array(&[1, 2, 3]) });
    arena.expect("an arena").mutate(|mc, root| {
        let [first, .., last] = root.get(mc).digits.as_slice(mc) else { panic!("three digits") };
        assert_eq!([*first, *last], [1, 3]);
    });
}
