//! What the objects of a trace look like.

use super::varint::{self, Cursor, Missing};
use gc_core::{Decoder, Layout};

/// Fixed objects of up to so many slots tell their references with their allocation.
pub(super) const MAX_INLINE_PLACES: usize = 8;

/// In the number of a shape in a file: the site that makes its objects follows.
const WITH_SITE: u64 = 8;

/// What objects of a shape look like: what a [`Layout`] says, as far as a trace tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// So many references, then so many raw bytes.
    Fixed {
        /// Number of reference slots.
        slots: u16,
        /// Number of raw bytes behind them.
        bytes: u32,
    },
    /// An array of references; its length is told with the allocation.
    Slots,
    /// An array of bytes; its length is told with the allocation.
    Bytes,
    /// An array of 64-bit values that may hold references; its length is told with the allocation. What values hold that
    /// are none is not in a trace.
    Values,
    /// A weak key in place 0, and a value in place 1 that lives as long as the key.
    Ephemeron,
    /// An object that owns bytes off the heap; how many is told with the allocation.
    Buffer,
}

/// A shape of a trace.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TraceShape {
    /// What reports call it.
    pub name: String,
    /// What its objects look like.
    pub form: Form,
    /// The allocation site that makes them, if it is known. Only objects with a fixed number of references have one.
    pub site: Option<u32>,
}

/// How the replay's values hold references: tagged in the lowest bit.
const DECODER: Decoder = Decoder { mask: 1, tag: 1, shift: 32 };

impl Form {
    /// Whether the length is told with each allocation.
    #[must_use]
    #[inline]
    pub fn has_length(self) -> bool {
        !matches!(self, Form::Fixed { .. } | Form::Ephemeron)
    }

    /// The layout of the objects that stand for those of this form; `None` for buffers, which have none.
    #[must_use]
    pub fn layout(self) -> Option<Layout> {
        Some(match self {
            Form::Fixed { slots, bytes } => Layout::Fixed { slots, bytes },
            Form::Slots => Layout::Slots,
            Form::Bytes => Layout::Bytes,
            Form::Values => Layout::Values(DECODER),
            Form::Ephemeron => Layout::Ephemeron,
            Form::Buffer => return None,
        })
    }

    /// Places for references in an object of this length, which counts only if the form has one.
    #[must_use]
    #[inline]
    pub fn places(self, length: u32) -> u32 {
        match self {
            Form::Fixed { slots, .. } => slots.into(),
            Form::Slots | Form::Values => length,
            Form::Ephemeron => 2,
            Form::Bytes | Form::Buffer => 0,
        }
    }

    /// Size of an object of this length on a Tenure heap, header included, in bytes. What a buffer owns is not in it.
    #[must_use]
    pub fn object_bytes(self, length: u32) -> u64 {
        let length = u64::from(length);
        // Long arrays keep a bit for each 512 bytes of elements behind these, in whole words.
        let array = |bytes: u64| {
            8 + bytes.next_multiple_of(8) + if bytes > 512 { bytes.div_ceil(512 * 64) * 8 } else { 0 }
        };
        match self {
            Form::Fixed { slots, bytes } => {
                8 + (4 * u64::from(slots)).next_multiple_of(8) + u64::from(bytes).next_multiple_of(8)
            }
            Form::Slots => array(4 * length),
            Form::Values => array(8 * length),
            Form::Bytes => 8 + length.next_multiple_of(8),
            Form::Ephemeron | Form::Buffer => 16,
        }
    }

    /// How many references are told with each allocation: one for each place, or none.
    #[inline]
    pub(super) fn inline_places(self) -> u32 {
        match self {
            Form::Fixed { slots, .. } if usize::from(slots) <= MAX_INLINE_PLACES => slots.into(),
            Form::Ephemeron => 2,
            _ => 0,
        }
    }

    /// Its number in a file.
    pub(super) fn code(self) -> u64 {
        match self {
            Form::Fixed { .. } => 0,
            Form::Slots => 1,
            Form::Bytes => 2,
            Form::Values => 3,
            Form::Ephemeron => 4,
            Form::Buffer => 5,
        }
    }
}

impl From<Option<Layout>> for Form {
    /// The form of objects of a layout, and of buffers, which have none.
    fn from(layout: Option<Layout>) -> Form {
        match layout {
            Some(Layout::Fixed { slots, bytes }) => Form::Fixed { slots, bytes },
            Some(Layout::Slots) => Form::Slots,
            Some(Layout::Bytes) => Form::Bytes,
            Some(Layout::Values(_)) => Form::Values,
            Some(Layout::Ephemeron) => Form::Ephemeron,
            None => Form::Buffer,
        }
    }
}

/// Longest name of a shape, in characters: of a longer one the rest is left out.
const MAX_NAME_CHARACTERS: usize = 1 << 10;

impl TraceShape {
    /// A shape of this name, or as much of it as a trace keeps.
    pub(super) fn new(name: &str, form: Form) -> TraceShape {
        TraceShape { name: name.chars().take(MAX_NAME_CHARACTERS).collect(), form, site: None }
    }

    /// Its number in a file: that of its form, and whether a site follows.
    pub(super) fn code(&self) -> u64 {
        self.form.code() | if self.site.is_some() { WITH_SITE } else { 0 }
    }

    /// Appends it, but for its code.
    pub(super) fn push(&self, bytes: &mut Vec<u8>) {
        varint::push_text(bytes, &self.name);
        if let Form::Fixed { slots, bytes: raw_bytes } = self.form {
            varint::push(bytes, slots.into());
            varint::push(bytes, raw_bytes.into());
        }
        if let Some(site) = self.site {
            varint::push(bytes, site.into());
        }
    }

    /// Reads one that has this code.
    pub(super) fn read(cursor: &mut Cursor<'_>, code: u64) -> Result<TraceShape, Missing> {
        let name = cursor.text()?.to_owned();
        let at = cursor.at();
        let form = match code & !WITH_SITE {
            0 => {
                let slots = u16::try_from(cursor.number()?);
                let slots = slots.map_err(|_| Missing { at, what: "a number of slots up to 65535" })?;
                Form::Fixed { slots, bytes: cursor.number_u32()? }
            }
            1 => Form::Slots,
            2 => Form::Bytes,
            3 => Form::Values,
            4 => Form::Ephemeron,
            5 => Form::Buffer,
            _ => return Err(Missing { at, what: "a shape of a form that there is" }),
        };
        let is_at_site = code & WITH_SITE != 0;
        if is_at_site && !matches!(form, Form::Fixed { .. }) {
            return Err(Missing { at, what: "a shape of a form that a site makes" });
        }
        let site = is_at_site.then(|| cursor.number_u32()).transpose()?;
        Ok(TraceShape { name, form, site })
    }
}
