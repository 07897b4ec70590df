//! There is no `&mut` to a value in the arena.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Root, Trace};
use std::mem::swap;

#[derive(Trace)]
struct Pair<'gc> {
    left: Gc<'gc, u32>,
    right: Gc<'gc, u32>,
}

fn main() {
    let arena =
        Arena::<Root![Pair<'_>]>::new(Config::default(), |mc| Pair { left: mc.new(1), right: mc.new(2) });
    arena.expect("an arena").mutate(|mc, root| {
        let pair = root.get(mc);
        swap(&mut pair.left, &mut pair.right);
    });
}
