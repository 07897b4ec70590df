//! A value whose type derives `Trace` can be put into an arena.

use gc_core::Config;
use gc_core::arena::{Arena, Root, Trace};

#[derive(Trace)]
struct Point {
    x: i32,
    y: i32,
}

#[test]
fn main() {
    let arena = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    arena.mutate(|mc, _| {
        let point = mc.new(Point { x: 3, y: 4 }).get(mc);
        assert_eq!((point.x, point.y), (3, 4));
    });
}
