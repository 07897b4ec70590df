//! A value is read through the right to the arena.

use gc_core::Config;
use gc_core::arena::{Arena, Root, Trace};

#[derive(Trace)]
struct Point {
    x: i32,
}

#[test]
fn main() {
    let arena = Arena::<Root![Point]>::new(Config::default(), |_| Point { x: 3 }).expect("an arena");
    assert_eq!(arena.mutate(|mc, root| root.get(mc).x), 3);
}
