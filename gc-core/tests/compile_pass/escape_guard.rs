//! The guard of a borrow ends within the closure. One that is leaked leaves the object borrowed, and nothing worse.

use gc_core::Config;
use gc_core::arena::{Arena, RefLock, Root};

#[test]
fn main() {
    let mut arena = Arena::<Root![RefLock<u32>]>::new(Config::default(), |_| RefLock::new(7)).expect("an arena");
    arena.mutate(|mc, root| *root.borrow_mut(mc) = 8);
    arena.mutate(|mc, root| std::mem::forget(root.borrow(mc)));
    arena.collect_full();
    arena.mutate(|mc, root| {
        assert_eq!(*root.borrow(mc), 8);
        assert!(root.write(mc).try_borrow_mut().is_err());
    });
}
