//! A projection must lead from the value that the permission is for.

use gc_core::Config;
use gc_core::arena::{Arena, Lock, Root};

fn main() {
    let arena = Arena::<Root![(Lock<u32>, Lock<u32>)]>::new(Config::default(), |_| Default::default());
    let elsewhere = Lock::new(7);
    arena.expect("an arena").mutate(|mc, root| root.write(mc).field(|_| &elsewhere).set(8));
}
