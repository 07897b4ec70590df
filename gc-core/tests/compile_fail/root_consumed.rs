//! An arena whose root has been made into another is used up.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    let _other = arena.map_root::<Root![u64]>(|mc, root| u64::from(*root.get(mc)));
    arena.mutate(|mc, root| *root.get(mc));
}
