//! A step of a long piece of work cannot use the arena but through its arguments.

use gc_core::Config;
use gc_core::arena::{Arena, Root};
use std::ops::ControlFlow;

fn main() {
    let mut arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    arena.run::<Root![()], ()>(
        |_, _| (),
        |_, _, _| {
            arena.collect_full();
            ControlFlow::Break(())
        },
    );
}
