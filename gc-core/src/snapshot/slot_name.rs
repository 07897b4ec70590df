//! The name of a slot.

use super::object_type::{ObjectType, TypeLayout};
use crate::object::{Field, Layout};
use std::fmt;

/// The name of a field or slot, to be displayed.
///
/// `left` is a field, `items[3]` an element of a field that is an array, `[3]` one of an object that is an array,
/// `[3].left` a field of such an element. Fields of a tuple are called by their numbers, `0`, and those of an enum by the
/// variant too, `Fork.0` or `Fork.left`. A slot of which no name is known is `slot 2`, counted in 4 bytes from the
/// header; those of ephemerons are `key` and `value`.
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Gc, Root, Trace};
/// #[derive(Trace)]
/// struct Fork<'gc> { depth: u32, ends: [Gc<'gc, u64>; 2] }
///
/// let mut arena = Arena::<Root![Fork<'_>]>::new(Config::default(), |mc| {
///     Fork { depth: 1, ends: [mc.new(1), mc.new(2)] }
/// })?;
/// let names: Vec<_> = arena.snapshot().references().map(|it| it.name().to_string()).collect();
/// assert_eq!(names, ["ends[0]", "ends[1]"]);
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SlotName<'s> {
    of: &'s ObjectType,
    offset_bytes: u64,
    /// The field that it is in, if that depends on the value.
    field: Option<&'s Field>,
}

impl<'s> SlotName<'s> {
    pub(super) fn new(of: &'s ObjectType, offset_bytes: u64, field: Option<&'s Field>) -> SlotName<'s> {
        SlotName { of, offset_bytes, field }
    }
}

impl fmt::Display for SlotName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offset = self.offset_bytes;
        match (self.of.layout(), self.of.element_bytes()) {
            (TypeLayout::Declared(Layout::Ephemeron), _) if offset == 0 => f.write_str("key"),
            (TypeLayout::Declared(Layout::Ephemeron), _) => f.write_str("value"),
            (_, Some(element)) => {
                self.fmt_element(offset / u64::from(element), offset % u64::from(element), f)
            }
            (_, None) => match self.field_at(offset) {
                Some(field) => fmt_field(field, offset, f),
                None => write!(f, "slot {}", offset / 4),
            },
        }
    }
}

impl SlotName<'_> {
    fn field_at(&self, offset: u64) -> Option<&Field> {
        self.field.or_else(|| self.of.fields().iter().find(|field| field.covers(offset)))
    }

    fn fmt_element(&self, index: u64, offset: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{index}]")?;
        self.field_at(offset).map_or(Ok(()), |field| {
            f.write_str(".")?;
            fmt_field(field, offset, f)
        })
    }
}

/// Writes the name of what starts at `offset`, in or at the start of a field.
fn fmt_field(field: &Field, offset: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(field.name)?;
    if field.element_bytes == field.size_bytes {
        return Ok(());
    }
    write!(f, "[{}]", (offset - field.offset_bytes as u64) / field.element_bytes as u64)
}
