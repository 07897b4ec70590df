//! A root is of any type that is `Trace`; what the host owns is kept beside the arena.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

struct Machine {
    name: String,
    arena: Arena<Root![()]>,
}

#[test]
fn main() {
    let arena = Arena::new(Config::default(), |_| ()).expect("an arena");
    let machine = Machine { name: String::from("machine"), arena };
    machine.arena.mutate(|mc, _| assert_eq!(mc.str(&machine.name).as_str(mc), machine.name));
}
