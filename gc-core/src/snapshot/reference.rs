//! One reference of a snapshot.

use super::object::{Object, ObjectId};
use super::object_type::{ObjectType, TypeLayout};
use super::slot_name::SlotName;
use crate::object::{Field, Layout};

/// A reference from one object to another.
///
/// ```
/// # use gc_core::snapshot::ReferenceKind;
/// # use gc_core::{Config, Heap, Layout};
/// # let mut heap = Heap::new(Config::default())?;
/// let entry = heap.register("entry", Layout::Ephemeron);
/// let key = heap.alloc_ephemeron(entry, None, None)?;
/// let _entry = heap.alloc_ephemeron(entry, Some(key), Some(key))?;
///
/// let snapshot = heap.snapshot();
/// let references: Vec<_> = snapshot.references().map(|it| (it.name().to_string(), it.kind())).collect();
/// let expected = [("key", ReferenceKind::Weak), ("value", ReferenceKind::EphemeronValue)];
/// assert_eq!(references, expected.map(|(name, kind)| (name.to_owned(), kind)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Reference<'s> {
    /// The object that has it.
    pub from: ObjectId,
    /// The object that it leads to.
    pub to: ObjectId,
    /// Where it is: so many bytes behind the header.
    pub offset_bytes: u64,
    /// The type of the object that has it.
    of: &'s ObjectType,
    /// The field that it is in, if that depends on the value.
    field: Option<&'s Field>,
}

/// What a reference means for the object that it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReferenceKind {
    /// It keeps it alive.
    Strong,
    /// The key of an ephemeron, or a weak reference: it does not keep it alive.
    Weak,
    /// The value of an ephemeron: it keeps it alive while the key is alive, or if there is no key.
    EphemeronValue,
}

/// Where a reference is and where it leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// Words of the body before it.
    pub(super) word: u32,
    /// The number of an object; [`Link::NOWHERE`] if that of an ephemeron is not in the snapshot.
    pub(super) to: u32,
}

impl Link {
    /// The number that no object has.
    pub(super) const NOWHERE: u32 = u32::MAX;
}

impl<'s> Reference<'s> {
    /// A reference of `object`, if it leads somewhere.
    pub(super) fn new(object: Object<'s>, link: Link, field: Option<&'s Field>) -> Option<Reference<'s>> {
        (link.to != Link::NOWHERE).then(|| Reference {
            from: object.id(),
            to: ObjectId(link.to),
            offset_bytes: u64::from(link.word) * 4,
            of: object.of_type(),
            field,
        })
    }

    /// What it means for the object that it leads to.
    #[must_use]
    pub fn kind(self) -> ReferenceKind {
        match (self.of.layout(), self.offset_bytes) {
            (TypeLayout::Declared(Layout::Ephemeron), 0) => ReferenceKind::Weak,
            (TypeLayout::Declared(Layout::Ephemeron), _) => ReferenceKind::EphemeronValue,
            _ => ReferenceKind::Strong,
        }
    }

    /// The name of the field or slot that it is in.
    #[must_use]
    pub fn name(self) -> SlotName<'s> {
        SlotName::new(self.of, self.offset_bytes, self.field)
    }
}
