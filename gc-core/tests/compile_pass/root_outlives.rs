//! What lives for ever may be in a `Cell`.

use gc_core::Config;
use gc_core::arena::{Arena, Root};
use std::cell::Cell;

#[test]
fn main() {
    let arena = Arena::<Root![Cell<&'static u32>]>::new(Config::default(), |_| Cell::new(&7));
    assert_eq!(arena.expect("an arena").mutate(|mc, root| root.get(mc).replace(&8)), &7);
}
