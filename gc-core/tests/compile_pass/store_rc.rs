//! What is shared is an object: references to it are copied.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Root, Trace};

#[derive(Trace)]
struct Node<'gc> {
    shared: Gc<'gc, u32>,
}

#[test]
fn main() {
    let arena = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    arena.mutate(|mc, _| {
        let shared = mc.new(7);
        let [one, other] = [(); 2].map(|()| mc.new(Node { shared }));
        assert!(one.get(mc).shared.ptr_eq(other.get(mc).shared));
    });
}
