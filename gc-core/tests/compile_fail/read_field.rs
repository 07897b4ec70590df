//! A field cannot be read without the right to the arena.

use gc_core::Config;
use gc_core::arena::{Arena, Root, Trace};

#[derive(Trace)]
struct Point {
    x: i32,
}

fn main() {
    let arena = Arena::<Root![Point]>::new(Config::default(), |_| Point { x: 3 }).expect("an arena");
    arena.mutate(|_, root| root.x);
}
