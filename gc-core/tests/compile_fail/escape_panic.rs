//! A reference cannot be thrown out of the closure by a panic.

use gc_core::Config;
use gc_core::arena::{Arena, Root};
use std::panic::resume_unwind;

fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    arena.mutate(|_, root| resume_unwind(Box::new(root)));
}
