//! Operations that change objects.

use super::{Machine, Skip};
use crate::script::Pick;
use crate::script::model::{Object, Value as ModelValue};
use crate::script::shapes::Kind;
use gc_core::{Heap, Local, Value};

impl Machine {
    pub(super) fn store(
        &mut self,
        heap: &mut Heap,
        object: Pick,
        slot: Pick,
        value: Option<Pick>,
    ) -> Result<(), Skip> {
        let (held, slot) = self.slot(object, slot)?;
        let value = self.optional(value);
        heap.store(held.handle, slot as u32, value.map(|held| held.handle));
        self.model.object_mut(held.object).slots[slot] = value.map(|held| held.object);
        Ok(())
    }

    pub(super) fn copy_slots(
        &mut self,
        heap: &mut Heap,
        (source, start, len): (Pick, Pick, Pick),
        (target, at): (Pick, Pick),
    ) -> Result<(), Skip> {
        let (source, start) = self.slot(source, start)?;
        let (target, at) = self.slot(target, at)?;
        let from = &self.model.object(source.object).slots[start..];
        let room = self.model.object(target.object).slots.len() - at;
        let copied = from[..len.up_to(from.len().min(room))].to_vec();
        let range = start as u32..(start + copied.len()) as u32;
        heap.copy_slots(source.handle, range, target.handle, at as u32);
        self.model.object_mut(target.object).slots[at..at + copied.len()].copy_from_slice(&copied);
        Ok(())
    }

    pub(super) fn fill_slots(
        &mut self,
        heap: &mut Heap,
        (object, start, len): (Pick, Pick, Pick),
        value: Option<Pick>,
    ) -> Result<(), Skip> {
        let (held, start) = self.slot(object, start)?;
        let value = self.optional(value);
        let rest = &mut self.model.object_mut(held.object).slots[start..];
        let filled = len.up_to(rest.len());
        rest[..filled].fill(value.map(|held| held.object));
        let range = start as u32..(start + filled) as u32;
        heap.fill_slots(held.handle, range, value.map(|held| held.handle));
        Ok(())
    }

    pub(super) fn store_bits(
        &mut self,
        heap: &mut Heap,
        object: Pick,
        index: Pick,
        bits: u64,
    ) -> Result<(), Skip> {
        let (held, index) = self.value(object, index)?;
        let array = self.model.object_mut(held.object);
        let bits = array.kind.plain_bits(bits);
        array.values[index] = ModelValue::Bits(bits);
        heap.store_value(held.handle, index as u32, Value::Bits(bits));
        Ok(())
    }

    pub(super) fn store_value(
        &mut self,
        heap: &mut Heap,
        object: Pick,
        index: Pick,
        value: Pick,
    ) -> Result<(), Skip> {
        let (held, index) = self.value(object, index)?;
        let value = self.handle(value)?;
        self.model.object_mut(held.object).values[index] = ModelValue::Object(value.object);
        heap.store_value(held.handle, index as u32, Value::Object(value.handle));
        Ok(())
    }

    pub(super) fn store_word(
        &mut self,
        heap: &mut Heap,
        object: Pick,
        index: Pick,
        word: u64,
    ) -> Result<(), Skip> {
        // Word 0 is the object's number.
        let held =
            self.handle_where(object, |object| object.kind != Kind::Buffer && object.bytes.len() >= 16)?;
        let (words, _) = self.model.object_mut(held.object).bytes.as_chunks_mut();
        let index = 1 + index.among(words.len() - 1).ok_or(Skip::NoCandidate)?;
        words[index] = word.to_ne_bytes();
        heap.store_word(held.handle, index as u32, word);
        Ok(())
    }

    pub(super) fn fill_bytes(&mut self, heap: &mut Heap, object: Pick, byte: u8) -> Result<(), Skip> {
        let held = self.handle_where(object, |object| !object.bytes.is_empty())?;
        let expected = self.model.object_mut(held.object);
        Object::free_bytes(&mut expected.bytes).fill(byte);
        if let Some(bytes) = raw_bytes(heap, held.handle, expected.kind) {
            Object::free_bytes(bytes).fill(byte);
        }
        Ok(())
    }
}

/// Raw bytes or buffer; none if objects of this kind have neither.
pub(super) fn raw_bytes(heap: &mut Heap, handle: Local, kind: Kind) -> Option<&mut [u8]> {
    match kind {
        Kind::Fixed(_) | Kind::Bytes => Some(heap.bytes_mut(handle)),
        Kind::Buffer => Some(heap.buffer_mut(handle)),
        Kind::Slots | Kind::Values(_) => None,
    }
}
