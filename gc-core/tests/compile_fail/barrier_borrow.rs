//! A cell cannot be borrowed to be changed without the write barrier.

use gc_core::Config;
use gc_core::arena::{Arena, RefLock, Root};

fn main() {
    let arena = Arena::<Root![RefLock<u32>]>::new(Config::default(), |_| RefLock::new(7));
    arena.expect("an arena").mutate(|mc, root| *root.get(mc).borrow_mut() = 8);
}
