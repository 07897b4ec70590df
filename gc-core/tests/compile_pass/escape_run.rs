//! What a step leaves to the next is in the state.

use gc_core::Config;
use gc_core::arena::{Arena, Lock, Root};
use std::ops::ControlFlow;

#[test]
fn main() {
    let mut arena = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    let steps = arena.run::<Root![Lock<u32>], u32>(
        |_, _| Lock::new(0),
        |mc, _, state| match state.get(mc).get() {
            7 => ControlFlow::Break(7),
            steps => {
                state.set(mc, steps + 1);
                ControlFlow::Continue(())
            }
        },
    );
    assert_eq!(steps, 7);
}
