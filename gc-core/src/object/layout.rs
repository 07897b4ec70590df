//! Shapes: what the body of an object holds, and where its references are.
//!
//! ```text
//! Fixed   | header | slot 0 | slot 1 | ... | raw bytes ...             |
//! Slots   | header | slot 0 | slot 1 | ... | cards, if more than 128   |
//! Bytes   | header | byte 0, byte 1, ...                               |
//! Values  | header | value 0         | ... | cards, if more than 64    |
//! Ephemeron | header | key | value |
//! Typed   | header | value 0 | value 1 | ... | cards, if over 512 bytes |
//! ```
//!
//! A slot is 4 bytes, a value 8. Raw bytes of a fixed object start at the next multiple of 8. Typed values are described by
//! a [`Type`]; the others by a [`Layout`].

use super::description::{Description, Field};
use super::ephemeron::Ephemeron;
use super::header::{HEADER, HEADER_WORDS, Header, Kind, slots_size};
use super::reference::{ObjectRef, Slot, Slots, ValueSlots, WordSlot, WordSlots};
use super::typed::{Type, TypedSlot, TypedSlots, TypedValues};
use crate::memory::{Granules, Memory, WORDS_PER_GRANULE};
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

/// What objects of a shape look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// `slots` references, then `bytes` raw bytes.
    Fixed {
        /// Number of reference slots.
        slots: u16,
        /// Number of raw bytes behind them.
        bytes: u32,
    },
    /// As many reference slots as the allocation asks for.
    Slots,
    /// As many raw bytes as the allocation asks for.
    Bytes,
    /// As many 64-bit values as the allocation asks for, some of which hold references.
    Values(Decoder),
    /// Two references: the key in slot 0, which is weak, and the value in slot 1, which is kept alive while the key is.
    /// See [`Heap::alloc_ephemeron`](crate::Heap::alloc_ephemeron).
    Ephemeron,
}

/// How a 64-bit value holds a reference.
///
/// A value holds one if `value & mask == tag` and the 32 bits from bit `shift` on are not all zero; those bits are
/// the reference. That covers values tagged in low bits, values tagged in high bits and NaN-boxes, as data: the
/// collector never calls into the program.
///
/// ```
/// use gc_core::Decoder;
///
/// // A NaN-box: objects are quiet NaNs with a sign bit and the tag 1, the reference in the low 32 bits.
/// let nan_box = Decoder { mask: 0xffff_0000_0000_0000, tag: 0xfff9_0000_0000_0000, shift: 0 };
/// assert!(!nan_box.is_reference(1.5_f64.to_bits()));
/// assert!(nan_box.is_reference(0xfff9_0000_0000_0007));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decoder {
    /// The bits that tell references from other values.
    pub mask: u64,
    /// What these bits are in a reference.
    pub tag: u64,
    /// Where the 32 bits of the reference start: 0 to 32.
    pub shift: u8,
}

impl Decoder {
    /// Whether `value` holds a reference.
    #[must_use]
    #[inline]
    pub fn is_reference(self, value: u64) -> bool {
        self.decode(value).is_some()
    }

    #[inline(always)]
    pub(crate) fn decode(self, value: u64) -> Option<ObjectRef> {
        if value & self.mask == self.tag { ObjectRef::from_word((value >> self.shift) as u32) } else { None }
    }

    #[inline(always)]
    pub(crate) fn encode(self, object: ObjectRef) -> u64 {
        self.replace(self.tag, object)
    }

    /// `value` with its reference replaced.
    #[inline(always)]
    pub(crate) fn replace(self, value: u64, object: ObjectRef) -> u64 {
        let reference = u64::from(ObjectRef::to_word(Some(object)));
        value & !self.reference_bits() | reference << self.shift
    }

    fn reference_bits(self) -> u64 {
        0xffff_ffff << self.shift
    }

    fn is_consistent(self) -> bool {
        self.shift <= 32 && self.mask & self.reference_bits() == 0 && self.tag & !self.mask == 0
    }
}

/// Most granules of a fixed object.
const MAX_FIXED: u32 = 0xffff;
/// Slots of a fixed object with more than 248 raw bytes must be fewer than this.
const MAX_WIDE_SLOTS: u16 = 1 << 15;

/// A shape that a heap cannot register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ShapeError {
    /// A fixed object would be larger than 512 KiB, or has more than 248 raw bytes and more than 32,767 slots.
    TooLarge,
    /// The decoder's shift is above 32, its mask covers bits of the reference, or its tag has bits outside the mask.
    BadDecoder,
    /// The heap has 65,536 shapes already.
    TooMany,
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ShapeError::TooLarge => "a fixed object may take at most 65,535 granules of 8 bytes, and 32,767 slots if it has over 248 raw bytes",
            ShapeError::BadDecoder => "the decoder's mask, tag and 32 reference bits overlap",
            ShapeError::TooMany => "a heap may have at most 65,536 shapes",
        })
    }
}

impl std::error::Error for ShapeError {}

/// A shape registered with one heap, ready to allocate from.
///
/// 8 bytes (16 in debug builds, which can tell a shape of another heap).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The header of a new object; its length is zero where the allocation decides.
    header: Header,
    /// The heap that it is registered with.
    #[cfg(debug_assertions)]
    heap: u32,
}

impl Shape {
    /// Size of an object, header included, in bytes; of an array, that of an empty one.
    #[must_use]
    #[inline]
    pub fn size_bytes(self) -> u64 {
        self.header.size().bytes()
    }

    /// The header of a new object.
    #[inline(always)]
    pub(crate) fn header(self) -> Header {
        self.header
    }

    /// The header of a new array of `length` elements.
    #[inline(always)]
    pub(crate) fn header_of_length(self, length: u32) -> Header {
        Header::new(self.header.kind(), self.header.shape(), length)
    }

    /// Debug builds: panics if it is registered with another heap than `heap`.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn check_heap(self, heap: u32) {
        #[cfg(debug_assertions)]
        assert_eq!(self.heap, heap, "wrong heap: the shape is registered with another");
        #[cfg(not(debug_assertions))]
        let _ = heap;
    }
}

/// The shapes of one heap.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    entries: Vec<Entry>,
    ids: HashMap<(Box<str>, Layout), u16>,
}

/// A shape under its name for reports.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: Box<str>,
    pub(crate) body: Body,
    pub(crate) description: Description,
}

/// What tells where the references are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    Declared(Layout),
    Typed(Type),
}

/// Most values without references in an array that the verifier asks.
const MAX_ASKED: u32 = 16;

impl Shapes {
    /// Adds a shape, or finds the one of the same name and layout.
    pub(crate) fn register(&mut self, heap: u32, name: &str, layout: Layout) -> Result<Shape, ShapeError> {
        let key = (name.into(), layout);
        let id = match self.ids.get(&key) {
            Some(id) => *id,
            None => self.next_id()?,
        };
        let header = declared_header(id, layout)?;
        if usize::from(id) == self.entries.len() {
            self.add(name, Body::Declared(layout), Description::default())?;
            self.ids.insert(key, id);
        }
        #[cfg(not(debug_assertions))]
        let _ = heap;
        Ok(Shape {
            header,
            #[cfg(debug_assertions)]
            heap,
        })
    }

    /// Adds a shape, whatever others there are; its number.
    pub(crate) fn add(
        &mut self,
        name: &str,
        body: Body,
        description: Description,
    ) -> Result<u16, ShapeError> {
        let id = self.next_id()?;
        self.entries.push(Entry { name: name.into(), body, description });
        Ok(id)
    }

    fn next_id(&self) -> Result<u16, ShapeError> {
        u16::try_from(self.entries.len()).map_err(|_| ShapeError::TooMany)
    }

    /// All shapes, by their numbers.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The name that a shape was registered under.
    pub(crate) fn name(&self, header: Header) -> &str {
        match header.kind() {
            Kind::Buffer => "buffer",
            _ => &self.entries[usize::from(header.shape())].name,
        }
    }

    /// Whether `header` is one that an allocation in this heap may have written.
    pub(crate) fn allows(&self, header: Header) -> bool {
        let body = self.entries.get(usize::from(header.shape())).map(|entry| entry.body);
        let layout = match body {
            Some(Body::Declared(layout)) => Some(layout),
            Some(Body::Typed(of)) => {
                return match header.kind() {
                    Kind::Typed => header.typed_words() >= of.stride_words,
                    // An array without values.
                    kind => kind == Kind::Slots && header.length() == 0,
                };
            }
            None => None,
        };
        match (header.kind(), layout) {
            (Kind::Buffer, _) => header.shape() == 0,
            (Kind::Fixed | Kind::Wide, Some(Layout::Fixed { slots, bytes })) => {
                let expected = fixed_header(header.shape(), slots, bytes);
                expected.is_ok_and(|it| {
                    (it.kind(), it.length(), it.raw()) == (header.kind(), header.length(), header.raw())
                })
            }
            (Kind::Slots, Some(Layout::Slots)) | (Kind::Bytes, Some(Layout::Bytes)) => true,
            (Kind::Values, Some(Layout::Values(_))) => true,
            (Kind::Ephemeron, Some(Layout::Ephemeron)) => header.length() == 0,
            _ => false,
        }
    }

    /// The decoder of an array of values.
    ///
    /// # Panics
    /// If the shape is not one of values.
    #[inline]
    pub(crate) fn decoder(&self, header: Header) -> Decoder {
        match self.entries[usize::from(header.shape())].body {
            Body::Declared(Layout::Values(decoder)) => decoder,
            _ => panic!("heap invariant broken: {header:?} has values but its shape has none"),
        }
    }

    /// Typed values together with their type.
    ///
    /// # Panics
    /// If the shape is not one of typed values.
    #[inline]
    pub(crate) fn typed(&self, slots: TypedSlots) -> TypedValues {
        match self.entries[usize::from(slots.shape)].body {
            Body::Typed(of) => TypedValues { slots, of },
            Body::Declared(_) => panic!("heap invariant broken: {slots:?} are typed but their shape is not"),
        }
    }

    /// The references in `slots`, weak ones included.
    pub(crate) fn references(&self, memory: &Memory, slots: Slots) -> impl Iterator<Item = ObjectRef> {
        let (words, values, typed) = match slots {
            Slots::Words(words) => (Some(words), None, Vec::new()),
            Slots::Values(values) => (None, Some(values), Vec::new()),
            Slots::Typed(typed) => (None, None, self.typed_references(memory, typed)),
            Slots::Ephemeron(ephemeron) => (Some(ephemeron.words()), None, Vec::new()),
        };
        let in_words = words.into_iter().flatten().filter_map(|slot| slot.load(memory));
        let in_values = values.into_iter().flatten().filter_map(|slot| slot.load(memory));
        in_words.chain(in_values).chain(typed)
    }

    fn typed_references(&self, memory: &Memory, slots: TypedSlots) -> Vec<ObjectRef> {
        let mut references = Vec::new();
        self.typed(slots).for_each(memory.base(), |slot| references.extend(slot.load(memory)));
        references
    }

    /// Hands each reference in an object to `each`, weak ones included, with the number of words of the body before it.
    #[inline]
    pub(crate) fn for_each_reference(
        &self,
        memory: &Memory,
        object: ObjectRef,
        each: impl FnMut(u32, ObjectRef),
    ) {
        self.for_each_reference_in(memory, object, self.slots(object, object.header(memory)), each);
    }

    /// As [`Shapes::for_each_reference`], but only those in `slots`, which are slots of `object`.
    #[inline]
    pub(crate) fn for_each_reference_in(
        &self,
        memory: &Memory,
        object: ObjectRef,
        slots: Slots,
        mut each: impl FnMut(u32, ObjectRef),
    ) {
        let body = object.address() + HEADER;
        let each_word = |slot: WordSlot| {
            if let Some(target) = slot.load(memory) {
                each(body.words_to(slot.0), target);
            }
        };
        match slots {
            Slots::Words(words) => words.for_each(each_word),
            Slots::Ephemeron(ephemeron) => ephemeron.words().for_each(each_word),
            Slots::Typed(typed) => self.typed(typed).for_each(memory.base(), |slot| {
                if let Some(target) = slot.load(memory) {
                    each(body.words_to(slot.place()), target);
                }
            }),
            Slots::Values(values) => values.for_each(|slot| {
                if let Some(target) = slot.load(memory) {
                    each(body.words_to(slot.place.word(0)), target);
                }
            }),
        }
    }

    /// Hands the words of each value in an object, counted from the start of the body, to `each`, with the value's fields; if
    /// these do not depend on the value, does nothing.
    pub(crate) fn describe(
        &self,
        memory: &Memory,
        object: ObjectRef,
        each: impl FnMut(Range<u32>, &[Field]),
    ) {
        if let Slots::Typed(typed) = self.slots(object, object.header(memory))
            && let Some(describe) = self.entries[usize::from(typed.shape)].description.describe
        {
            self.typed(typed).describe(memory.base(), describe, each);
        }
    }

    /// The number of the first value in an object of which the map of its type says something else than the value itself. Of
    /// many values without references, some are asked.
    pub(crate) fn false_claim(&self, memory: &Memory, object: ObjectRef, header: Header) -> Option<u32> {
        if header.kind() == Kind::Buffer {
            return None;
        }
        let Description { claim, element_bytes, .. } =
            self.entries.get(usize::from(header.shape()))?.description;
        let (claim, stride) = (claim?, element_bytes.unwrap_or(0));
        let count = element_bytes.map_or(1, |element| header.array_bytes() / element);
        let asked = if claim.map.is_empty() { count.min(MAX_ASKED) } else { count };
        let body = object.address().word(HEADER_WORDS);
        (0..asked).find(|index| {
            let value = memory.base().pointer_to(body).wrapping_add((index * stride) as usize);
            let start = HEADER_WORDS + index * stride / 4;
            let slot = |offset| TypedSlot::named(claim.map, object.address(), start, offset);
            !claim.holds(value, |offset| slot(offset).load(memory).is_none())
        })
    }

    /// All slots of an object.
    #[inline(always)]
    pub(crate) fn slots(&self, object: ObjectRef, header: Header) -> Slots {
        let count = header.strong_slot_count();
        if count > 0 {
            let words = HEADER_WORDS..HEADER_WORDS + count;
            return Slots::Words(WordSlots { object: object.address(), words });
        }
        match header.kind() {
            Kind::Values | Kind::Typed => self.slots_in(object, header, 0..header.length()),
            Kind::Ephemeron => Slots::Ephemeron(Ephemeron::at(object)),
            _ => Slots::NONE,
        }
    }

    /// The slots of a long array that `card` covers.
    #[inline]
    pub(crate) fn slots_of_card(&self, array: ObjectRef, header: Header, card: u32) -> Slots {
        let first = card * header.elements_per_card();
        self.slots_in(array, header, first..first + header.elements_per_card())
    }

    /// The slots of an object with these indices, of which those beyond its end are left out; of typed values, those in
    /// these granules of the body.
    #[inline]
    pub(crate) fn slots_in(&self, object: ObjectRef, header: Header, range: Range<u32>) -> Slots {
        match header.kind() {
            Kind::Values => {
                let first = (object.address() + HEADER).0;
                let places = first + range.start..first + range.end.min(header.length());
                Slots::Values(ValueSlots { places, decoder: self.decoder(header) })
            }
            Kind::Typed => {
                let end = range.end.min(header.length());
                Slots::Typed(TypedSlots {
                    object: object.address(),
                    shape: header.shape(),
                    words: range.start * WORDS_PER_GRANULE..end * WORDS_PER_GRANULE,
                    body_words: header.typed_words(),
                })
            }
            _ => {
                let words =
                    HEADER_WORDS + range.start..HEADER_WORDS + range.end.min(header.strong_slot_count());
                Slots::Words(WordSlots { object: object.address(), words })
            }
        }
    }
}

/// The header of a new object; its length is zero where the allocation decides.
fn declared_header(shape: u16, layout: Layout) -> Result<Header, ShapeError> {
    Ok(match layout {
        Layout::Fixed { slots, bytes } => fixed_header(shape, slots, bytes)?,
        Layout::Slots => Header::new(Kind::Slots, shape, 0),
        Layout::Bytes => Header::new(Kind::Bytes, shape, 0),
        Layout::Values(decoder) if decoder.is_consistent() => Header::new(Kind::Values, shape, 0),
        Layout::Values(_) => return Err(ShapeError::BadDecoder),
        Layout::Ephemeron => Header::new(Kind::Ephemeron, shape, 0),
    })
}

/// The header of a new fixed object.
fn fixed_header(shape: u16, slots: u16, bytes: u32) -> Result<Header, ShapeError> {
    let raw = Granules::holding(bytes.into());
    let size = HEADER + slots_size(slots.into()) + raw;
    let header = Header::fixed(shape, slots.into(), raw.0.min(MAX_FIXED));
    let fits = header.kind() == Kind::Fixed || slots < MAX_WIDE_SLOTS && size.0 <= MAX_FIXED;
    if fits { Ok(header) } else { Err(ShapeError::TooLarge) }
}

/// The place of slot `index` of a fixed object or an array of references.
#[inline(always)]
pub(crate) fn slot(object: ObjectRef, index: u32) -> WordSlot {
    WordSlot(object.address().word(HEADER_WORDS + index))
}

/// Where the raw bytes of an object start, from its start, and how many there are.
pub(crate) fn raw_bytes(header: Header) -> (Granules, usize) {
    match header.kind() {
        Kind::Fixed | Kind::Wide => {
            let start = HEADER + slots_size(header.slot_count());
            (start, (header.size() - start).bytes() as usize)
        }
        Kind::Bytes => (HEADER, header.length() as usize),
        Kind::Slots | Kind::Values | Kind::Buffer | Kind::Free | Kind::Ephemeron | Kind::Typed => (HEADER, 0),
    }
}

/// A bit for each card of a long array, kept behind its elements: set while the card may refer to young objects.
pub(crate) struct Cards {
    start: crate::memory::Address,
}

impl Cards {
    /// The cards of `object`.
    #[inline(always)]
    pub(crate) fn of(object: ObjectRef, header: Header) -> Cards {
        Cards { start: object.address() + header.cards_offset() }
    }

    /// Sets the bit of `card`; whether it was clear.
    #[inline]
    pub(crate) fn set(&self, memory: &mut Memory, card: u32) -> bool {
        let (place, bit) = (self.start + Granules(card / 64), 1 << (card % 64));
        let bits = memory.load(place);
        memory.store(place, bits | bit);
        bits & bit == 0
    }

    /// Clears the bit of `card`.
    pub(crate) fn clear(&self, memory: &mut Memory, card: u32) {
        let (place, bit) = (self.start + Granules(card / 64), 1 << (card % 64));
        let bits = memory.load(place);
        memory.store(place, bits & !bit);
    }

    /// Whether the bit of `card` is set.
    pub(crate) fn is_set(&self, memory: &Memory, card: u32) -> bool {
        memory.load(self.start + Granules(card / 64)) & 1 << (card % 64) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::{Body, Decoder, Description, Layout, ShapeError, Shapes, raw_bytes};
    use crate::memory::Address;
    use crate::object::{Header, Kind, ObjectRef, SlotMap, Type};

    fn register(layout: Layout) -> Result<super::Shape, ShapeError> {
        Shapes::default().register(0, "shape", layout)
    }

    #[track_caller]
    fn check_fixed(slots: u16, bytes: u32, size_bytes: u64, raw_start_bytes: u64) {
        let header = register(Layout::Fixed { slots, bytes }).expect("a shape").header();
        assert_eq!(header.size().bytes(), size_bytes, "{slots} slots and {bytes} bytes");
        assert_eq!(raw_bytes(header).0.bytes(), raw_start_bytes, "{slots} slots and {bytes} bytes");
    }

    #[test]
    fn slots_take_4_bytes_and_raw_bytes_start_at_a_multiple_of_8() {
        check_fixed(0, 0, 8, 8);
        check_fixed(1, 0, 16, 16);
        check_fixed(2, 0, 16, 16);
        check_fixed(3, 1, 32, 24);
        check_fixed(0, 9, 24, 8);
    }

    #[test]
    fn an_array_of_typed_values_may_have_none() {
        let mut shapes = Shapes::default();
        let pair = Type { stride_words: 2, map: SlotMap::REFERENCE, trace: |_, _| () };
        let shape = shapes.add("pairs", Body::Typed(pair), Description::default()).expect("a shape");
        let allowed = [Header::typed(shape, 4), Header::typed(shape, 2), Header::new(Kind::Slots, shape, 0)];
        assert!(allowed.iter().all(|header| shapes.allows(*header)));
        let others = [Header::typed(shape, 1), Header::new(Kind::Slots, shape, 1)];
        assert!(!others.iter().any(|header| shapes.allows(*header)));
    }

    #[test]
    fn the_largest_fixed_object_has_65535_granules() {
        assert!(register(Layout::Fixed { slots: 0, bytes: 65_534 * 8 }).is_ok());
        let larger = register(Layout::Fixed { slots: 1, bytes: 65_534 * 8 });
        assert_eq!(larger, Err(ShapeError::TooLarge));
    }

    #[test]
    fn values_are_encoded_and_decoded_by_mask_tag_and_shift() {
        let object = ObjectRef::at(Address(0x8765_4321));
        for decoder in [
            Decoder { mask: 0xffff << 48, tag: 0xfff9 << 48, shift: 0 },
            Decoder { mask: 0b11, tag: 0b01, shift: 32 },
            Decoder { mask: 0b111, tag: 0b000, shift: 3 },
        ] {
            let value = decoder.encode(object);
            assert_eq!(decoder.decode(value), Some(object), "{decoder:?}");
            assert_eq!(decoder.decode(value ^ decoder.mask & decoder.mask.wrapping_neg()), None);
            let shape = register(Layout::Values(decoder));
            assert!(shape.is_ok(), "{decoder:?}");
        }
    }

    #[test]
    fn a_decoder_whose_parts_overlap_is_refused() {
        for decoder in [
            Decoder { mask: 1, tag: 1, shift: 0 },
            Decoder { mask: 0b01, tag: 0b10, shift: 32 },
            Decoder { mask: 0, tag: 0, shift: 33 },
        ] {
            assert_eq!(register(Layout::Values(decoder)), Err(ShapeError::BadDecoder), "{decoder:?}");
        }
    }

    #[test]
    fn a_shape_is_registered_once() {
        let mut shapes = Shapes::default();
        let first = shapes.register(0, "name", Layout::Bytes);
        assert_eq!(shapes.register(0, "name", Layout::Bytes), first);
        assert_ne!(shapes.register(0, "name", Layout::Slots), first);
        assert_ne!(shapes.register(0, "other", Layout::Bytes), first);
    }

    #[test]
    fn a_heap_has_at_most_65536_shapes() {
        let mut shapes = Shapes::default();
        for id in 0..65_536 {
            assert!(shapes.register(0, &id.to_string(), Layout::Bytes).is_ok());
        }
        assert!(shapes.register(0, "7", Layout::Bytes).is_ok());
        assert_eq!(shapes.register(0, "", Layout::Bytes), Err(ShapeError::TooMany));
    }
}
