//! A cell is stored into through the write barrier.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Lock, Root};

#[test]
fn main() {
    let arena = Arena::<Root![Lock<Option<Gc<'_, u32>>>]>::new(Config::default(), |_| Lock::new(None));
    arena.expect("an arena").mutate(|mc, root| {
        root.set(mc, Some(mc.new(7)));
        root.write(mc).set(None);
        assert!(root.get(mc).get().is_none());
    });
}
