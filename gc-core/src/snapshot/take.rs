//! Taking a snapshot.

use super::Snapshot;
use super::object::{ObjectId, Row};
use super::object_type::ObjectType;
use super::reference::Link;
use super::root::{Root, RootKind};
use crate::heap::{Glimpse, Heap};
use crate::object::{Ephemeron, Field, Header, Kind, ObjectRef, Slot, Slots};
use crate::reach::Reach;
use crate::space::Spaces;
use std::collections::HashMap;

impl Heap {
    /// All objects that the roots reach, as plain data. See [`snapshot`](crate::snapshot) for what is in it.
    ///
    /// Nothing in the heap is changed, and no collection is disturbed: one that is under way, in steps, is between two of
    /// them. Takes time and memory in proportion to the objects that are reached.
    ///
    /// # Panics
    /// If there are 2^32 references or more.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let mut taking = Taking::begin(self);
        while let Some(object) = taking.reach.next(&self.spaces.memory) {
            taking.add_object(object);
        }
        taking.end()
    }
}

impl Glimpse<'_> {
    /// All objects that the roots reach, as plain data. See [`Heap::snapshot`].
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.heap.snapshot()
    }
}

/// A snapshot that is being taken.
struct Taking<'h> {
    heap: &'h Heap,
    reach: Reach,
    snapshot: Snapshot,
    /// Ephemerons, and where their links start.
    ephemerons: Vec<(Ephemeron, usize)>,
    /// Fields that depend on values, with their numbers.
    field_numbers: HashMap<Field, u32>,
}

impl<'h> Taking<'h> {
    fn begin(heap: &'h Heap) -> Taking<'h> {
        let types = heap.spaces.shapes.entries().iter().map(ObjectType::new).chain([ObjectType::buffer()]);
        let snapshot = Snapshot { types: types.collect(), ..Snapshot::default() };
        let mut taking = Taking {
            heap,
            reach: Reach::default(),
            snapshot,
            ephemerons: Vec::new(),
            field_numbers: HashMap::new(),
        };
        taking.add_roots(RootKind::Handle, heap.roots.handles.iter());
        taking.add_roots(RootKind::Persistent, heap.roots.persistent.owned());
        taking.add_roots(RootKind::Finalizer, heap.roots.finalizers.queued());
        taking
    }

    fn add_roots(&mut self, kind: RootKind, objects: impl Iterator<Item = ObjectRef>) {
        let root = |object| Root { kind, object: ObjectId(self.reach.add(object)) };
        self.snapshot.roots.extend(objects.map(root));
    }

    fn add_object(&mut self, object: ObjectRef) {
        let spaces = &self.heap.spaces;
        let header = object.header(&spaces.memory);
        if header.kind() == Kind::Buffer {
            let owner = ObjectId::at(self.snapshot.rows.len());
            self.snapshot.external_bytes.push((owner, header.length().into()));
        }
        let links = &mut self.snapshot.links;
        let first_link = u32::try_from(links.len()).expect("fewer than 2^32 references");
        self.snapshot.rows.push(row(spaces, object, header, first_link));
        if let Slots::Ephemeron(ephemeron) = spaces.shapes.slots(object, header) {
            self.reach.add_ephemeron(&spaces.memory, ephemeron);
            self.ephemerons.push((ephemeron, links.len()));
            links.extend([0, 1].map(|word| Link { word, to: Link::NOWHERE }));
        } else {
            let reach = &mut self.reach;
            spaces.shapes.for_each_reference(&spaces.memory, object, |word, target| {
                links.push(Link { word, to: reach.add(target) });
            });
            self.name_links(object, first_link);
        }
    }

    /// Notes which fields the links of an object are in, the first of which is `first_link`, if that depends on its values.
    fn name_links(&mut self, object: ObjectRef, first_link: u32) {
        let (spaces, numbers) = (&self.heap.spaces, &mut self.field_numbers);
        let Snapshot { links, fields_of_links, .. } = &mut self.snapshot;
        let mut number = first_link;
        spaces.shapes.describe(&spaces.memory, object, |words, fields| {
            // The links of a value come before those of the next.
            while let Some(link) = links.get(number as usize).filter(|link| link.word < words.end) {
                let offset = u64::from(link.word - words.start) * 4;
                if let Some(field) = fields.iter().find(|field| field.covers(offset)) {
                    let new = numbers.len() as u32;
                    fields_of_links.push((number, *numbers.entry(*field).or_insert(new)));
                }
                number += 1;
            }
        });
    }

    fn end(mut self) -> Snapshot {
        for (ephemeron, first_link) in std::mem::take(&mut self.ephemerons) {
            self.link_ephemeron(ephemeron, first_link);
        }
        let mut fields: Vec<_> = std::mem::take(&mut self.field_numbers).into_iter().collect();
        fields.sort_unstable_by_key(|(_, number)| *number);
        self.snapshot.fields.extend(fields.into_iter().map(|(field, _)| field));
        let weak = self.heap.roots.weak.owned();
        let number = |object| self.reach.number(object).map(ObjectId);
        self.snapshot.weak_handles.extend(weak.filter_map(number));
        self.snapshot
    }

    /// Now that everything has been found: links an ephemeron with key and value, unless the key is dead.
    fn link_ephemeron(&mut self, ephemeron: Ephemeron, first_link: usize) {
        let memory = &self.heap.spaces.memory;
        let key = ephemeron.key(memory);
        if key.is_some_and(|key| !self.reach.contains(key)) {
            return;
        }
        let links = &mut self.snapshot.links[first_link..];
        for (link, slot) in links.iter_mut().zip(ephemeron.words()) {
            let target = slot.load(memory).and_then(|target| self.reach.number(target));
            link.to = target.unwrap_or(Link::NOWHERE);
        }
    }
}

fn row(spaces: &Spaces, object: ObjectRef, header: Header, first_link: u32) -> Row {
    let size = header.size();
    Row {
        first_link,
        type_index: type_index(spaces, header),
        size,
        space: spaces.space_of(object, size),
        age: header.age(),
    }
}

/// Types are numbered like shapes, and that of buffers comes behind them.
pub(crate) fn type_index(spaces: &Spaces, header: Header) -> u32 {
    match header.kind() {
        Kind::Buffer => spaces.shapes.entries().len() as u32,
        _ => header.shape().into(),
    }
}
