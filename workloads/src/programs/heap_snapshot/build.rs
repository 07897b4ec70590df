//! Making the objects of a graph.

use crate::Progress;
use crate::graph::Placement;
use gc_core::{Heap, HeapFull, Layout, Local, Shape};

/// Makes objects like those of a graph.
pub(super) struct Maker<'g> {
    pub(super) objects: &'g Placement,
    shapes: Vec<Shape>,
}

impl<'g> Maker<'g> {
    pub(super) fn new(objects: &'g Placement, heap: &mut Heap) -> Self {
        Maker { objects, shapes: objects.register(heap) }
    }

    /// Makes all that is reached; its root, in the current scope.
    pub(super) fn build(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Local, HeapFull> {
        heap.escape(|heap| {
            let table = self.make_all(heap, progress)?;
            self.connect_all(heap, table);
            Ok(heap.load(table, 0).expect("the root is first in the table"))
        })
    }

    /// A table of all objects, in the order in which they are reached, without references.
    fn make_all(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Local, HeapFull> {
        let table = heap.register("(snapshot table)", Layout::Slots);
        let table = heap.alloc_array(table, self.objects.len())?;
        for place in 0..self.objects.len() {
            heap.scope(|heap| {
                let object = self.make(heap, place, content_of(place))?;
                heap.store(table, place, Some(object));
                Ok(())
            })?;
            progress.advance(1);
        }
        Ok(table)
    }

    /// An object like that at `place`, without its references, filled with `content`.
    pub(super) fn make(&self, heap: &mut Heap, place: u32, content: u64) -> Result<Local, HeapFull> {
        let body = self.objects.body(place);
        let shape = self.shapes[self.objects.shape_at(place) as usize];
        let object = match body.length(self.objects.layout(place)) {
            Some(length) => heap.alloc_array(shape, length)?,
            None => heap.alloc(shape)?,
        };
        write(heap.bytes_mut(object), content);
        if body.external_bytes > 0 {
            let buffer = heap.alloc_buffer(body.external_bytes)?;
            write(heap.buffer_mut(buffer), content);
            heap.store(object, body.slots, Some(buffer));
        }
        Ok(object)
    }

    /// Makes all objects refer to each other as in the graph.
    fn connect_all(&self, heap: &mut Heap, table: Local) {
        let (object, target) = (heap.duplicate(table), heap.duplicate(table));
        for place in 0..self.objects.len() {
            heap.advance(object, table, place);
            for (slot, to) in (0..).zip(self.objects.targets(place)) {
                heap.advance(target, table, to);
                heap.store(object, slot, Some(target));
            }
        }
    }
}

/// What the object at `place` is filled with at first.
pub(super) fn content_of(place: u32) -> u64 {
    place.into()
}

/// Fills bytes with a number, if they are enough to hold one: but for the first few, they stay zero, since most would
/// never be read.
fn write(bytes: &mut [u8], content: u64) {
    if let Some(first) = bytes.first_chunk_mut() {
        *first = content.to_ne_bytes();
    }
}

/// The number that bytes are filled with; that of bytes that are too few is 0.
pub(super) fn read(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |first| u64::from_ne_bytes(*first))
}
