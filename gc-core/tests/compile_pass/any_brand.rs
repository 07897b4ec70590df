//! A downcast gives the type back with the brand of its arena.

use gc_core::Config;
use gc_core::arena::{Any, Arena, Gc, Mutation, Root};

fn downcast<'gc>(any: Any<'gc>, mc: Mutation<'gc>) -> Option<Gc<'gc, Gc<'gc, u32>>> {
    any.downcast(mc)
}

#[test]
fn main() {
    let arena = Arena::<Root![Any<'_>]>::new(Config::default(), |mc| mc.new(mc.new(7_u32)).erase());
    arena.expect("an arena").mutate(|mc, root| {
        let number = downcast(*root.get(mc), mc).expect("a reference to a number");
        assert_eq!(*number.get(mc).get(mc), 7);
        assert!(root.get(mc).downcast::<u32>(mc).is_none());
    });
}
