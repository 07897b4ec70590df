//! The type of a handle is that of its object, with any brand.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Handle, Root};

#[test]
fn main() {
    let arena = Arena::<Root![Gc<'_, u32>]>::new(Config::default(), |mc| mc.new(7)).expect("an arena");
    let handle: Handle<Root![Gc<'_, u32>]> = arena.mutate(|mc, root| mc.stash(root));
    assert_eq!(arena.mutate(|mc, _| *mc.fetch(&handle).get(mc).get(mc)), 7);
}
