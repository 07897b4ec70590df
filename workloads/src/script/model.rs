//! The naive heap: vectors that only grow.

use super::ObjectId;
use super::shapes::{FIXED, Kind};

/// Bytes that an object's number takes at the start of its raw bytes.
pub(super) const NUMBER_BYTES: usize = 8;

/// All objects ever allocated. Nothing moves and nothing is freed; what is alive is a question of reachability.
#[derive(Debug, Default)]
pub(super) struct Model {
    objects: Vec<Object>,
}

/// An object as it should be.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) kind: Kind,
    pub(super) slots: Vec<Option<ObjectId>>,
    /// Raw bytes, or the bytes of a buffer.
    pub(super) bytes: Vec<u8>,
    pub(super) values: Vec<Value>,
}

/// A value as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Bits(u64),
    Object(ObjectId),
}

impl Object {
    /// A fresh object: null, zero. Fixed shapes ignore `len`, and round their raw bytes up to whole words.
    fn new(kind: Kind, len: usize) -> Self {
        let (slots, bytes, values) = match kind {
            Kind::Fixed(index) => (FIXED[index].0.into(), FIXED[index].1.next_multiple_of(8) as usize, 0),
            Kind::Slots => (len, 0, 0),
            Kind::Bytes | Kind::Buffer => (0, len, 0),
            Kind::Values(_) => (0, 0, len),
        };
        Object { kind, slots: vec![None; slots], bytes: vec![0; bytes], values: vec![Value::Bits(0); values] }
    }

    /// Where the object's number goes, if there is room for it.
    pub(super) fn number_mut(bytes: &mut [u8]) -> Option<&mut [u8; NUMBER_BYTES]> {
        bytes.first_chunk_mut()
    }

    /// The raw bytes that are not the object's number.
    pub(super) fn free_bytes(bytes: &mut [u8]) -> &mut [u8] {
        let number = if bytes.len() < NUMBER_BYTES { 0 } else { NUMBER_BYTES };
        &mut bytes[number..]
    }

    fn references(&self) -> impl Iterator<Item = ObjectId> + '_ {
        let values = self.values.iter().filter_map(|value| match value {
            Value::Bits(_) => None,
            Value::Object(object) => Some(*object),
        });
        self.slots.iter().flatten().copied().chain(values)
    }
}

impl Model {
    /// Adds an object, its number in its first bytes.
    pub(super) fn add(&mut self, kind: Kind, len: usize) -> ObjectId {
        let id = self.next_id();
        let mut object = Object::new(kind, len);
        if let Some(number) = Object::number_mut(&mut object.bytes) {
            *number = id.number();
        }
        self.objects.push(object);
        id
    }

    /// The id that the next object will have.
    pub(super) fn next_id(&self) -> ObjectId {
        ObjectId(self.objects.len())
    }

    pub(super) fn object(&self, id: ObjectId) -> &Object {
        &self.objects[id.0]
    }

    pub(super) fn object_mut(&mut self, id: ObjectId) -> &mut Object {
        &mut self.objects[id.0]
    }

    /// For every object, by id, whether it can be reached from `roots`.
    pub(super) fn reachable(&self, roots: impl Iterator<Item = ObjectId>) -> Vec<bool> {
        let mut reached = vec![false; self.objects.len()];
        let mut pending: Vec<_> = roots.collect();
        while let Some(id) = pending.pop() {
            if !std::mem::replace(&mut reached[id.0], true) {
                pending.extend(self.object(id).references());
            }
        }
        reached
    }
}

impl ObjectId {
    /// The number that the object carries. Not the bare id: zeroed memory must not pass for an object.
    pub(super) fn number(self) -> [u8; NUMBER_BYTES] {
        (0xF00D_0000_0000_0000 | self.0 as u64).to_le_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Model, Value};

    #[test]
    fn what_slots_and_values_refer_to_is_reachable() {
        let mut model = Model::default();
        let [array, values, leaf, lost] =
            [(Kind::Slots, 2), (Kind::Values(0), 2), (Kind::Bytes, 20), (Kind::Slots, 1)]
                .map(|(kind, len)| model.add(kind, len));
        model.object_mut(array).slots[1] = Some(values);
        model.object_mut(values).values[0] = Value::Object(leaf);
        // A cycle, and a reference from what cannot be reached.
        model.object_mut(array).slots[0] = Some(array);
        model.object_mut(lost).slots[0] = Some(leaf);
        assert_eq!(model.reachable([array].into_iter()), [true, true, true, false]);
    }
}
