//! A value with drop code is refused, also if somebody vouches for it.

use gc_core::Config;
use gc_core::arena::{Arena, Root, SlotMap, Trace, Tracer};

struct Name(String);

unsafe impl<'gc> Trace<'gc> for Name {
    type Id = Name;
    const SLOTS: SlotMap = SlotMap::NONE;

    fn trace(&self, _tracer: &mut Tracer) {}
}

fn main() {
    let arena = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    arena.mutate(|mc, _| _ = mc.new(Name(String::new())));
}
