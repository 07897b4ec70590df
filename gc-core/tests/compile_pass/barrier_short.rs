//! `field` hands the permission to write on to a field.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Lock, Root, Trace};

#[derive(Trace)]
struct List<'gc> {
    head: Lock<Option<Gc<'gc, u32>>>,
}

#[test]
fn main() {
    let arena = Arena::<Root![List<'_>]>::new(Config::default(), |_| List { head: Lock::new(None) });
    arena.expect("an arena").mutate(|mc, list| {
        list.write(mc).field(|list| &list.head).set(Some(mc.new(7)));
        assert_eq!(list.get(mc).head.get().map(|number| *number.get(mc)), Some(7));
    });
}
