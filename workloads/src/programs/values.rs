//! Arrays whose elements take 64 bits each, as in most virtual machines.

use gc_core::{Decoder, Heap, HeapFull, Layout, Local, Shape, Value, ValueView, View};

/// Values are references if their lowest bit is set.
const TAGGED: Decoder = Decoder { mask: 1, tag: 1, shift: 32 };

/// Bytes that an element takes.
pub(super) const VALUE_BYTES: u64 = 8;

/// The shape of arrays of values.
pub(super) fn register(heap: &mut Heap) -> Shape {
    heap.register("Values", Layout::Values(TAGGED))
}

/// Makes element `index` refer to `object`.
pub(super) fn store(heap: &mut Heap, array: Local, index: u32, object: Local) {
    heap.store_value(array, index, Value::Object(object));
}

/// The object that element `index` refers to, if it refers to one.
pub(super) fn object(array: View<'_>, index: u32) -> Option<View<'_>> {
    match array.value(index) {
        ValueView::Object(object) => Some(object),
        ValueView::Bits(_) => None,
    }
}

/// An array with room for `capacity` elements that starts with the first `length` of `from`.
pub(super) fn grown(heap: &mut Heap, from: Local, length: u32, capacity: u32) -> Result<Local, HeapFull> {
    heap.escape(|heap| {
        let shape = register(heap);
        let grown = heap.alloc_array(shape, capacity)?;
        for index in 0..length {
            heap.scope(|heap| {
                if let Some(object) = heap.load_value(from, index) {
                    store(heap, grown, index, object);
                }
            });
        }
        Ok(grown)
    })
}
