//! What threads share lives outside of the arena; objects refer to it by a number, or for ever.

use gc_core::Config;
use gc_core::arena::{Arena, Root, Trace};
use std::sync::atomic::{AtomicU32, Ordering};

static SHARED: AtomicU32 = AtomicU32::new(7);

#[derive(Trace)]
struct Node {
    #[trace(leaf)]
    shared: &'static AtomicU32,
}

#[test]
fn main() {
    let arena = Arena::<Root![Node]>::new(Config::default(), |_| Node { shared: &SHARED }).expect("an arena");
    assert_eq!(arena.mutate(|mc, root| root.get(mc).shared.load(Ordering::Relaxed)), 7);
}
