//! Objects as an object literal of a dynamic language makes them: some fields, no more.

use crate::{Parameter, Parameters};
use gc_core::{Heap, HeapFull, Layout, Local, Shape, Site};

/// The parameter for their size.
pub(super) const PARAMETER: Parameter = Parameter {
    name: "object",
    unit: "bytes",
    about: "size of an object, rounded up to a multiple of 8; a JavaScript literal of three fields takes 48",
    default: 48,
    min: 32,
    max: 240,
};

/// The size that the parameter gives.
pub(super) fn object_bytes(parameters: &Parameters) -> u32 {
    parameters.get_u32(PARAMETER.name).next_multiple_of(8)
}

/// A place in a program that makes objects of one kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Literal {
    site: Site,
    shape: Shape,
}

impl Literal {
    /// A place that makes objects of `bytes`, with `slots` references, at most two.
    pub(super) fn new(heap: &mut Heap, slots: u16, bytes: u32) -> Self {
        let (header_bytes, slot_bytes) = (8, u32::from(slots).next_multiple_of(2) * super::SLOT_BYTES as u32);
        let name = format!("Literal of {slots}, {bytes}");
        let shape = heap.register(&name, Layout::Fixed { slots, bytes: bytes - header_bytes - slot_bytes });
        Literal { site: heap.add_site(), shape }
    }

    /// Makes one with a number in it.
    pub(super) fn make(&self, heap: &mut Heap, number: u64) -> Result<Local, HeapFull> {
        let object = heap.alloc_at(self.site, self.shape)?;
        heap.store_word(object, 0, number);
        Ok(object)
    }
}
