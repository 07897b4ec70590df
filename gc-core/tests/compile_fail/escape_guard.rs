//! The guard of a borrow cannot be kept outside of the closure.

use gc_core::Config;
use gc_core::arena::{Arena, RefLock, Root};

fn main() {
    let arena = Arena::<Root![RefLock<u32>]>::new(Config::default(), |_| RefLock::new(7)).expect("an arena");
    let mut guard = arena.mutate(|mc, root| root.borrow_mut(mc));
    *guard = 8;
}
