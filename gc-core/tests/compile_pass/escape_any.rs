//! A handle can hide in a `Box<dyn Any>`.

use gc_core::Config;
use gc_core::arena::{Arena, Handle, Root};
use std::any::Any;

#[test]
fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    let kept = arena.mutate(|mc, root| -> Box<dyn Any> { Box::new(mc.stash::<Root![u32]>(root)) });
    let handle = kept.downcast_ref::<Handle<Root![u32]>>().expect("a handle");
    arena.mutate(|mc, root| assert!(mc.fetch(handle).ptr_eq(root)));
}
