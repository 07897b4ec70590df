//! The result of a long piece of work can be a handle.

use gc_core::Config;
use gc_core::arena::{Arena, Handle, Root};
use std::ops::ControlFlow;

#[test]
fn main() {
    let mut arena = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    let state: Handle<Root![u32]> =
        arena.run::<Root![u32], _>(|_, _| 7, |mc, _, state| ControlFlow::Break(mc.stash(state)));
    arena.collect_full();
    arena.mutate(|mc, _| assert_eq!(*mc.fetch(&state).get(mc), 7));
}
