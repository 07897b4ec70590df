//! Which fields instances have, and where.

use super::Class;
use gc_core::HeapFull;
use gc_core::arena::{Gc, Map, Mutation, Str, Trace};

/// The class and the names of the fields of an instance, in the order in which they were set first (C. Chambers, D. Ungar
/// and E. Lee, "An efficient implementation of SELF", 1989, where they are called maps; V8 calls them hidden classes).
///
/// ```text
///   first shape of the class      + x               + y
///         | - | <--------------- | x | <---------- | y |
///                                             `--- | z |       + z
/// ```
/// Instances to which the same fields are added in the same order share a shape, so a site that has found a field in one
/// knows where it is in all others.
#[derive(Debug, Trace)]
pub(crate) struct Shape<'gc> {
    pub(crate) class: Gc<'gc, Class<'gc>>,
    /// The last field, and the shape without it.
    last: Option<Gc<'gc, Str>>,
    before: Option<Gc<'gc, Shape<'gc>>>,
    /// How many fields there are.
    pub(crate) fields: u32,
    /// The shapes that have one field more.
    next: Map<'gc, Gc<'gc, Str>, Gc<'gc, Shape<'gc>>>,
}

impl<'gc> Shape<'gc> {
    /// The shape of instances of a class that have no fields.
    pub(crate) fn without_fields(class: Gc<'gc, Class<'gc>>) -> Self {
        Shape { class, last: None, before: None, fields: 0, next: Map::default() }
    }

    /// Where the field `name` is; none if there is no such field. Takes time in proportion to the number of fields.
    pub(crate) fn find(&self, mc: Mutation<'gc>, name: Gc<'gc, Str>) -> Option<u32> {
        let mut shape = self;
        while !shape.last?.ptr_eq(name) {
            shape = shape.before?.get(mc);
        }
        Some(shape.fields - 1)
    }

    /// The shape with one field more.
    pub(crate) fn with(
        mc: Mutation<'gc>,
        shape: Gc<'gc, Shape<'gc>>,
        name: Gc<'gc, Str>,
    ) -> Result<Gc<'gc, Shape<'gc>>, HeapFull> {
        let before = shape.get(mc);
        if let Some(known) = before.next.get(mc, name) {
            return Ok(known);
        }
        let made = mc.try_new(Shape {
            class: before.class,
            last: Some(name),
            before: Some(shape),
            fields: before.fields + 1,
            next: Map::default(),
        })?;
        shape.write(mc).field(|shape| &shape.next).try_insert(mc, name, made)?;
        Ok(made)
    }
}
