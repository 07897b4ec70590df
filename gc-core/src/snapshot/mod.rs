//! Snapshots: every object that a program can reach, as plain data.
//!
//! A snapshot is taken with [`Heap::snapshot`](crate::Heap::snapshot) or [`Arena::snapshot`](crate::arena::Arena::snapshot).
//! It is a copy: the heap goes on, and may be dropped, while it is looked at, on any thread.
//!
//! # What is in it
//! What the roots reach at that moment, found by a breadth-first search, and nothing else: objects that are dead but not
//! collected yet are left out, whatever space they lie in. The value of an ephemeron is reached if its key is.
//!
//! Objects come in the order in which the search found them, which does not depend on where they lie: two snapshots
//! with only collections between them differ in nothing but [spaces](Object::space) and [ages](Object::age), unless a
//! collection has changed the graph, by putting an object into the queue of those to be finalized.

mod census;
mod object;
mod object_type;
mod reference;
mod root;
mod slot_name;
mod take;

use crate::object::Field;
pub use crate::space::Space;
pub use census::TypeTotal;
use object::Row;
pub use object::{Object, ObjectId};
pub use object_type::{ObjectType, TypeLayout};
use reference::Link;
pub use reference::{Reference, ReferenceKind};
pub use root::{Root, RootKind};
pub use slot_name::SlotName;
pub(crate) use take::type_index;

/// The objects that a program can reach, and how they refer to each other.
///
/// It takes 16 bytes for each object, 8 for each reference, and 8 more for one whose name depends on the value that it is in.
///
/// ```
/// use gc_core::snapshot::RootKind;
/// use gc_core::{Config, Heap, Layout};
///
/// let mut heap = Heap::new(Config::default())?;
/// let pair = heap.register("pair", Layout::Fixed { slots: 2, bytes: 0 });
/// let tail = heap.alloc(pair)?;
/// let head = heap.alloc_with(pair, [None, Some(tail)])?;
/// let _root = heap.root(head);
///
/// let snapshot = heap.snapshot();
/// assert_eq!((snapshot.len(), snapshot.total_bytes()), (2, 32));
/// let head = snapshot.roots().find(|root| root.kind == RootKind::Persistent).expect("the head").object;
/// let to_tail = snapshot.object(head).references().next().expect("the tail");
/// assert_eq!(to_tail.name().to_string(), "slot 1");
/// assert_eq!(snapshot.object(to_tail.to).of_type().name(), "pair");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    types: Vec<ObjectType>,
    rows: Vec<Row>,
    /// Of all objects, one after the other.
    links: Vec<Link>,
    /// Those links that are in fields which depend on the value, as those of an enum's variant, in ascending order: which of
    /// `fields` each is in.
    fields_of_links: Vec<(u32, u32)>,
    fields: Vec<Field>,
    roots: Vec<Root>,
    weak_handles: Vec<ObjectId>,
    /// The sizes of buffers, by their owners in ascending order.
    external_bytes: Vec<(ObjectId, u64)>,
}

impl Snapshot {
    /// How many objects there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Size of all objects, headers included, in bytes.
    #[must_use]
    pub fn total_bytes(&self) -> u64 {
        self.rows.iter().map(|row| row.size.bytes()).sum()
    }

    /// Size of all off-heap buffers in bytes.
    #[must_use]
    pub fn external_bytes(&self) -> u64 {
        self.external_bytes.iter().map(|(_, bytes)| bytes).sum()
    }

    /// All types that the heap knows, in the order in which it has met them; the last is that of buffers.
    #[must_use]
    pub fn types(&self) -> &[ObjectType] {
        &self.types
    }

    /// The object with this number.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn object(&self, id: ObjectId) -> Object<'_> {
        Object::new(self, id)
    }

    /// All objects, in the order of their numbers.
    pub fn objects(&self) -> impl Iterator<Item = Object<'_>> {
        (0..self.rows.len()).map(|index| self.object(ObjectId::at(index)))
    }

    /// All references, by the objects that have them.
    pub fn references(&self) -> impl Iterator<Item = Reference<'_>> {
        self.objects().flat_map(Object::references)
    }

    /// The field that a link is in, if that depends on the value.
    fn field_of_link(&self, number: usize) -> Option<&Field> {
        let found = self.fields_of_links.binary_search_by_key(&number, |(link, _)| *link as usize).ok()?;
        Some(&self.fields[self.fields_of_links[found].1 as usize])
    }

    /// What keeps objects alive from outside the heap. An object is named once for each root that it has.
    pub fn roots(&self) -> impl Iterator<Item = Root> {
        self.roots.iter().copied()
    }

    /// The objects of weak handles, as far as something else keeps them alive.
    pub fn weak_handles(&self) -> impl Iterator<Item = ObjectId> {
        self.weak_handles.iter().copied()
    }
}
