//! A packed value stays in its arena.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Lock, Pack, Packed, Root, Trace};

#[derive(Clone, Copy, Trace, Pack)]
enum Value<'gc> {
    Nil,
    Number(Gc<'gc, u32>),
}

#[test]
fn main() {
    let arena = || Arena::<Root![Lock<Packed<Value<'_>>>]>::new(Config::default(), |_| Lock::new(Value::Nil.pack()));
    let arena = arena().expect("an arena");
    arena.mutate(|mc, root| {
        let value = Value::Number(mc.new(1)).pack();
        root.set(mc, value);
        assert!(root.get(mc).get().is_same(value));
    });
}
