//! Numbers for objects, looked up by their addresses.

use crate::object::ObjectRef;

/// Granules that one chunk has numbers for.
const CHUNK: u32 = 1 << 15;

/// A number for each of some objects.
///
/// A table of 4 bytes a granule, in chunks that are there only where objects are: a look-up is two loads, where a hash
/// table would compute and compare.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// Numbers plus one; 0 where there is none.
    chunks: Vec<Vec<u32>>,
}

impl Numbers {
    /// The number of an object, if it has one.
    #[inline]
    pub(super) fn get(&self, object: ObjectRef) -> Option<u32> {
        let (chunk, index) = place(object);
        self.chunks.get(chunk)?.get(index)?.checked_sub(1)
    }

    /// The number of an object, which is `new` if it had none.
    #[inline]
    pub(super) fn get_or_insert(&mut self, object: ObjectRef, new: u32) -> u32 {
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
    use super::{CHUNK, Numbers, ObjectRef};
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
            assert_eq!(numbers.get_or_insert(object(place), number), number);
        }
        assert_eq!(places.map(|place| numbers.get(object(place))), [0, 1, 2, 3].map(Some));
        assert_eq!(numbers.get(object(5 * CHUNK)), None);
    }
}
