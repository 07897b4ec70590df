//! The right to change an arena is held beside a reference by types that do not lie in one.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Lock, Mutation, Root};

#[derive(Clone, Copy)]
struct Context<'gc> {
    mc: Mutation<'gc>,
    count: Gc<'gc, Lock<u32>>,
}

impl Context<'_> {
    fn count(self) -> u32 {
        self.count.set(self.mc, self.count.get(self.mc).get() + 1);
        self.count.get(self.mc).get()
    }
}

#[test]
fn main() {
    let arena = Arena::<Root![Lock<u32>]>::new(Config::default(), |_| Lock::new(6)).expect("an arena");
    assert_eq!(arena.mutate(|mc, count| Context { mc, count }.count()), 7);
}
