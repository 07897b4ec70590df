//! The cell inside a `Lock` is out of reach.

use gc_core::Config;
use gc_core::arena::{Arena, Lock, Root};

fn main() {
    let arena = Arena::<Root![Lock<u32>]>::new(Config::default(), |_| Lock::new(7));
    arena.expect("an arena").mutate(|mc, root| root.get(mc).0.set(8));
}
