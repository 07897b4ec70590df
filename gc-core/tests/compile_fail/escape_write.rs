//! The permission to store into an object ends with the closure.

use gc_core::Config;
use gc_core::arena::{Arena, Lock, Root};

fn main() {
    let arena = Arena::<Root![Lock<u32>]>::new(Config::default(), |_| Lock::new(7)).expect("an arena");
    let root = arena.mutate(|mc, root| root.write(mc));
    root.set(8);
}
