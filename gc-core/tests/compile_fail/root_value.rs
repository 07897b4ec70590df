//! The root is of the type that the arena is declared with.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Root, Str};

fn main() {
    let _arena = Arena::<Root![Gc<'_, Str>]>::new(Config::default(), |mc| mc.new(7));
}
