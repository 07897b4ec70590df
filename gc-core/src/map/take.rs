//! Taking a map.

use super::{Area, AreaKind, Arrow, Cell, Colour, Content, HeapMap, Inhabitant, Place, RootArrow};
use crate::collect::Marker;
use crate::heap::Heap;
use crate::memory::{Address, Granules};
use crate::object::{Header, Kind, ObjectRef, Slot, Slots};
use crate::snapshot::{RootKind, type_index};
use crate::space::{Large, MarkBits, PAGE_GRANULES, Spaces};
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

impl Heap {
    /// Where everything lies.
    ///
    /// Takes time and memory in proportion to the objects there are, and changes nothing.
    #[must_use]
    pub fn map(&self) -> HeapMap {
        Taking::begin(self).end()
    }

    /// Where everything lies, and what refers to what.
    #[must_use]
    pub fn map_with_references(&self) -> HeapMap {
        let mut taking = Taking::begin(self);
        taking.add_references();
        taking.end()
    }
}

impl From<Address> for Place {
    fn from(address: Address) -> Self {
        Place(u64::from(address.0) * crate::memory::GRANULE_BYTES)
    }
}

/// A map that is being taken.
struct Taking<'h> {
    heap: &'h Heap,
    marker: Option<&'h Marker>,
    grey: HashSet<ObjectRef>,
    /// Parts of pages that have no header.
    runs: BTreeMap<Address, Address>,
    /// Parts of pages in which what is not marked is dead.
    unswept: Vec<Range<Address>>,
    /// Objects whose references may be followed.
    objects: Vec<ObjectRef>,
    map: HeapMap,
}

impl<'h> Taking<'h> {
    fn begin(heap: &'h Heap) -> Taking<'h> {
        let (spaces, marker) = (&heap.spaces, heap.marker());
        let names = spaces.shapes.entries().iter().map(|shape| shape.name.clone());
        let mut taking = Taking {
            heap,
            marker,
            grey: marker.map(|marker| marker.grey(spaces).collect()).unwrap_or_default(),
            runs: spaces.old.runs().collect(),
            unswept: spaces.old.unswept().map(|(start, end)| start..end).collect(),
            objects: Vec::new(),
            map: HeapMap { type_names: names.chain(["buffer".into()]).collect(), ..HeapMap::default() },
        };
        taking.add_new_space();
        taking.add_pages();
        taking
    }

    fn add_new_space(&mut self) {
        let new = &self.heap.spaces.new;
        let active = new.active();
        let cells = self.cells(active.start, active.start + active.used);
        self.add_area(AreaKind::ActiveSemispace, active.start, new.capacity(), cells);
        self.add_area(AreaKind::IdleSemispace, new.idle(), new.capacity(), Vec::new());
    }

    /// Old space and large objects share the pages.
    fn add_pages(&mut self) {
        let spaces = &self.heap.spaces;
        let first = self.map.areas.len();
        for page in spaces.old.pages() {
            let cells = self.cells(page.start(), page.end());
            self.add_area(AreaKind::OldPage, page.start(), Granules(PAGE_GRANULES), cells);
        }
        let of_kind = |kind| move |large: &Large| (kind, *large);
        let young = spaces.large.young().iter().map(of_kind(AreaKind::YoungLarge));
        for (kind, large) in young.chain(spaces.large.old().iter().map(of_kind(AreaKind::OldLarge))) {
            let start = large.object.address();
            let cells = self.cells(start, start + large.size);
            let pages = Granules(large.size.0.next_multiple_of(PAGE_GRANULES));
            self.add_area(kind, start, pages, cells);
        }
        self.map.areas[first..].sort_by_key(|area| area.start);
    }

    fn add_area(&mut self, kind: AreaKind, start: Address, size: Granules, cells: Vec<Cell>) {
        self.map.areas.push(Area { kind, start: start.into(), size_bytes: size.bytes(), cells });
    }

    /// What lies from `start` to `end`, from cell to cell.
    fn cells(&mut self, start: Address, end: Address) -> Vec<Cell> {
        let (mut cells, mut next) = (Vec::new(), start);
        while next < end {
            let (size, content) = self.cell(next);
            cells.push(Cell { start: next.into(), size_bytes: size.bytes(), content });
            next = next + size;
        }
        cells
    }

    fn cell(&mut self, start: Address) -> (Granules, Content) {
        if let Some(end) = self.runs.get(&start) {
            return (*end - start, Content::Free);
        }
        let object = ObjectRef::at(start);
        let header = object.header(&self.heap.spaces.memory);
        (header.size(), self.content(object, header))
    }

    fn content(&mut self, object: ObjectRef, header: Header) -> Content {
        if header.kind() == Kind::Free {
            return Content::Free;
        }
        let type_index = type_index(&self.heap.spaces, header);
        if self.is_dead(object) {
            return Content::Dead { type_index };
        }
        self.objects.push(object);
        Content::Object(Inhabitant {
            type_index,
            age: header.age(),
            colour: self.marker.and_then(|marker| self.colour(marker, object)),
            is_remembered: !header.is_unlogged() && !self.heap.spaces.is_young(object),
        })
    }

    /// Whether an object stands where it has not been swept away although it is known to be dead.
    fn is_dead(&self, object: ObjectRef) -> bool {
        let waits = self.unswept.iter().any(|part| part.contains(&object.address()));
        waits && !MarkBits::is_marked(&self.heap.spaces.memory, object.address())
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

    fn add_references(&mut self) {
        let (spaces, roots) = (&self.heap.spaces, &self.heap.roots);
        for object in std::mem::take(&mut self.objects) {
            self.add_arrows(spaces, object);
        }
        self.forget_dangling();
        let mut add = |kind, object: ObjectRef| {
            self.map.roots.push(RootArrow { kind, to: object.address().into() });
        };
        roots.handles.iter().for_each(|object| add(RootKind::Handle, object));
        roots.persistent.owned().for_each(|object| add(RootKind::Persistent, object));
        roots.finalizers.queued().for_each(|object| add(RootKind::Finalizer, object));
    }

    fn add_arrows(&mut self, spaces: &Spaces, object: ObjectRef) {
        let from = object.address().into();
        let arrows = &mut self.map.arrows;
        let mut add = |word, to: ObjectRef| arrows.push(Arrow { from, word, to: to.address().into() });
        if let Slots::Ephemeron(ephemeron) = spaces.shapes.slots(object, object.header(&spaces.memory)) {
            let words = ephemeron.words().zip(0..);
            words.for_each(|(slot, word)| slot.load(&spaces.memory).into_iter().for_each(|to| add(word, to)));
        } else {
            spaces.shapes.for_each_reference(&spaces.memory, object, add);
        }
    }

    /// The dead that are not known to be so may refer to what is gone.
    fn forget_dangling(&mut self) {
        let cells = self.map.areas.iter().flat_map(|area| &area.cells);
        let objects = cells.filter(|cell| matches!(cell.content, Content::Object(_)));
        let places: HashSet<_> = objects.map(|cell| cell.start).collect();
        self.map.arrows.retain(|arrow| places.contains(&arrow.to));
        self.map.arrows.sort_unstable();
    }

    fn end(self) -> HeapMap {
        self.map
    }
}
