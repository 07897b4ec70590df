//! An arena is verified between closures.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, RefLock, Root};

#[test]
fn main() {
    let mut arena = Arena::<Root![RefLock<Option<Gc<'_, u32>>>]>::new(Config::default(), |_| RefLock::new(None))
        .expect("an arena");
    arena.mutate(|mc, root| *root.borrow_mut(mc) = Some(mc.new(7)));
    arena.verify().expect("sound");
}
