//! The text of a string cannot be kept outside of the closure.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Root, Str};

fn main() {
    let arena = Arena::<Root![Gc<'_, Str>]>::new(Config::default(), |mc| mc.str("seven")).expect("an arena");
    let _text: &str = arena.mutate(|mc, root| root.get(mc).as_str(mc));
}
