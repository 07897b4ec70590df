//! A handle is made with the type of its object.

use gc_core::Config;
use gc_core::arena::{Arena, Handle, Root};

fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    let _handle: Handle<Root![u64]> = arena.mutate(|mc, root| mc.stash(root));
}
