//! A field behind the permission to write is not itself behind one.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Lock, Root, Trace};

#[derive(Trace)]
struct List<'gc> {
    head: Lock<Option<Gc<'gc, u32>>>,
}

fn main() {
    let arena = Arena::<Root![List<'_>]>::new(Config::default(), |_| List { head: Lock::new(None) });
    arena.expect("an arena").mutate(|mc, list| list.write(mc).head.set(Some(mc.new(7))));
}
