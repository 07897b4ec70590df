//! Records: what the heap is full of.

use gc_core::{Heap, HeapFull, Layout, Local, Shape, View};

/// The slot of a record that holds the one behind it.
pub(super) const NEXT: u32 = 0;
/// The slot of a record that holds the one before it, if that is a record.
pub(super) const PREVIOUS: u32 = 1;
/// Mean size of a record: one in three has 32, 48 or 64 bytes.
pub(super) const MEAN_BYTES: u64 = 48;

/// The shapes of records. Its number decides which of them a record has, and what all its words are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Records {
    shapes: [Shape; 3],
}

impl Records {
    /// Registers the shapes.
    pub(super) fn new(heap: &mut Heap) -> Self {
        let shape = |(name, bytes)| heap.register(name, Layout::Fixed { slots: 2, bytes });
        Records { shapes: [("Short", 16), ("Middling", 32), ("Long", 48)].map(shape) }
    }

    /// A new record in front of `next`.
    pub(super) fn prepend(
        &self,
        heap: &mut Heap,
        number: u32,
        next: Option<Local>,
    ) -> Result<Local, HeapFull> {
        let record = heap.alloc_with(self.shapes[kind(number)], [next, None])?;
        for (index, bytes) in (0..).zip(heap.bytes_mut(record).chunks_exact_mut(8)) {
            bytes.copy_from_slice(&word(number, index).to_ne_bytes());
        }
        if let Some(next) = next {
            heap.store(next, PREVIOUS, Some(record));
        }
        Ok(record)
    }
}

/// The number of `record`; one that no record has if a word of it is wrong, or what is before it is not `previous`.
pub(super) fn checked_number(record: View<'_>, previous: Option<View<'_>>) -> u64 {
    let number = record.word(0) as u32;
    let words = 2 * (1 + kind(number));
    let is_intact = record.bytes().len() == 8 * words
        && (0..words as u32).all(|index| record.word(index) == word(number, index))
        && is_same(record.slot(PREVIOUS), previous);
    if is_intact { number.into() } else { u64::MAX }
}

fn is_same(left: Option<View<'_>>, right: Option<View<'_>>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => left.same(right),
        (left, right) => left.is_none() && right.is_none(),
    }
}

/// Which shape the record with this number has.
fn kind(number: u32) -> usize {
    number as usize % 3
}

/// Word `index` of the record with this number: the first is the number itself.
fn word(number: u32, index: u32) -> u64 {
    u64::from(number) | u64::from(index.wrapping_mul(number ^ 0x9E37_79B9)) << 32
}

#[cfg(test)]
mod tests {
    use super::{Layout, MEAN_BYTES, NEXT, Records, checked_number, word};
    use gc_core::{Config, Heap};

    #[test]
    fn records_have_the_size_that_they_are_said_to_have() {
        let mut heap = Heap::new(Config::default()).expect("a valid configuration");
        let records = Records::new(&mut heap);
        let bytes = records.shapes.map(|shape| shape.size_bytes());
        assert_eq!(bytes, [32, 48, 64]);
        assert_eq!(bytes.iter().sum::<u64>() / 3, MEAN_BYTES);
    }

    #[test]
    fn a_damaged_record_has_no_number() {
        let mut heap = Heap::new(Config::default()).expect("a valid configuration");
        let records = Records::new(&mut heap);
        let last = records.prepend(&mut heap, 7, None).expect("there is room");
        let first = records.prepend(&mut heap, 8, Some(last)).expect("there is room");
        let numbers = |heap: &Heap| {
            let (first, last) = (heap.view(first), heap.view(last));
            assert!(first.slot(NEXT).is_some_and(|next| next.same(last)));
            [checked_number(first, None), checked_number(last, Some(first)), checked_number(last, None)]
        };
        assert_eq!(numbers(&heap), [8, 7, u64::MAX]);
        heap.store_word(first, 2, word(8, 2) ^ 1 << 40);
        assert_eq!(numbers(&heap), [u64::MAX, 7, u64::MAX]);
    }

    #[test]
    fn a_record_of_another_shape_has_no_number() {
        let mut heap = Heap::new(Config::default()).expect("a valid configuration");
        let other = heap.register("Other", Layout::Fixed { slots: 2, bytes: 8 });
        let other = heap.alloc(other).expect("there is room");
        assert_eq!(checked_number(heap.view(other), None), u64::MAX);
    }
}
