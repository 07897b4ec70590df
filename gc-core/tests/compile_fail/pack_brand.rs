//! A packed value has the brand of its arena, as a reference has.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Lock, Pack, Packed, Root, Trace};

#[derive(Clone, Copy, Trace, Pack)]
enum Value<'gc> {
    Nil,
    Number(Gc<'gc, u32>),
}

fn main() {
    let arena = || Arena::<Root![Lock<Packed<Value<'_>>>]>::new(Config::default(), |_| Lock::new(Value::Nil.pack()));
    let (one, other) = (arena().expect("an arena"), arena().expect("an arena"));
    one.mutate(|one_mc, _| {
        let value = Value::Number(one_mc.new(1)).pack();
        other.mutate(|mc, root| root.set(mc, value));
    });
}
