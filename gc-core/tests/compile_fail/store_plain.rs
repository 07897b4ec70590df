//! A value whose type is not `Trace` cannot be put into an arena.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

struct Point {
    x: i32,
    y: i32,
}

fn main() {
    let arena = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    arena.mutate(|mc, _| _ = mc.new(Point { x: 3, y: 4 }));
}
