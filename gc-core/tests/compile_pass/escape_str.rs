//! A copy of a text can be kept outside of the closure.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Root, Str};

#[test]
fn main() {
    let arena = Arena::<Root![Gc<'_, Str>]>::new(Config::default(), |mc| mc.str("seven")).expect("an arena");
    let text: String = arena.mutate(|mc, root| root.get(mc).as_str(mc).to_owned());
    assert_eq!(text, "seven");
}
