//! One object of a snapshot.

use super::Snapshot;
use super::object_type::ObjectType;
use super::reference::Reference;
use crate::memory::Granules;
use crate::space::Space;
use std::fmt;

/// A look at one object of a snapshot.
///
/// ```
/// # use gc_core::snapshot::Space;
/// # use gc_core::{Config, Heap, Layout};
/// # let mut heap = Heap::new(Config::default())?;
/// let bytes = heap.register("bytes", Layout::Bytes);
/// let _small = heap.alloc_array(bytes, 10)?;
/// let _large = heap.alloc_array(bytes, 1 << 20)?;
///
/// let snapshot = heap.snapshot();
/// let found: Vec<_> = snapshot.objects().map(|object| (object.size_bytes(), object.space())).collect();
/// assert_eq!(found, [(24, Space::New), (8 + (1 << 20), Space::Large)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Object<'s> {
    snapshot: &'s Snapshot,
    id: ObjectId,
}

/// The number of an object in its snapshot: from 0 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub(super) u32);

impl ObjectId {
    /// The number that is `index`.
    pub(super) fn at(index: usize) -> ObjectId {
        ObjectId(index as u32)
    }

    /// The number.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What is known of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Where its references start; they end where those of the next object start.
    pub(super) first_link: u32,
    pub(super) type_index: u32,
    pub(super) size: Granules,
    pub(super) space: Space,
    pub(super) age: u8,
}

impl<'s> Object<'s> {
    pub(super) fn new(snapshot: &'s Snapshot, id: ObjectId) -> Object<'s> {
        assert!(id.index() < snapshot.len(), "{id:?} is of another snapshot");
        Object { snapshot, id }
    }

    fn row(self) -> Row {
        self.snapshot.rows[self.id.index()]
    }

    /// Its number.
    #[must_use]
    pub fn id(self) -> ObjectId {
        self.id
    }

    /// Its type.
    #[must_use]
    pub fn of_type(self) -> &'s ObjectType {
        &self.snapshot.types[self.type_index()]
    }

    pub(super) fn type_index(self) -> usize {
        self.row().type_index as usize
    }

    /// Its size in the heap, header included, in bytes.
    #[must_use]
    pub fn size_bytes(self) -> u64 {
        self.row().size.bytes()
    }

    /// Where it lies.
    #[must_use]
    pub fn space(self) -> Space {
        self.row().space
    }

    /// How many scavenges it had survived when it was last moved by one.
    #[must_use]
    pub fn age(self) -> u8 {
        self.row().age
    }

    /// Size of its off-heap buffer in bytes: 0 if it has none.
    #[must_use]
    pub fn external_bytes(self) -> u64 {
        let buffers = &self.snapshot.external_bytes;
        let found = buffers.binary_search_by_key(&self.id, |(owner, _)| *owner);
        found.map_or(0, |index| buffers[index].1)
    }

    /// What it refers to, in the order of its slots. Null slots are left out, and so are weak references to objects that
    /// nothing else keeps alive.
    pub fn references(self) -> impl Iterator<Item = Reference<'s>> {
        let next = self.snapshot.rows.get(self.id.index() + 1);
        let end = next.map_or(self.snapshot.links.len(), |row| row.first_link as usize);
        let numbers = self.row().first_link as usize..end;
        numbers.filter_map(move |number| {
            Reference::new(self, self.snapshot.links[number], self.snapshot.field_of_link(number))
        })
    }
}

impl fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.of_type().name(), self.id.0)
    }
}
