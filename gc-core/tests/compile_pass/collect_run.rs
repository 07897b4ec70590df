//! The arena collects between steps by itself.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Lock, Root};
use std::ops::ControlFlow;

#[test]
fn main() {
    let mut arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    let sum = arena.run::<Root![Lock<Gc<'_, u32>>], u32>(
        |mc, root| Lock::new(mc.new(*root.get(mc))),
        |mc, root, state| {
            let sum = *state.get(mc).get().get(mc) + *root.get(mc);
            state.set(mc, mc.new(sum));
            if sum < 7_000 { ControlFlow::Continue(()) } else { ControlFlow::Break(sum) }
        },
    );
    assert_eq!(sum, 7_000);
}
