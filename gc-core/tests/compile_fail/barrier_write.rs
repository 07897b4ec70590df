//! The permission to store cannot be made from a plain reference.

use gc_core::Config;
use gc_core::arena::{Arena, Lock, Root, Write};

fn main() {
    let arena = Arena::<Root![Lock<u32>]>::new(Config::default(), |_| Lock::new(7));
    arena.expect("an arena").mutate(|mc, root| Write::of(root.get(mc)).set(8));
}
