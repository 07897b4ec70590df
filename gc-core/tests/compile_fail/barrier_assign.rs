//! A field cannot be assigned to.

use gc_core::Config;
use gc_core::arena::{Arena, Root, Trace};

#[derive(Trace)]
struct Counter {
    count: u32,
}

fn main() {
    let arena = Arena::<Root![Counter]>::new(Config::default(), |_| Counter { count: 0 });
    arena.expect("an arena").mutate(|mc, root| root.get(mc).count = 1);
}
