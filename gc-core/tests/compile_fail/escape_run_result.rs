//! The result of a long piece of work cannot be a reference.

use gc_core::Config;
use gc_core::arena::{Arena, Root};
use std::ops::ControlFlow;

fn main() {
    let mut arena = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    let _state = arena.run::<Root![u32], _>(|_, _| 7, |_, _, state| ControlFlow::Break(state));
}
