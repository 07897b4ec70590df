//! Allocation in old space at once, of what is known to live long.
//!
//! It pays for the collection of the old generation as allocation in new space does, by the portion. What a scavenge
//! would have looked at, whether a marking is due, is looked at here too.

use super::marking::{OldCycle, Share};
use super::{Heap, HeapFull, Local};
use crate::event::{Cause, PauseKind};
use crate::memory::Granules;
use crate::object::{Header, MAX_LENGTH, ObjectRef, Shape, array_bytes};

impl Heap {
    /// Allocates a fixed object with null slots and zero bytes in old space, for what is known to live long: it is never
    /// copied. A large object, or one for which old space has no room, is made as by [`Heap::alloc`]. Like every
    /// allocation, it may collect.
    ///
    /// Until the next scavenge such an object counts as one that refers to young objects.
    ///
    /// # Errors
    /// If the heap is full.
    ///
    /// # Panics
    /// As [`Heap::alloc`].
    pub fn alloc_old(&mut self, shape: Shape) -> Result<Local, HeapFull> {
        shape.check_heap(self.id);
        super::allocate::check_fixed(shape.header());
        self.allocate_old(shape.header())
    }

    /// Allocates an array of `length` slots, bytes or values, all null or zero, in old space: as [`Heap::alloc_old`].
    ///
    /// # Errors
    /// If the heap is full.
    ///
    /// # Panics
    /// As [`Heap::alloc_array`].
    pub fn alloc_old_array(&mut self, shape: Shape, length: u32) -> Result<Local, HeapFull> {
        let bytes = array_bytes(shape.header().kind(), length);
        if length > MAX_LENGTH || bytes > self.largest_small.bytes() {
            return self.alloc_array(shape, length);
        }
        shape.check_heap(self.id);
        super::allocate::check_array(shape.header());
        self.allocate_old(shape.header_of_length(length))
    }

    fn allocate_old(&mut self, header: Header) -> Result<Local, HeapFull> {
        let size = header.size();
        self.collect_under_stress();
        self.pay_for_old(size)?;
        if let Some(object) = self.room_in_old_space(header, size) {
            self.remember_born_old(object, header);
            return Ok(self.new_local(object));
        }
        let object = self.allocate(header, size)?;
        object.set_header(&mut self.spaces.memory, header);
        self.clear(object, Granules(1), size);
        Ok(self.new_local(object))
    }

    /// Room in old space, cleared; none if the object is large or old space is full.
    fn room_in_old_space(&mut self, header: Header, size: Granules) -> Option<ObjectRef> {
        if size > self.largest_small {
            return None;
        }
        let object = self.place_in_old_space(header, size)?;
        self.clear(object, Granules(1), size - header.cards_size());
        Some(object)
    }

    /// Once for every portion: does the share of the old generation's collection that is due, and starts or ends it.
    fn pay_for_old(&mut self, size: Granules) -> Result<(), HeapFull> {
        self.old_portion_bytes += size.bytes();
        if self.old_portion_bytes < self.config.marking.step_bytes {
            return Ok(());
        }
        let portion_bytes = std::mem::take(&mut self.old_portion_bytes);
        self.ledger.note_old_allocation(portion_bytes);
        self.refuse_if_hopeless(size)?;
        match self.old_cycle {
            OldCycle::Idle => self.collect_old_if_due(),
            OldCycle::Marking(_) if self.old_cycle.is_marked() => {
                self.collect(PauseKind::Finish, Cause::OldLimit);
            }
            OldCycle::Marking(_) => self.step_for_allocation(Share::ALL),
            OldCycle::Sweeping { .. } => {
                let left = self.spaces.new.capacity().bytes();
                self.step_for_allocation(Share { part: self.config.marking.step_bytes, left });
            }
        }
        Ok(())
    }

    fn collect_old_if_due(&mut self) {
        if self.is_marking_due() && self.may_mark_in_steps() {
            // A marking starts while no large object is young.
            match self.spaces.large.has_young() {
                true => self.collect_minor_for(Cause::OldLimit),
                false => self.start_marking_for(Cause::OldLimit),
            }
        } else if self.pressure().is_some() {
            self.collect(PauseKind::Full, Cause::OldLimit);
        }
    }
}
