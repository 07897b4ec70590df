//! The permission to store into a value is shared; its cells are swapped one by one.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Lock, Root, Trace};

#[derive(Trace)]
struct Pair<'gc> {
    left: Lock<Gc<'gc, u32>>,
    right: Lock<Gc<'gc, u32>>,
}

#[test]
fn main() {
    let arena = Arena::<Root![Pair<'_>]>::new(Config::default(), |mc| {
        let [left, right] = [1, 2].map(|number| Lock::new(mc.new(number)));
        Pair { left, right }
    });
    arena.expect("an arena").mutate(|mc, root| {
        let pair = root.write(mc);
        let left = pair.field(|pair| &pair.left).replace(pair.right.get());
        pair.field(|pair| &pair.right).set(left);
        assert_eq!([pair.left.get(), pair.right.get()].map(|number| *number.get(mc)), [2, 1]);
    });
}
