//! References of two closures of one arena do not mix: the compiler cannot know that it is the same.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    arena.mutate(|_, root| arena.mutate(|mc, _| assert_eq!(*root.get(mc), 7)));
}
