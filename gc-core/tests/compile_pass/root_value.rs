//! The root is a value of the declared type, or a reference to one if that is what is declared.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Root, Str};

#[test]
fn main() {
    let arena = Arena::<Root![Gc<'_, Str>]>::new(Config::default(), |mc| mc.str("seven"));
    arena.expect("an arena").mutate(|mc, root| assert_eq!(root.get(mc).as_str(mc), "seven"));
}
