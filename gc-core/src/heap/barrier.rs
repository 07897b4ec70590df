//! Every path that changes an object, each behind the write barrier.
//!
//! One barrier serves both generations and marking. Before the first store into an old object after a scavenge,
//! whatever is stored, the object is *logged*: it is listed in the remembered set, and if a marking is under way, what
//! it refers to is shaded, so that the marking sees the graph as it was when it started. Further stores cost one
//! predictable test of the header, which has been loaded anyway.
//!
//! The same test tells a recording of the first store into any object after a record point (`heap/recording.rs`).

use super::marking::OldCycle;
use super::view::{check_index, check_slot};
use super::{Heap, Local};
use crate::fault::Fault;
use crate::memory::{Address, Granules};
use crate::object::{Header, Kind, ObjectRef, SLOTS_START, Slot, raw_bytes, slot};
use std::ops::Range;

/// A 64-bit value to store into an array of values.
#[derive(Clone, Copy, Debug)]
pub enum Value {
    /// Plain bits.
    Bits(u64),
    /// A reference, which the shape's decoder encodes.
    Object(Local),
}

/// The place of value `index`.
///
/// # Panics
/// If the object is not an array of values, or has no such value.
pub(super) fn value_place(object: ObjectRef, header: Header, index: u32) -> Address {
    check_index(index, if header.kind() == Kind::Values { header.length() } else { 0 });
    object.address() + Granules(1 + index)
}

impl Heap {
    #[inline(always)]
    fn header(&self, object: ObjectRef) -> Header {
        object.header(&self.spaces.memory)
    }

    /// The write barrier: is told of stores into the slots `range` of `object` before they are made.
    #[inline(always)]
    pub(super) fn log(&mut self, object: ObjectRef, header: Header, range: Range<u32>) {
        if header.is_to_be_told() {
            self.log_slow(object, header, range);
        }
    }

    #[cold]
    #[inline(never)]
    fn log_slow(&mut self, object: ObjectRef, mut header: Header, range: Range<u32>) {
        if header.is_watched() {
            header = self.record_write(object, header, range.clone());
            if !header.is_unlogged() {
                return;
            }
        }
        if let OldCycle::Marking(marking) = &mut self.old_cycle
            && !self.spaces.faults.make(Fault::MarkingBarrierDropped)
        {
            // No card that is listed, though its neighbours are not: a program of the typed face may have borrowed a value
            // there to change it, and has then been here for all cards of that value.
            let unlisted = self.remembered.unlisted(&self.spaces.memory, object, header, range.clone());
            unlisted.for_each(|part| marking.marker.snapshot(&self.spaces, object, header, part));
        }
        self.remembered.record(&mut self.spaces.memory, object, header, range);
    }

    /// A handle to what reference slot `index` of `object` holds, in the current scope.
    ///
    /// # Panics
    /// If the object has no such slot.
    pub fn load(&mut self, object: Local, index: u32) -> Option<Local> {
        let target = self.load_slot(self.resolve(object), index)?;
        Some(self.new_local(target))
    }

    /// Makes `cursor` refer to what reference slot `index` of `object` holds; false if that is null, and `cursor` is
    /// as it was. Both may be the same handle: that walks a list.
    ///
    /// # Panics
    /// If the object has no such slot.
    pub fn advance(&mut self, cursor: Local, object: Local, index: u32) -> bool {
        let target = self.load_slot(self.resolve(object), index);
        if let Some(target) = target {
            self.set_local(cursor, target);
        }
        target.is_some()
    }

    #[inline]
    fn load_slot(&mut self, object: ObjectRef, index: u32) -> Option<ObjectRef> {
        let header = self.header(object);
        if !header.has_usual_slots(index.saturating_add(1)) {
            return self.load_unusual_slot(object, header, index);
        }
        slot(object, index).load(&self.spaces.memory)
    }

    #[cold]
    #[inline(never)]
    fn load_unusual_slot(&mut self, object: ObjectRef, header: Header, index: u32) -> Option<ObjectRef> {
        check_slot(header, index);
        self.shade_read(object, header, index..index + 1);
        slot(object, index).load(&self.spaces.memory)
    }

    /// Is told of reads that lead from the slots `range` of `object` to handles or other objects: what an ephemeron refers
    /// to may have been out of reach until then.
    #[inline]
    fn shade_read(&mut self, object: ObjectRef, header: Header, range: Range<u32>) {
        if header.kind() == Kind::Ephemeron {
            for index in range {
                if let Some(target) = slot(object, index).load(&self.spaces.memory) {
                    self.shade_weakly_reached(target);
                }
            }
        }
    }

    /// Stores a reference, or null, into slot `index` of `object`.
    ///
    /// # Panics
    /// If the object has no such slot.
    #[inline]
    pub fn store(&mut self, object: Local, index: u32, value: Option<Local>) {
        let value = ObjectRef::to_word(value.map(|value| self.resolve(value)));
        let object = self.resolve(object);
        let header = self.header(object);
        check_slot(header, index);
        if !self.spaces.faults.make(Fault::BarrierDropped) {
            self.log(object, header, index..index + 1);
        }
        self.spaces.memory.store_word(object.address().word(SLOTS_START + index), value);
    }

    /// Copies the slots `range` of `source` to `target`, from slot `at` on, as if all were read before any is
    /// written. Both may be the same object.
    ///
    /// # Panics
    /// If either object lacks such slots.
    pub fn copy_slots(&mut self, source: Local, range: Range<u32>, target: Local, at: u32) {
        let (source, target) = (self.resolve(source), self.resolve(target));
        let (header, count) = (self.header(target), range.len() as u32);
        check_range(&range, self.header(source).slot_count());
        check_range(&(at..at.saturating_add(count)), header.slot_count());
        if !self.spaces.faults.make(Fault::BulkBarrierDropped) {
            self.log(target, header, at..at + count);
        }
        self.shade_read(source, self.header(source), range.clone());
        let from = source.address().word(SLOTS_START + range.start);
        self.spaces.memory.copy_words(from, target.address().word(SLOTS_START + at), count);
    }

    /// Stores the same reference, or null, into all slots `range` of `object`.
    ///
    /// # Panics
    /// If the object lacks such slots.
    pub fn fill_slots(&mut self, object: Local, range: Range<u32>, value: Option<Local>) {
        let value = ObjectRef::to_word(value.map(|value| self.resolve(value)));
        let object = self.resolve(object);
        let header = self.header(object);
        check_range(&range, header.slot_count());
        if !self.spaces.faults.make(Fault::FillBarrierDropped) {
            self.log(object, header, range.clone());
        }
        for index in range {
            self.spaces.memory.store_word(object.address().word(SLOTS_START + index), value);
        }
    }

    /// Stores value `index` of an array of values.
    ///
    /// # Panics
    /// If the object has no such value, or if plain bits look like a reference to its decoder.
    pub fn store_value(&mut self, object: Local, index: u32, value: Value) {
        let target = match value {
            Value::Bits(_) => None,
            Value::Object(local) => Some(self.resolve(local)),
        };
        let object = self.resolve(object);
        let header = self.header(object);
        let place = value_place(object, header, index);
        let decoder = self.spaces.shapes.decoder(header);
        if !self.spaces.faults.make(Fault::ValueBarrierDropped) {
            self.log(object, header, index..index + 1);
        }
        match (target, value) {
            (Some(target), _) => self.spaces.memory.store(place, decoder.encode(target)),
            (None, Value::Bits(bits)) if !decoder.is_reference(bits) => self.spaces.memory.store(place, bits),
            (None, value) => panic!("{value:?} would be taken for a reference; store an object instead"),
        }
    }

    /// The raw bytes of `object`, to write to: of an object of bytes all, of a fixed object those behind the slots,
    /// rounded up to a multiple of 8; of any other none.
    pub fn bytes_mut(&mut self, object: Local) -> &mut [u8] {
        let object = self.resolve(object);
        let (start, length) = raw_bytes(self.header(object));
        self.spaces.memory.bytes_mut(object.address() + start, length)
    }

    /// Writes the 64-bit word `index` of the raw bytes, in the machine's byte order.
    ///
    /// # Panics
    /// If the raw bytes end before it does.
    #[inline]
    pub fn store_word(&mut self, object: Local, index: u32, word: u64) {
        let object = self.resolve(object);
        let (start, length) = raw_bytes(self.header(object));
        check_index(index, (length / 8) as u32);
        self.spaces.memory.store(object.address() + start + Granules(index), word);
    }

    /// The off-heap bytes of a buffer object, to write to.
    ///
    /// # Panics
    /// If the object is not a buffer.
    pub fn buffer_mut(&mut self, object: Local) -> &mut [u8] {
        let id = self.buffer_id(self.resolve(object));
        self.spaces.external.bytes_of_mut(id)
    }
}

/// Panics unless `range` lies within `count` elements.
#[track_caller]
fn check_range(range: &Range<u32>, count: u32) {
    assert!(
        range.start <= range.end && range.end <= count,
        "no elements {range:?}: the object has {count} of that kind"
    );
}
