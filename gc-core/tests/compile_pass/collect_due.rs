//! A closure that finds something due returns, for that to be done between closures.

use gc_core::Config;
use gc_core::arena::{Arena, Lock, Root};

#[test]
fn main() {
    let mut arena = Arena::<Root![Lock<u32>]>::new(Config::default(), |_| Lock::new(0)).expect("an arena");
    let step = |arena: &Arena<Root![Lock<u32>]>| {
        arena.mutate(|mc, root| {
            while root.get(mc).get() < 100_000 && !mc.should_yield() {
                root.set(mc, *mc.new(root.get(mc).get() + 1).get(mc));
            }
            root.get(mc).get()
        })
    };
    while step(&arena) < 100_000 {
        arena.collect_if_due();
    }
}
