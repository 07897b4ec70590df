//! The permission to store can be passed on, to a function that knows nothing of the arena.

use gc_core::Config;
use gc_core::arena::{Arena, Lock, Root, Write};

fn double(number: &Write<Lock<u32>>) {
    number.set(2 * number.get());
}

#[test]
fn main() {
    let arena = Arena::<Root![Lock<u32>]>::new(Config::default(), |_| Lock::new(7));
    arena.expect("an arena").mutate(|mc, root| {
        double(root.write(mc));
        assert_eq!(root.get(mc).get(), 14);
    });
}
