//! An array that makes room as it fills up.

use super::{array_of_values_bytes, values};
use gc_core::{Heap, HeapFull, Local, View};

/// An array of references, held by a handle of the scope in which it was made.
///
/// It grows as V8's does (`js-objects.h`, `JSObject::NewElementsCapacity`): to one and a half times what it must hold, and
/// 16 more. The array that it has outgrown is garbage.
#[derive(Debug)]
pub(super) struct GrowingArray {
    array: Local,
    length: u32,
    capacity: u32,
}

/// The capacity of an array that must hold `length` elements.
fn capacity_for(length: u32) -> u32 {
    length.saturating_add(length / 2).saturating_add(16)
}

/// Bytes of an array that has grown until it holds `length` elements.
pub(super) fn largest_bytes(length: u64) -> u64 {
    array_of_values_bytes(length + length / 2 + 16)
}

impl GrowingArray {
    /// An empty array.
    pub(super) fn new(heap: &mut Heap) -> Result<Self, HeapFull> {
        let shape = values::register(heap);
        Ok(GrowingArray { array: heap.alloc_array(shape, 0)?, length: 0, capacity: 0 })
    }

    /// Starts again with an empty array.
    pub(super) fn clear(&mut self, heap: &mut Heap) -> Result<(), HeapFull> {
        heap.scope(|heap| {
            let shape = values::register(heap);
            let empty = heap.alloc_array(shape, 0)?;
            heap.assign(self.array, empty);
            Ok(())
        })?;
        (self.length, self.capacity) = (0, 0);
        Ok(())
    }

    /// The array as it is now, with elements behind the last one that hold no references.
    pub(super) fn array(&self) -> Local {
        self.array
    }

    pub(super) fn length(&self) -> u32 {
        self.length
    }

    /// Adds an element.
    pub(super) fn push(&mut self, heap: &mut Heap, object: Local) -> Result<(), HeapFull> {
        if self.length == self.capacity {
            self.grow(heap)?;
        }
        values::store(heap, self.array, self.length, object);
        self.length += 1;
        Ok(())
    }

    fn grow(&mut self, heap: &mut Heap) -> Result<(), HeapFull> {
        let capacity = capacity_for(self.length + 1);
        heap.scope(|heap| {
            let grown = values::grown(heap, self.array, self.length, capacity)?;
            heap.assign(self.array, grown);
            Ok(())
        })?;
        self.capacity = capacity;
        Ok(())
    }

    /// The elements.
    pub(super) fn iter<'h>(&self, heap: &'h Heap) -> impl Iterator<Item = View<'h>> {
        let array = heap.view(self.array);
        (0..self.length).filter_map(move |index| values::object(array, index))
    }
}

#[cfg(test)]
mod tests {
    use super::capacity_for;

    #[test]
    fn an_array_grows_by_half() {
        let mut capacities = vec![0];
        while capacities.len() < 6 {
            capacities.push(capacity_for(capacities[capacities.len() - 1] + 1));
        }
        assert_eq!(capacities, [0, 17, 43, 82, 140, 227]);
    }
}
