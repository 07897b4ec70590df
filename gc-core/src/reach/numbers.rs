//! Numbers for objects, looked up by their addresses.

use crate::object::ObjectRef;
use std::collections::HashMap;

/// Granules that one chunk has numbers for.
const CHUNK: u32 = 1 << 15;

/// Most objects that have their numbers in a hash table.
const FEW: usize = 1 << 10;

/// A number for each of some objects.
///
/// For many objects, a table of 4 bytes a granule, in chunks that are there only where objects are: a look-up is two loads,
/// where a hash table would compute and compare. For few, a hash table: one chunk takes longer to clear than they do.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// Empty once there are chunks.
    few: HashMap<ObjectRef, u32>,
    /// Numbers plus one; 0 where there is none.
    chunks: Vec<Vec<u32>>,
}

impl Numbers {
    /// The number of an object, if it has one.
    #[inline]
    pub(super) fn get(&self, object: ObjectRef) -> Option<u32> {
        if self.chunks.is_empty() {
            return self.few.get(&object).copied();
        }
        let (chunk, index) = place(object);
        self.chunks.get(chunk)?.get(index)?.checked_sub(1)
    }

    /// The number of an object, which is `new` if it had none.
    #[inline]
    pub(super) fn get_or_insert(&mut self, object: ObjectRef, new: u32) -> u32 {
        if self.chunks.is_empty() {
            if self.few.len() < FEW {
                return *self.few.entry(object).or_insert(new);
            }
            self.spread();
        }
        self.get_or_insert_in_chunk(object, new)
    }

    #[inline]
    fn get_or_insert_in_chunk(&mut self, object: ObjectRef, new: u32) -> u32 {
        let (chunk, index) = place(object);
        if self.chunks.get(chunk).is_none_or(Vec::is_empty) {
            self.add_chunk(chunk);
        }
        let number = &mut self.chunks[chunk][index];
        if *number == 0 {
            *number = new + 1;
        }
        *number - 1
    }

    /// They are no longer few.
    #[cold]
    fn spread(&mut self) {
        for (object, number) in std::mem::take(&mut self.few) {
            self.get_or_insert_in_chunk(object, number);
        }
    }

    #[cold]
    fn add_chunk(&mut self, chunk: usize) {
        let len = self.chunks.len().max(chunk + 1);
        self.chunks.resize_with(len, Vec::new);
        self.chunks[chunk] = vec![0; CHUNK as usize];
    }
}

/// The chunk for an object, and where in it.
#[inline]
fn place(object: ObjectRef) -> (usize, usize) {
    let granule = object.address().0;
    ((granule / CHUNK) as usize, (granule % CHUNK) as usize)
}

#[cfg(test)]
mod tests {
    use super::{CHUNK, FEW, Numbers, ObjectRef};
    use crate::memory::Address;

    fn object(granule: u32) -> ObjectRef {
        ObjectRef::at(Address(granule))
    }

    #[test]
    fn an_object_keeps_its_first_number() {
        let mut numbers = Numbers::default();
        assert_eq!(numbers.get(object(1)), None);
        assert_eq!(numbers.get_or_insert(object(1), 0), 0);
        assert_eq!(numbers.get_or_insert(object(1), 7), 0);
        assert_eq!((numbers.get(object(1)), numbers.get(object(2))), (Some(0), None));
    }

    #[test]
    fn objects_far_apart_have_numbers_in_any_order() {
        let mut numbers = Numbers::default();
        let places = [u32::MAX, 1, 9 * CHUNK, 9 * CHUNK - 1];
        for (number, place) in (0..).zip(places) {
            assert_eq!(numbers.get_or_insert_in_chunk(object(place), number), number);
        }
        assert_eq!(places.map(|place| numbers.get(object(place))), [0, 1, 2, 3].map(Some));
        assert_eq!(numbers.get(object(5 * CHUNK)), None);
    }
    #[test]
    fn few_objects_keep_their_numbers_when_they_become_many() {
        let mut numbers = Numbers::default();
        let count = FEW as u32 + 100;
        for number in 0..count {
            assert_eq!(numbers.get_or_insert(object(1 + 3 * number), number), number);
        }
        assert!((0..count).all(|number| numbers.get(object(1 + 3 * number)) == Some(number)));
        assert_eq!(numbers.get(object(2)), None);
    }
}
