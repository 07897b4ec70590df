//! A program that forbids unsafe code cannot implement `Trace` by hand.

#![forbid(unsafe_code)]

use gc_core::arena::{SlotMap, Trace, Tracer};

struct Number(u32);

unsafe impl<'gc> Trace<'gc> for Number {
    type Id = Number;
    const SLOTS: SlotMap = SlotMap::NONE;

    fn trace(&self, _tracer: &mut Tracer) {}
}

fn main() {}
