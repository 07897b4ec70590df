//! The types of an arena's objects: how each is laid out, and which headers they have.

use super::array::Array;
use super::trace::Trace;
use crate::heap::Heap;
use crate::memory::{GRANULE_BYTES, Granules};
use crate::object::{
    Body, Claim, Describe, Describer, Description, Header, Kind, Layout, MAX_LENGTH, ShapeError, TAGGED,
    Tracer, Type, slots_size,
};
use std::any::{TypeId, type_name};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt;

/// Size of a word, and of a reference.
pub(super) const WORD_BYTES: usize = 4;
/// Largest value: one with many references is asked for them again and again, so this bounds a step of the collector.
const MAX_VALUE_BYTES: usize = 8 << 10;

/// What there is to know of a type of objects. A constant of the program: its address stands for the type.
pub(super) struct TypeRecord {
    id: fn() -> TypeId,
    name: fn() -> &'static str,
    form: Form,
    description: Description,
}

/// How the objects of a type are laid out.
#[derive(Clone, Copy, Debug)]
enum Form {
    /// References, then `bytes` of anything else.
    Fixed { slots: u16, bytes: u32 },
    /// Values with references anywhere; how many there are tells the object.
    Typed(Type),
    /// As many references as the object tells.
    References,
    /// As many values of 8 bytes with tags as the object tells.
    Tagged,
    /// As many bytes as the object tells.
    Bytes,
    /// A key and a value.
    Ephemeron,
}

impl TypeRecord {
    /// The record of an object kind of the library's own that is no array and no value of a user's.
    pub(super) const fn library(
        id: fn() -> TypeId,
        name: fn() -> &'static str,
        form: LibraryForm,
    ) -> TypeRecord {
        let form = match form {
            LibraryForm::Bytes => Form::Bytes,
            LibraryForm::Ephemeron => Form::Ephemeron,
        };
        TypeRecord {
            id,
            name,
            form,
            description: Description { fields: &[], element_bytes: None, describe: None, claim: None },
        }
    }

    /// What the heap is told of the type.
    fn body(&self) -> Body {
        match self.form {
            Form::Fixed { slots, bytes } => Body::Declared(Layout::Fixed { slots, bytes }),
            Form::Typed(of) => Body::Typed(of),
            Form::References => Body::Declared(Layout::Slots),
            Form::Tagged => Body::Declared(Layout::Values(TAGGED)),
            Form::Bytes => Body::Declared(Layout::Bytes),
            Form::Ephemeron => Body::Declared(Layout::Ephemeron),
        }
    }

    /// The header of a new object, of an array with nothing in it.
    fn header(&self, shape: u16) -> Header {
        match self.form {
            Form::Fixed { slots, bytes } => Header::fixed(shape, slots.into(), bytes / GRANULE_BYTES as u32),
            Form::Typed(of) => Header::typed(shape, of.stride_words),
            Form::References => Header::new(Kind::Slots, shape, 0),
            Form::Tagged => Header::new(Kind::Values, shape, 0),
            Form::Bytes => Header::new(Kind::Bytes, shape, 0),
            Form::Ephemeron => Header::new(Kind::Ephemeron, shape, 0),
        }
    }
}

/// How objects of the library's own kinds are laid out.
#[derive(Clone, Copy, Debug)]
pub(super) enum LibraryForm {
    /// Bytes.
    Bytes,
    /// A key and a value.
    Ephemeron,
}

impl fmt::Debug for TypeRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypeRecord")
            .field("name", &(self.name)())
            .field("form", &self.form)
            .finish_non_exhaustive()
    }
}

/// The record of objects that hold one `T`.
pub(super) struct One<T>(T);

impl<'gc, T: Trace<'gc>> One<T> {
    pub(super) const RECORD: &'static TypeRecord = &TypeRecord {
        id: || TypeId::of::<T::Id>(),
        name: || type_name::<T>(),
        form: one_form::<T>(),
        description: description::<T>(None),
    };
    /// Words of a value.
    const WORDS: u32 = size_of::<T>().div_ceil(WORD_BYTES) as u32;
    /// Size of an object, header and cards included.
    pub(super) const SIZE: Granules = {
        assert!(!std::mem::needs_drop::<T>(), "what lies in an arena cannot have drop code");
        assert!(
            align_of::<T>() <= GRANULE_BYTES as usize,
            "values are aligned to 8 bytes at most; a `u128` can be kept as a `[u64; 2]`"
        );
        assert!(size_of::<T>() <= MAX_VALUE_BYTES, "a value may have 8 KiB at most; use an `Array`");
        match one_form::<T>() {
            Form::Typed(_) => Header::typed_size(Self::WORDS),
            _ => Granules(1 + size_of::<T>().div_ceil(GRANULE_BYTES as usize) as u32),
        }
    };
}

/// The form of objects that hold one `T`: the simple one where the references come first, which is scanned fastest.
const fn one_form<'gc, T: Trace<'gc>>() -> Form {
    match T::SLOTS.leading() {
        Some(slots) => {
            let granules = size_of::<T>().div_ceil(GRANULE_BYTES as usize) as u32 - slots_size(slots).0;
            Form::Fixed { slots: slots as u16, bytes: granules * GRANULE_BYTES as u32 }
        }
        None => Form::Typed(type_of::<T>()),
    }
}

/// The record of objects that hold any number of `T`.
pub(super) struct Many<T>(T);

impl<'gc, T: Trace<'gc>> Many<T> {
    pub(super) const RECORD: &'static TypeRecord = &TypeRecord {
        id: || TypeId::of::<Array<T::Id>>(),
        name: || type_name::<Array<T>>(),
        form: array_form::<T>(),
        description: description::<T>(Some(stride_bytes::<T>() as u32)),
    };

    /// The header and the size of an object with `length` values, given the header of one with none; `None` if that is more
    /// than any heap holds.
    #[inline]
    pub(super) fn header_of_length(empty: Header, length: usize) -> Option<Header> {
        const {
            assert!(!std::mem::needs_drop::<T>(), "what lies in an arena cannot have drop code");
            assert!(
                align_of::<T>() <= GRANULE_BYTES as usize,
                "values are aligned to 8 bytes at most; a `u128` can be kept as a `[u64; 2]`"
            );
            assert!(size_of::<T>() <= MAX_VALUE_BYTES, "a value may have 8 KiB at most; use an `Array`");
        }
        let elements = match array_form::<T>() {
            Form::References | Form::Tagged => length,
            Form::Bytes => length.checked_mul(stride_bytes::<T>())?,
            _ => length.checked_mul(size_of::<T>() / WORD_BYTES)?,
        };
        let elements = u32::try_from(elements).ok().filter(|elements| *elements <= MAX_LENGTH)?;
        Some(match array_form::<T>() {
            // Without a value it would be taken for an ephemeron.
            Form::Typed(_) if elements > 0 => Header::typed(empty.shape(), elements),
            Form::Typed(_) | Form::References => Header::new(Kind::Slots, empty.shape(), elements),
            Form::Tagged => Header::new(Kind::Values, empty.shape(), elements),
            _ => Header::new(Kind::Bytes, empty.shape(), elements),
        })
    }

    /// How many values an object with this header has.
    #[inline(always)]
    pub(super) fn length(header: Header) -> usize {
        match array_form::<T>() {
            Form::References | Form::Tagged => header.length() as usize,
            Form::Bytes => header.length() as usize / stride_bytes::<T>(),
            _ if header.kind() == Kind::Typed => {
                header.typed_words() as usize / (size_of::<T>() / WORD_BYTES)
            }
            _ => 0,
        }
    }
}

/// Bytes that a value in an array counts for: values without a size count for one.
const fn stride_bytes<T>() -> usize {
    if size_of::<T>() == 0 { 1 } else { size_of::<T>() }
}

/// The form of objects that hold any number of `T`.
const fn array_form<'gc, T: Trace<'gc>>() -> Form {
    if T::SLOTS.is_empty() {
        Form::Bytes
    } else if T::SLOTS.is_reference(size_of::<T>()) {
        Form::References
    } else if T::SLOTS.is_tagged(size_of::<T>()) {
        Form::Tagged
    } else {
        Form::Typed(type_of::<T>())
    }
}

const fn type_of<'gc, T: Trace<'gc>>() -> Type {
    assert!(size_of::<T>() > 0 && size_of::<T>().is_multiple_of(WORD_BYTES), "references take whole words");
    Type { stride_words: (size_of::<T>() / WORD_BYTES) as u32, map: T::SLOTS, trace: trace_at::<T> }
}

/// What snapshots are told of objects that hold a `T`, or any number.
const fn description<'gc, T: Trace<'gc>>(element_bytes: Option<u32>) -> Description {
    let describe: Option<Describe> = if T::SLOTS.is_traced() { Some(describe_at::<T>) } else { None };
    let claim = if T::SLOTS.is_traced() { None } else { Some(Claim { map: T::SLOTS, trace: trace_at::<T> }) };
    Description { fields: T::FIELDS, element_bytes, describe, claim }
}

/// Asks the `T` at `value` for its references.
fn trace_at<'gc, T: Trace<'gc>>(value: *const u8, tracer: &mut Tracer) {
    // SAFETY: the collector calls this for objects whose headers say that they hold `T`s; they are in place, nobody else
    // has a reference to them while it runs, and the body is aligned to 8 bytes.
    let value = unsafe { &*value.cast::<T>() };
    value.trace(tracer);
}

/// Asks the `T` at `value` for its fields.
fn describe_at<'gc, T: Trace<'gc>>(value: *const u8, describer: &mut Describer) {
    // SAFETY: the same; a snapshot is taken between closures.
    let value = unsafe { &*value.cast::<T>() };
    value.describe_fields(describer);
}

/// Lines of the cache of headers.
const LINES: usize = 256;

/// The types that an arena has met.
pub(super) struct Types {
    /// Headers by the addresses of records: a type is looked up at every allocation.
    cache: [Cell<Line>; LINES],
    headers: RefCell<HashMap<TypeId, Header>>,
    /// By the number of the shape.
    records: RefCell<Vec<&'static TypeRecord>>,
}

/// A record and the header of its objects.
#[derive(Clone, Copy, Debug)]
struct Line {
    /// The address of the record; 0 if there is none.
    record: usize,
    header: Header,
}

impl Default for Types {
    fn default() -> Self {
        let empty = Line { record: 0, header: Header::new(Kind::Bytes, 0, 0) };
        Types {
            cache: std::array::from_fn(|_| Cell::new(empty)),
            headers: RefCell::default(),
            records: RefCell::default(),
        }
    }
}

impl fmt::Debug for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Types").field("records", &self.records).finish_non_exhaustive()
    }
}

impl Types {
    /// The header of new objects of a type, if it is at hand.
    #[inline(always)]
    pub(super) fn cached(&self, record: &'static TypeRecord) -> Option<Header> {
        let address = std::ptr::from_ref(record).addr();
        let line = self.line(address).get();
        (line.record == address).then_some(line.header)
    }

    /// Where in the cache a record would be: records lie at multiples of 8.
    #[inline(always)]
    fn line(&self, address: usize) -> &Cell<Line> {
        &self.cache[address / 8 % LINES]
    }

    /// The header of new objects of a type, which the heap is told of when it is met for the first time.
    #[cold]
    #[inline(never)]
    pub(super) fn look_up(&self, record: &'static TypeRecord, heap: &mut Heap) -> Result<Header, ShapeError> {
        let known = self.headers.borrow().get(&(record.id)()).copied();
        let header = known.map_or_else(|| self.register(record, heap), Ok)?;
        let address = std::ptr::from_ref(record).addr();
        self.line(address).set(Line { record: address, header });
        Ok(header)
    }

    fn register(&self, record: &'static TypeRecord, heap: &mut Heap) -> Result<Header, ShapeError> {
        let shape = heap.add_shape((record.name)(), record.body(), record.description)?;
        let header = record.header(shape);
        self.records.borrow_mut().push(record);
        self.headers.borrow_mut().insert((record.id)(), header);
        Ok(header)
    }

    /// The type of objects with this header.
    pub(super) fn id_of(&self, header: Header) -> Option<TypeId> {
        self.record_of(header).map(|record| (record.id)())
    }

    /// The record of the type of objects with this header.
    fn record_of(&self, header: Header) -> Option<&'static TypeRecord> {
        self.records.borrow().get(usize::from(header.shape())).copied()
    }

    /// The name of the type of objects with this header.
    pub(super) fn name_of(&self, header: Header) -> &'static str {
        self.record_of(header).map_or("unknown", |record| (record.name)())
    }
}
