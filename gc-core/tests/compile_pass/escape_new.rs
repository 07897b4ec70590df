//! A handle can be kept from the making of the arena.

use gc_core::Config;
use gc_core::arena::{Arena, Handle, Root};

#[test]
fn main() {
    let mut kept: Option<Handle<Root![u32]>> = None;
    let arena = Arena::<Root![()]>::new(Config::default(), |mc| kept = Some(mc.stash(mc.new(7))));
    let (arena, kept) = (arena.expect("an arena"), kept.expect("a handle"));
    arena.mutate(|mc, _| assert_eq!(*mc.fetch(&kept).get(mc), 7));
}
