//! The lists on the heap.

use super::record::{NEXT, PREVIOUS, Records, checked_number};
use gc_core::{Heap, HeapFull, Layout, Local, View};

/// Lists that one piece of the table refers to.
const PIECE: u32 = 4_096;

/// Where something is in the lists: in which one, behind how many records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) list: u32,
    pub(super) depth: u32,
}

/// An array of pieces, each an array of lists. Its one handle lives in the scope that made it; all others are made in the
/// scope of an operation.
#[derive(Debug)]
pub(super) struct Table {
    pieces: Local,
    records: Records,
    length: u32,
}

/// The slot that refers to what is at a place: one of the table, or that of the record before it.
#[derive(Clone, Copy)]
struct Link {
    object: Local,
    slot: u32,
}

impl Table {
    /// A table of so many lists, all empty, which are to have this length.
    pub(super) fn new(heap: &mut Heap, lists: u32, length: u32) -> Result<Self, HeapFull> {
        let table = heap.register("Table", Layout::Slots);
        let pieces = heap.alloc_array(table, lists.div_ceil(PIECE))?;
        for index in 0..lists.div_ceil(PIECE) {
            heap.scope(|heap| {
                let piece = heap.alloc_array(table, (lists - index * PIECE).min(PIECE))?;
                heap.store(pieces, index, Some(piece));
                Ok(())
            })?;
        }
        Ok(Table { pieces, records: Records::new(heap), length })
    }

    /// Puts new records in the place of those from `place` on; that of depth d has the number `base` + d.
    pub(super) fn replace(&self, heap: &mut Heap, place: Place, base: u32) -> Result<(), HeapFull> {
        let fresh = self.fresh(heap, place.depth, base)?;
        let link = self.link(heap, place);
        attach(heap, place, link, fresh);
        Ok(())
    }

    /// Makes a list and drops it.
    pub(super) fn litter(&self, heap: &mut Heap, base: u32) -> Result<(), HeapFull> {
        self.fresh(heap, 0, base).map(|_| ())
    }

    /// Puts one more record in front of a list.
    pub(super) fn lengthen(&self, heap: &mut Heap, list: u32, number: u32) -> Result<(), HeapFull> {
        let Link { object, slot } = self.link(heap, Place { list, depth: 0 });
        let next = heap.load(object, slot);
        let record = self.records.prepend(heap, number, next)?;
        heap.store(object, slot, Some(record));
        Ok(())
    }

    /// Exchanges what follows at `left` and at `right`, which are of one depth.
    pub(super) fn exchange(&self, heap: &mut Heap, left: Place, right: Place) {
        let (left_link, right_link) = (self.link(heap, left), self.link(heap, right));
        let left_end = heap.load(left_link.object, left_link.slot);
        let right_end = heap.load(right_link.object, right_link.slot);
        attach(heap, left, left_link, right_end);
        attach(heap, right, right_link, left_end);
    }

    /// The numbers of all records, list after list. A damaged record has one that none has, and so does a list
    /// without records.
    pub(super) fn numbers<'h>(&self, heap: &'h Heap) -> impl Iterator<Item = u64> + 'h {
        let pieces = slots(heap.view(self.pieces)).flatten();
        let length = self.length as usize;
        // One record too many tells that a list is too long, even if it has no end.
        pieces.flat_map(slots).flat_map(move |first| Walk::new(first).take(length + 1))
    }

    /// New records from `depth` to the end of a list.
    fn fresh(&self, heap: &mut Heap, depth: u32, base: u32) -> Result<Option<Local>, HeapFull> {
        let mut first = None;
        for depth in (depth..self.length).rev() {
            first = Some(self.records.prepend(heap, base.wrapping_add(depth), first)?);
        }
        Ok(first)
    }

    fn link(&self, heap: &mut Heap, place: Place) -> Link {
        let object = heap.duplicate(self.pieces);
        heap.advance(object, object, place.list / PIECE);
        let mut slot = place.list % PIECE;
        for _ in 0..place.depth {
            heap.advance(object, object, slot);
            slot = NEXT;
        }
        Link { object, slot }
    }
}

/// Makes `end` what follows at `place`, to which `link` belongs.
fn attach(heap: &mut Heap, place: Place, link: Link, end: Option<Local>) {
    heap.store(link.object, link.slot, end);
    if let Some(first) = end {
        let previous = (place.depth > 0).then_some(link.object);
        heap.store(first, PREVIOUS, previous);
    }
}

/// What the slots of `array` hold.
fn slots(array: View<'_>) -> impl Iterator<Item = Option<View<'_>>> {
    (0..array.len()).map(move |index| array.slot(index))
}

/// A walk along a list that checks each record.
struct Walk<'h> {
    previous: Option<View<'h>>,
    next: Option<View<'h>>,
    is_empty: bool,
}

impl<'h> Walk<'h> {
    fn new(first: Option<View<'h>>) -> Self {
        Walk { previous: None, next: first, is_empty: first.is_none() }
    }
}

impl Iterator for Walk<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        if std::mem::take(&mut self.is_empty) {
            return Some(u64::MAX);
        }
        let record = self.next?;
        let number = checked_number(record, self.previous);
        (self.previous, self.next) = (Some(record), record.slot(NEXT));
        Some(number)
    }
}
