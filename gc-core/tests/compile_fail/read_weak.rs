//! A weak reference cannot be read: its object may be dead.

use gc_core::Config;
use gc_core::arena::{Arena, Root, Weak};

fn main() {
    let arena = Arena::<Root![Weak<'_, u32>]>::new(Config::default(), |mc| mc.weak(mc.new(7)));
    arena.expect("an arena").mutate(|mc, root| *root.get(mc).get(mc));
}
