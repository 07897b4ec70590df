//! A root may have parts that live for ever beside those with the brand.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Root};

#[test]
fn main() {
    let arena = Arena::<Root![(Gc<'_, u32>, &'static str)]>::new(Config::default(), |mc| (mc.new(7), "seven"));
    arena.expect("an arena").mutate(|mc, root| {
        let (number, text) = root.get(mc);
        assert_eq!((*number.get(mc), *text), (7, "seven"));
    });
}
