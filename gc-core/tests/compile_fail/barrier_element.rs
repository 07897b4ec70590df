//! The elements of an array cannot be stored into without the write barrier.

use gc_core::Config;
use gc_core::arena::{Arena, Array, Gc, Root};

fn main() {
    let arena = Arena::<Root![Gc<'_, Array<u32>>]>::new(Config::default(), |mc| mc.array(&[1, 2, 3]));
    arena.expect("an arena").mutate(|mc, root| root.get(mc).as_slice(mc)[1] = 7);
}
