//! Making the objects of a graph.

use super::super::content;
use crate::Progress;
use crate::graph::{Body, Catalogue, HeapGraph, Reach};
use gc_core::{Heap, HeapFull, Layout, Local, Shape};

/// Makes objects like those of a graph.
pub(super) struct Maker<'g> {
    pub(super) graph: &'g HeapGraph,
    pub(super) reach: &'g Reach,
    pub(super) catalogue: Catalogue,
    pub(super) shapes: Vec<Shape>,
}

impl Maker<'_> {
    /// Makes all that is reached; its root, in the current scope.
    pub(super) fn build(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Local, HeapFull> {
        heap.escape(|heap| {
            let table = self.make_all(heap, progress)?;
            self.connect_all(heap, table)?;
            Ok(heap.load(table, 0).expect("the root is first in the table"))
        })
    }

    /// A table of all objects, in the order in which they are reached, without references.
    fn make_all(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Local, HeapFull> {
        let table = heap.register("(snapshot table)", Layout::Slots);
        let table = heap.alloc_array(table, self.reach.order().len() as u32)?;
        for place in 0..self.reach.order().len() as u32 {
            heap.scope(|heap| {
                let object = self.make(heap, place, content_of(place))?;
                heap.store(table, place, Some(object));
                Ok(())
            })?;
            progress.advance(1);
        }
        Ok(table)
    }

    /// An object like that which is reached at `place`, without its references, filled with `content`.
    pub(super) fn make(&self, heap: &mut Heap, place: u32, content: u64) -> Result<Local, HeapFull> {
        let body = self.body(place);
        let number = self.catalogue.shape_at(place);
        let (shape, layout) = (self.shapes[number as usize], self.catalogue.shapes()[number as usize].layout);
        let object = match body.length(layout) {
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

    fn body(&self, place: u32) -> Body {
        Body::of(self.graph, self.reach.order()[place as usize])
    }

    /// Makes all objects refer to each other as in the graph.
    fn connect_all(&self, heap: &mut Heap, table: Local) -> Result<(), HeapFull> {
        let places = self.reach.places();
        let (object, target) = (heap.duplicate(table), heap.duplicate(table));
        for (place, number) in (0..).zip(self.reach.order()) {
            heap.advance(object, table, place);
            for (slot, to) in (0..).zip(self.graph.targets(*number)) {
                heap.advance(target, table, places[*to as usize]);
                heap.store(object, slot, Some(target));
            }
        }
        Ok(())
    }
}

/// What the object that is reached at `place` is filled with at first.
pub(super) fn content_of(place: u32) -> u64 {
    place.into()
}

/// Fills bytes with a number, if they are enough to hold one: but for the first few, they stay zero, since most would never be read.
fn write(bytes: &mut [u8], content: u64) {
    if let Some(first) = bytes.first_chunk_mut() {
        *first = content.to_ne_bytes();
    }
}

/// The number that bytes are filled with; that of bytes that are too few is 0.
pub(super) fn read(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |first| u64::from_ne_bytes(*first))
}
