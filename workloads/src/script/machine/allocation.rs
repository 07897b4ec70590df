//! Operations that allocate.

use super::mutation::raw_bytes;
use super::{Held, Machine, Skip};
use crate::script::model::Object;
use crate::script::shapes::{DECODERS, FIXED, Kind, PAIR};
use crate::script::{ObjectId, Pick};
use gc_core::{Heap, Local};

/// Size of each object that [`Op::Garbage`](crate::script::Op::Garbage) allocates.
const GARBAGE_BYTES: u32 = 1_024;

impl Machine {
    pub(super) fn alloc_fixed(&mut self, heap: &mut Heap, shape: Pick) -> Result<(), Skip> {
        let index = shape.among(FIXED.len()).ok_or(Skip::NoCandidate)?;
        let handle = heap.alloc(self.shapes.fixed[index])?;
        self.hold_new(heap, handle, Kind::Fixed(index), 0);
        Ok(())
    }

    pub(super) fn alloc_pair(
        &mut self,
        heap: &mut Heap,
        left: Option<Pick>,
        right: Option<Pick>,
    ) -> Result<(), Skip> {
        let halves = [self.optional(left), self.optional(right)];
        let handle =
            heap.alloc_with(self.shapes.fixed[PAIR], halves.map(|half| half.map(|held| held.handle)))?;
        let id = self.hold_new(heap, handle, Kind::Fixed(PAIR), 0);
        self.model.object_mut(id).slots = halves.map(|half| half.map(|held| held.object)).to_vec();
        Ok(())
    }

    pub(super) fn alloc_values(&mut self, heap: &mut Heap, decoder: Pick, len: u32) -> Result<(), Skip> {
        let index = decoder.among(DECODERS.len()).ok_or(Skip::NoCandidate)?;
        self.alloc_array(heap, Kind::Values(index), len)
    }

    pub(super) fn alloc_array(&mut self, heap: &mut Heap, kind: Kind, len: u32) -> Result<(), Skip> {
        let shape = match kind {
            Kind::Slots => self.shapes.slots,
            Kind::Values(index) => self.shapes.values[index],
            _ => self.shapes.bytes,
        };
        let handle = heap.alloc_array(shape, len)?;
        self.hold_new(heap, handle, kind, len as usize);
        Ok(())
    }

    pub(super) fn alloc_buffer(&mut self, heap: &mut Heap, bytes: u32) -> Result<(), Skip> {
        let handle = heap.alloc_buffer(bytes)?;
        self.hold_new(heap, handle, Kind::Buffer, bytes as usize);
        Ok(())
    }

    pub(super) fn garbage(&mut self, heap: &mut Heap, objects: u16) -> Result<(), Skip> {
        for _ in 0..objects {
            heap.scope(|heap| heap.alloc_array(self.shapes.bytes, GARBAGE_BYTES).map(drop))?;
        }
        Ok(())
    }

    /// Adds a fresh object to the model, and gives the one on the heap its number.
    fn hold_new(&mut self, heap: &mut Heap, handle: Local, kind: Kind, len: usize) -> ObjectId {
        let object = self.model.add(kind, len);
        if let Some(number) = raw_bytes(heap, handle, kind).and_then(Object::number_mut) {
            *number = object.number();
        }
        self.handles.push(Held { handle, object });
        object
    }
}
