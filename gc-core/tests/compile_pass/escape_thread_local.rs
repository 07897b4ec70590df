//! A handle can be put into a thread-local variable.

use gc_core::Config;
use gc_core::arena::{Arena, Handle, Root};
use std::cell::Cell;

type Number = Handle<Root![u32]>;

thread_local! {
    static KEPT: Cell<Option<Number>> = const { Cell::new(None) };
}

#[test]
fn main() {
    let mut arena = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    arena.mutate(|mc, _| KEPT.set(Some(mc.stash(mc.new(7)))));
    arena.collect_full();
    let kept = KEPT.take().expect("a handle");
    arena.mutate(|mc, _| assert_eq!(*mc.fetch(&kept).get(mc), 7));
}
