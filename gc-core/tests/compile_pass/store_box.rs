//! What a `Box` would lead to is an object.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Mutation, Root, Trace};

#[derive(Trace)]
enum List<'gc> {
    End,
    Cons(u32, Gc<'gc, List<'gc>>),
}

fn sum<'gc>(mc: Mutation<'gc>, list: Gc<'gc, List<'gc>>) -> u32 {
    match *list.get(mc) {
        List::End => 0,
        List::Cons(first, rest) => first + sum(mc, rest),
    }
}

#[test]
fn main() {
    let arena = Arena::<Root![List<'_>]>::new(Config::default(), |mc| {
        List::Cons(3, mc.new(List::Cons(4, mc.new(List::End))))
    });
    assert_eq!(arena.expect("an arena").mutate(sum), 7);
}
