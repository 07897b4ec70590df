//! A reference cannot hide in a `Box<dyn Any>`.

use gc_core::Config;
use gc_core::arena::{Arena, Root};
use std::any::Any;

fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    let _kept = arena.mutate(|_, root| -> Box<dyn Any> { Box::new(root) });
}
