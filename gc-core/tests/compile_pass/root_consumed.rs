//! The new arena takes over all objects and handles of the old one.

use gc_core::Config;
use gc_core::arena::{Arena, Handle, Root};

#[test]
fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    let handle: Handle<Root![u32]> = arena.mutate(|mc, root| mc.stash(root));
    let other = arena.map_root::<Root![u64]>(|mc, root| u64::from(*root.get(mc)));
    assert_eq!(other.mutate(|mc, root| *root.get(mc)), 7_u64);
    assert_eq!(other.mutate(|mc, _| *mc.fetch(&handle).get(mc)), 7_u32);
}
