//! A type of the program can stand for a type with any brand, and a handle keeps it.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Handle, Root, Rootable};

struct Number;

impl<'gc> Rootable<'gc> for Number {
    type Root = Gc<'gc, u32>;
}

fn pass_on(number: Handle<Number>) -> Handle<Number> {
    number
}

#[test]
fn main() {
    let arena = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    let number = pass_on(arena.mutate(|mc, _| mc.stash::<Number>(mc.new(mc.new(7)))));
    arena.mutate(|mc, _| assert_eq!(*mc.fetch(&number).get(mc).get(mc), 7));
}
