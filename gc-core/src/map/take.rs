//! Taking a map.

use super::{Area, AreaKind, Arrow, Colour, Content, HeapCell, HeapMap, Inhabitant, Place, RootArrow};
use crate::collect::Marker;
use crate::heap::Heap;
use crate::memory::{Address, GRANULE_BYTES, Granules};
use crate::object::{Header, Kind, ObjectRef, Slot, Slots};
use crate::snapshot::{RootKind, type_index};
use crate::space::{Large, MarkBits, PAGE_GRANULES, PageNumber};
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

impl Heap {
    /// Where everything lies.
    ///
    /// Takes time and memory in proportion to the objects there are, and changes nothing.
    #[must_use]
    pub fn map(&self) -> HeapMap {
        Survey::of(self).map()
    }

    /// Where everything lies, and what refers to what.
    #[must_use]
    pub fn map_with_references(&self) -> HeapMap {
        let mut map = self.map();
        Links(self).add_to(&mut map);
        map
    }

    /// Shows each area of the heap to `visit`, in the order of [`HeapMap::areas`]: a map of which no more than an area is
    /// in memory at a time.
    pub fn visit_areas(&self, visit: &mut dyn FnMut(&Area)) {
        Survey::of(self).visit(&mut |area| visit(&area));
    }

    /// The names of all types that there are, by their numbers.
    pub fn type_names(&self) -> impl Iterator<Item = &str> {
        let shapes = self.spaces.shapes.entries().iter().map(|shape| &*shape.name);
        shapes.chain(["buffer"])
    }
}

impl From<Address> for Place {
    fn from(address: Address) -> Self {
        Place(u64::from(address.0) * GRANULE_BYTES)
    }
}

impl Place {
    /// The object that starts here.
    fn object(self) -> ObjectRef {
        ObjectRef::at(Address((self.0 / GRANULE_BYTES) as u32))
    }
}

/// What tells where everything lies.
pub(super) struct Survey<'h> {
    heap: &'h Heap,
    marker: Option<&'h Marker>,
    grey: HashSet<ObjectRef>,
    /// Parts of pages that have no header.
    runs: BTreeMap<Address, Address>,
    /// Parts of pages in which what is not marked is dead, in order of place.
    unswept: Vec<Range<Address>>,
}

impl<'h> Survey<'h> {
    pub(super) fn of(heap: &'h Heap) -> Survey<'h> {
        let (spaces, marker) = (&heap.spaces, heap.marker());
        let mut unswept: Vec<_> = spaces.old.unswept().map(|(start, end)| start..end).collect();
        unswept.sort_unstable_by_key(|part| part.start);
        Survey {
            heap,
            marker,
            grey: marker.map(|marker| marker.grey(spaces).collect()).unwrap_or_default(),
            runs: spaces.old.runs().collect(),
            unswept,
        }
    }

    fn map(&self) -> HeapMap {
        let mut areas = Vec::new();
        self.visit(&mut |area| areas.push(area));
        HeapMap { type_names: self.heap.type_names().map(Into::into).collect(), areas, ..HeapMap::default() }
    }

    fn visit(&self, visit: &mut dyn FnMut(Area)) {
        let new = &self.heap.spaces.new;
        let active = new.active();
        let cells = self.cells(active.start, active.start + active.used);
        visit(self.area(AreaKind::ActiveSemispace, active.start, new.capacity(), cells));
        visit(self.area(AreaKind::IdleSemispace, new.idle(), new.capacity(), Vec::new()));
        for (kind, start, size) in self.parts_of_pages() {
            let cells = self.cells(start, start + size);
            let pages = Granules(size.0.next_multiple_of(PAGE_GRANULES));
            visit(self.area(kind, start, pages, cells));
        }
    }

    fn area(&self, kind: AreaKind, start: Address, size: Granules, cells: Vec<HeapCell>) -> Area {
        let is_chosen = kind == AreaKind::OldPage && self.heap.spaces.pages.is_sparse(start);
        Area { kind, start: start.into(), size_bytes: size.bytes(), is_chosen, cells }
    }

    /// Pages of old space, and large objects, which lie among them: in order of place.
    fn parts_of_pages(&self) -> Vec<(AreaKind, Address, Granules)> {
        let spaces = &self.heap.spaces;
        let page = |page: PageNumber| (AreaKind::OldPage, page.start(), Granules(PAGE_GRANULES));
        let large = |kind| move |large: &Large| (kind, large.object.address(), large.size);
        let young = spaces.large.young().iter().map(large(AreaKind::YoungLarge));
        let old = spaces.large.old().iter().map(large(AreaKind::OldLarge));
        let mut parts: Vec<_> = spaces.old.pages().map(page).chain(young).chain(old).collect();
        parts.sort_unstable_by_key(|(_, start, _)| *start);
        parts
    }

    /// What lies from `start` to `end`, from cell to cell.
    fn cells(&self, start: Address, end: Address) -> Vec<HeapCell> {
        let unswept = self.unswept_within(start, end);
        let mut cells = Vec::new();
        for_each_cell(start, end, |next| {
            let (size, content) = self.cell(next, unswept);
            cells.push(HeapCell { start: next.into(), size_bytes: size.bytes(), content });
            size
        });
        cells
    }

    /// Shows each object that is not known to be dead, with its header.
    pub(super) fn for_each_living(&self, mut visit: impl FnMut(Header)) {
        let active = self.heap.spaces.new.active();
        let new = (active.start, active.used);
        let parts = self.parts_of_pages().into_iter().map(|(_, start, size)| (start, size));
        for (start, size) in std::iter::once(new).chain(parts) {
            let unswept = self.unswept_within(start, start + size);
            for_each_cell(start, start + size, |next| {
                if let Some(end) = self.runs.get(&next) {
                    return *end - next;
                }
                let header = ObjectRef::at(next).header(&self.heap.spaces.memory);
                if header.kind() != Kind::Free && !self.is_dead(next, unswept) {
                    visit(header);
                }
                header.size()
            });
        }
    }

    /// Whether the last marking has found the object at `start` dead, and it has not been swept.
    fn is_dead(&self, start: Address, unswept: &[Range<Address>]) -> bool {
        let waits = unswept.iter().any(|part| part.contains(&start));
        waits && !MarkBits::is_marked(&self.heap.spaces.memory, start)
    }

    fn unswept_within(&self, start: Address, end: Address) -> &[Range<Address>] {
        let first = self.unswept.partition_point(|part| part.end <= start);
        let behind = self.unswept.partition_point(|part| part.start < end);
        &self.unswept[first..behind.max(first)]
    }

    fn cell(&self, start: Address, unswept: &[Range<Address>]) -> (Granules, Content) {
        if let Some(end) = self.runs.get(&start) {
            return (*end - start, Content::Free);
        }
        let object = ObjectRef::at(start);
        let header = object.header(&self.heap.spaces.memory);
        (header.size(), self.content(object, header, unswept))
    }

    /// What an object, or free cell, is.
    fn content(&self, object: ObjectRef, header: Header, unswept: &[Range<Address>]) -> Content {
        if header.kind() == Kind::Free {
            return Content::Free;
        }
        let type_index = type_index(&self.heap.spaces, header);
        if self.is_dead(object.address(), unswept) {
            return Content::Dead { type_index };
        }
        Content::Object(Inhabitant {
            type_index,
            age: header.age(),
            colour: self.marker.and_then(|marker| self.colour(marker, object)),
            is_remembered: !header.is_unlogged() && !self.heap.spaces.is_young(object),
        })
    }

    /// The colour of an object, if the marking goes there.
    fn colour(&self, marker: &Marker, object: ObjectRef) -> Option<Colour> {
        let spaces = &self.heap.spaces;
        marker.colours(spaces, object).then(|| {
            if self.grey.contains(&object) {
                Colour::Grey
            } else if MarkBits::is_marked(&spaces.memory, object.address()) {
                Colour::Black
            } else {
                Colour::White
            }
        })
    }
}

/// Goes from cell to cell: `cell` gives the size of the one that starts at a place.
fn for_each_cell(start: Address, end: Address, mut cell: impl FnMut(Address) -> Granules) {
    let mut next = start;
    while next < end {
        next = next + cell(next);
    }
}

/// What tells what refers to what.
struct Links<'h>(&'h Heap);

impl Links<'_> {
    fn add_to(&self, map: &mut HeapMap) {
        let cells = map.areas.iter().flat_map(|area| &area.cells);
        let objects = cells.filter(|cell| matches!(cell.content, Content::Object(_)));
        let places: HashSet<_> = objects.map(|cell| cell.start).collect();
        places.iter().for_each(|place| self.add_arrows(place.object(), &mut map.arrows));
        // The dead that are not known to be so may refer to what is gone.
        map.arrows.retain(|arrow| places.contains(&arrow.to));
        map.arrows.sort_unstable();
        self.add_roots(&mut map.roots);
    }

    fn add_arrows(&self, object: ObjectRef, arrows: &mut Vec<Arrow>) {
        let spaces = &self.0.spaces;
        let from = object.address().into();
        let mut add = |word, to: ObjectRef| arrows.push(Arrow { from, word, to: to.address().into() });
        if let Slots::Ephemeron(ephemeron) = spaces.shapes.slots(object, object.header(&spaces.memory)) {
            let words = ephemeron.words().zip(0..);
            words.for_each(|(slot, word)| slot.load(&spaces.memory).into_iter().for_each(|to| add(word, to)));
        } else {
            spaces.shapes.for_each_reference(&spaces.memory, object, add);
        }
    }

    fn add_roots(&self, arrows: &mut Vec<RootArrow>) {
        let roots = &self.0.roots;
        let mut add = |kind, object: ObjectRef| arrows.push(RootArrow { kind, to: object.address().into() });
        roots.handles.iter().for_each(|object| add(RootKind::Handle, object));
        roots.persistent.owned().for_each(|object| add(RootKind::Persistent, object));
        roots.finalizers.queued().for_each(|object| add(RootKind::Finalizer, object));
    }
}
