//! The state of a long piece of work cannot be kept from one step to the next but by the arena.

use gc_core::Config;
use gc_core::arena::{Arena, Root};
use std::ops::ControlFlow;

fn main() {
    let mut arena = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    let mut kept = None;
    arena.run::<Root![u32], ()>(
        |_, _| 7,
        |_, _, state| {
            kept = Some(state);
            ControlFlow::Break(())
        },
    );
}
