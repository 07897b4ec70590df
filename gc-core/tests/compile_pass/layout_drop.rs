//! A value whose drop code has been taken off is nobody's to drop: the program gets it back and does that.

use gc_core::Config;
use gc_core::arena::{Arena, Root, SlotMap, Trace, Tracer};
use std::mem::ManuallyDrop;

struct Name(ManuallyDrop<String>);

// SAFETY: there are no references in it, it is its own name, it may be sent, and it has no drop code.
unsafe impl<'gc> Trace<'gc> for Name {
    type Id = Name;
    const SLOTS: SlotMap = SlotMap::NONE;

    fn trace(&self, _tracer: &mut Tracer) {}
}

#[test]
fn main() {
    let arena = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    arena.mutate(|mc, _| assert!(mc.new(Name(ManuallyDrop::new(String::new()))).get(mc).0.is_empty()));
}
