//! `Trace` is implemented by hand by those who vouch for what it asks.

use gc_core::Config;
use gc_core::arena::{Arena, Root, SlotMap, Trace, Tracer};

struct Number(u32);

// SAFETY: there are no references in it, it is its own name, it may be sent, and there is nothing to drop.
unsafe impl<'gc> Trace<'gc> for Number {
    type Id = Number;
    const SLOTS: SlotMap = SlotMap::NONE;

    fn trace(&self, _tracer: &mut Tracer) {}
}

#[test]
fn main() {
    let arena = Arena::<Root![Number]>::new(Config::default(), |_| Number(7)).expect("an arena");
    assert_eq!(arena.mutate(|mc, root| root.get(mc).0), 7);
}
