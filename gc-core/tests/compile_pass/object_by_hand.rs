//! What a `Gc` may refer to is what is `Trace`.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Object, Root, Trace};

#[derive(Trace)]
struct Number(u32);

fn same<'gc, T: ?Sized + Object<'gc>>(one: Gc<'gc, T>, other: Gc<'gc, T>) -> bool {
    one.ptr_eq(other)
}

#[test]
fn main() {
    let arena = Arena::<Root![Number]>::new(Config::default(), |_| Number(7)).expect("an arena");
    arena.mutate(|mc, root| assert!(same(root, root) && !same(root, mc.new(Number(root.get(mc).0)))));
}
