//! `Trace` cannot be implemented by hand without taking responsibility for it.

use gc_core::arena::{SlotMap, Trace, Tracer};

struct Number(u32);

impl<'gc> Trace<'gc> for Number {
    type Id = Number;
    const SLOTS: SlotMap = SlotMap::NONE;

    fn trace(&self, _tracer: &mut Tracer) {}
}

fn main() {}
