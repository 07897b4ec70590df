//! One type of objects of a snapshot.

use super::slot_name::SlotName;
use crate::object::{Body, Entry, Field, Layout};

/// A type of objects: a shape of a heap, or a type of the values in an arena.
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Root, Trace};
/// #[derive(Trace)]
/// struct Point { x: f64, y: f64 }
///
/// let mut arena = Arena::<Root![Point]>::new(Config::default(), |_| Point { x: 1.0, y: 2.0 })?;
/// let snapshot = arena.snapshot();
/// let point = &snapshot.types()[0];
/// assert!(point.name().ends_with("Point"));
/// let fields: Vec<_> = point.fields().iter().map(|field| (field.name, field.size_bytes)).collect();
/// assert_eq!(fields, [("x", 8), ("y", 8)]);
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectType {
    name: Box<str>,
    layout: TypeLayout,
    fields: &'static [Field],
    element_bytes: Option<u32>,
}

/// How the objects of a type are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TypeLayout {
    /// As declared to the heap.
    Declared(Layout),
    /// As values of an arena, with references anywhere.
    Typed {
        /// Size of one value in bytes.
        value_bytes: u32,
    },
    /// As the owner of an off-heap buffer.
    Buffer,
}

impl ObjectType {
    pub(super) fn new(shape: &Entry) -> ObjectType {
        let layout = TypeLayout::of(shape.body);
        let description = shape.description;
        ObjectType {
            name: shape.name.clone(),
            layout,
            fields: description.fields,
            element_bytes: description.element_bytes.or(layout.element_bytes()),
        }
    }

    /// The type of owners of buffers.
    pub(super) fn buffer() -> ObjectType {
        let (layout, fields, element_bytes) = (TypeLayout::Buffer, &[], None);
        ObjectType { name: "buffer".into(), layout, fields, element_bytes }
    }

    /// Its name: that of the shape, or the full path of the type.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How its objects are laid out.
    #[must_use]
    pub fn layout(&self) -> TypeLayout {
        self.layout
    }

    /// The fields of a value, of an array's element: none where they are not known.
    #[must_use]
    pub fn fields(&self) -> &'static [Field] {
        self.fields
    }

    /// Size of an element in bytes, if the objects are arrays.
    #[must_use]
    pub fn element_bytes(&self) -> Option<u32> {
        self.element_bytes
    }

    /// The name of the slot that starts so many bytes behind the header, as far as it does not depend on the value that the
    /// object holds: [`Reference::name`](super::Reference::name) knows that.
    #[must_use]
    pub fn slot_name(&self, offset_bytes: u64) -> SlotName<'_> {
        SlotName::new(self, offset_bytes, None)
    }
}

impl TypeLayout {
    fn of(body: Body) -> TypeLayout {
        match body {
            Body::Declared(layout) => TypeLayout::Declared(layout),
            Body::Typed(of) => TypeLayout::Typed { value_bytes: of.stride_words * 4 },
        }
    }

    fn element_bytes(self) -> Option<u32> {
        match self {
            TypeLayout::Declared(Layout::Slots) => Some(4),
            TypeLayout::Declared(Layout::Bytes) => Some(1),
            TypeLayout::Declared(Layout::Values(_)) => Some(8),
            _ => None,
        }
    }
}
