//! A field that changes is a cell: a `Cell` if it never holds references.

use gc_core::Config;
use gc_core::arena::{Arena, Root, Trace};
use std::cell::Cell;

#[derive(Trace)]
struct Counter {
    count: Cell<u32>,
}

#[test]
fn main() {
    let arena = Arena::<Root![Counter]>::new(Config::default(), |_| Counter { count: Cell::new(0) });
    arena.expect("an arena").mutate(|mc, root| {
        root.get(mc).count.set(1);
        assert_eq!(root.get(mc).count.get(), 1);
    });
}
