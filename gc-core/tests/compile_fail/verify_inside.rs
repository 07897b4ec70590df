//! A closure cannot verify the arena that it works on: it may have borrowed what the verifier reads.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, RefLock, Root};

fn main() {
    let mut arena =
        Arena::<Root![RefLock<Option<Gc<'_, u32>>>]>::new(Config::default(), |_| RefLock::new(None))
            .expect("an arena");
    arena.mutate(|mc, root| {
        let mut number = root.borrow_mut(mc);
        arena.verify().expect("sound");
        *number = Some(mc.new(7));
    });
}
