//! A value can be thrown out of the closure by a panic, and the arena is as good as before.

use gc_core::Config;
use gc_core::arena::{Arena, Lock, Root};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

#[test]
fn main() {
    let mut arena = Arena::<Root![Lock<u32>]>::new(Config::default(), |_| Lock::new(7)).expect("an arena");
    let step = || {
        arena.mutate(|mc, root| {
            root.set(mc, 8);
            resume_unwind(Box::new(root.get(mc).get()))
        });
    };
    let thrown = catch_unwind(AssertUnwindSafe(step)).expect_err("a panic");
    assert_eq!(thrown.downcast_ref::<u32>(), Some(&8));
    arena.collect_full();
    assert_eq!(arena.mutate(|mc, root| root.get(mc).get()), 8);
}
