//! A weak reference is made a strong one first.

use gc_core::Config;
use gc_core::arena::{Arena, Root, Weak};

#[test]
fn main() {
    let arena = Arena::<Root![Weak<'_, u32>]>::new(Config::default(), |mc| mc.weak(mc.new(7)));
    let number = arena.expect("an arena").mutate(|mc, root| root.get(mc).upgrade(mc).map(|number| *number.get(mc)));
    assert_eq!(number, Some(7));
}
