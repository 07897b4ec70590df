//! A handle can be put into a variable outside of the closure.

use gc_core::Config;
use gc_core::arena::{Arena, Handle, Root};

#[test]
fn main() {
    let mut arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    let mut kept: Option<Handle<Root![u32]>> = None;
    arena.mutate(|mc, root| kept = Some(mc.stash(root)));
    arena.collect_full();
    let kept = kept.expect("a handle");
    arena.mutate(|mc, root| assert!(mc.fetch(&kept).ptr_eq(root)));
}
