//! A cell is borrowed to be changed through the write barrier.

use gc_core::Config;
use gc_core::arena::{Arena, RefLock, Root};

#[test]
fn main() {
    let arena = Arena::<Root![RefLock<u32>]>::new(Config::default(), |_| RefLock::new(7));
    arena.expect("an arena").mutate(|mc, root| {
        *root.borrow_mut(mc) = 8;
        assert_eq!(*root.get(mc).borrow(), 8);
    });
}
