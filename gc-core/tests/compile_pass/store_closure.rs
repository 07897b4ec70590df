//! A function is stored as a leaf, and what it works on beside it.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Mutation, Root, Trace};

#[derive(Trace)]
struct Callback<'gc> {
    #[trace(leaf)]
    run: for<'any> fn(Mutation<'any>, Gc<'any, u32>) -> u32,
    number: Gc<'gc, u32>,
}

#[test]
fn main() {
    let mut arena = Arena::<Root![Callback<'_>]>::new(Config::default(), |mc| {
        Callback { run: |mc, number| *number.get(mc), number: mc.new(7) }
    })
    .expect("an arena");
    arena.collect_full();
    arena.mutate(|mc, root| {
        let callback = root.get(mc);
        assert_eq!((callback.run)(mc, callback.number), 7);
    });
}
