//! A cell cannot be stored into without the write barrier.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Lock, Root};

fn main() {
    let arena = Arena::<Root![Lock<Option<Gc<'_, u32>>>]>::new(Config::default(), |_| Lock::new(None));
    arena.expect("an arena").mutate(|mc, root| root.get(mc).set(Some(mc.new(7))));
}
