//! The first granule of every object.
//!
//! ```text
//! live       63   62          32 31     16 15      11 10   8 7    4 3   2         1          0
//!           | n |    length     |  shape  |   raw    | kind | age  | - | watched | unlogged | 1 |
//! forwarded |      target       |                       0                          | 0 | 0 |
//! awaited   |      number       |                       0                          | 1 | 0 |
//! ```
//!
//! `n` is clear if `length` is a number of reference slots that start right behind the header. Read as a signed number,
//! the upper half is then the count that an index must be below, and negative for every other kind: one comparison
//! checks an access to a slot. `raw` is the number of granules of raw bytes behind the slots; of typed values, of words
//! at the end that none of them takes.
//!
//! Invariants:
//! - An object that can be reached holds the `1` form; the others exist among young objects, during a scavenge only.
//! - Young objects have `unlogged` clear. An old object has it clear exactly while the remembered set lists it; an
//!   old array with cards always has it set, its cards say what is remembered.
//! - Bit 3 is kept for the state of an identity hash.

use super::reference::ObjectRef;
use crate::event::MAX_AGE;
use crate::memory::{Address, GRANULE_BYTES, Granules, WORDS_PER_GRANULE};

const LIVE: u64 = 1;
const UNLOGGED: u64 = 1 << 1;
const WATCHED: u64 = 1 << 2;
const AWAITED: u64 = 1 << 1;
const AGE_SHIFT: u32 = 4;
const AGE_MASK: u64 = (MAX_AGE as u64) << AGE_SHIFT;
const KIND_SHIFT: u32 = 8;
const KIND_MASK: u64 = 0b111 << KIND_SHIFT;
const RAW_SHIFT: u32 = 11;
const RAW_MASK: u64 = (MAX_RAW as u64) << RAW_SHIFT;
const SHAPE_SHIFT: u32 = 16;
const LENGTH_SHIFT: u32 = 32;
const NO_SLOTS: u64 = 1 << 63;
const FIXED: u64 = (Kind::Fixed as u64) << KIND_SHIFT;
const WIDE: u64 = (Kind::Wide as u64) << KIND_SHIFT;
const EPHEMERON: u64 = (Kind::Ephemeron as u64) << KIND_SHIFT;

/// Most granules of raw bytes of a fixed object; one with more is wide.
pub(super) const MAX_RAW: u32 = 31;
/// Greatest length of an array.
pub(crate) const MAX_LENGTH: u32 = (1 << 31) - 1;

/// Granules of the header itself.
pub(crate) const HEADER: Granules = Granules(1);
/// Words of the header itself: the first slot is the word behind it.
pub(crate) const HEADER_WORDS: u32 = WORDS_PER_GRANULE;

/// Reference slots that one card covers (512 bytes of them).
pub(crate) const SLOTS_PER_CARD: u32 = 128;
/// 64-bit values that one card covers (512 bytes of them).
pub(crate) const VALUES_PER_CARD: u32 = 64;

/// What the body of an object consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// `length` reference slots, then up to 31 granules of raw bytes.
    Fixed = 0,
    /// `length` reference slots.
    Slots = 1,
    /// Reference slots, then more than 31 granules of raw bytes: slots and size share `length`.
    Wide = 2,
    /// `length` raw bytes.
    Bytes = 3,
    /// `length` 64-bit values.
    Values = 4,
    /// The number of an off-heap buffer of `length` bytes.
    Buffer = 5,
    /// No object: `length` granules of free memory, this one included.
    Free = 6,
    /// A key and a value; `length` is 0. See [`Ephemeron`](super::Ephemeron).
    Ephemeron = 7,
    /// Values of a type of the host language in `length` granules, of which there is one at least: that tells it from
    /// an ephemeron, which has the same three bits. See [`Type`](super::Type).
    Typed = 0b1_111,
}

/// What the header's place holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeaderState {
    /// A header.
    Live(Header),
    /// The object has moved to where the reference says.
    Forwarded(ObjectRef),
    /// The object has not been reached, and ephemerons wait for that; the collector keeps its header under this number.
    Awaited(u32),
}

impl HeaderState {
    /// Reads what a header's place holds.
    #[inline(always)]
    pub(crate) fn from_bits(bits: u64) -> HeaderState {
        if bits & LIVE != 0 {
            HeaderState::Live(Header(bits))
        } else if bits & AWAITED == 0 {
            HeaderState::Forwarded(ObjectRef::at(Address((bits >> LENGTH_SHIFT) as u32)))
        } else {
            HeaderState::Awaited((bits >> LENGTH_SHIFT) as u32)
        }
    }

    /// The granule that holds this.
    #[inline(always)]
    pub(crate) fn bits(self) -> u64 {
        match self {
            HeaderState::Live(header) => header.0,
            HeaderState::Forwarded(target) => u64::from(ObjectRef::to_word(Some(target))) << LENGTH_SHIFT,
            HeaderState::Awaited(number) => u64::from(number) << LENGTH_SHIFT | AWAITED,
        }
    }
}

/// The header of an object that is where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header(u64);

impl Header {
    /// The header of a young array, buffer or free cell: age 0, logged. `length` is at most [`MAX_LENGTH`].
    #[inline(always)]
    pub(crate) const fn new(kind: Kind, shape: u16, length: u32) -> Header {
        let slots = if matches!(kind, Kind::Fixed | Kind::Slots) { 0 } else { NO_SLOTS };
        let place = (kind as u64) << KIND_SHIFT & KIND_MASK | (shape as u64) << SHAPE_SHIFT;
        Header(LIVE | place | slots | (length as u64) << LENGTH_SHIFT)
    }

    /// The header of a young fixed object with `raw` granules of raw bytes.
    ///
    /// Slots and size of a wide object must be below 2^15 and 2^16.
    pub(crate) const fn fixed(shape: u16, slots: u32, raw: u32) -> Header {
        if raw <= MAX_RAW {
            return Header(Header::new(Kind::Fixed, shape, slots).0 | (raw as u64) << RAW_SHIFT);
        }
        let size = HEADER.0 + slots_size(slots).0 + raw;
        Header::new(Kind::Wide, shape, slots << 16 | size)
    }

    /// The header of a young object with a body of typed values in `words` words, of which there is one at least.
    pub(crate) const fn typed(shape: u16, words: u32) -> Header {
        let granules = slots_size(words).0;
        Header(Header::new(Kind::Typed, shape, granules).0 | ((words % 2) as u64) << RAW_SHIFT)
    }

    /// Size of an object with a body of typed values in `words` words: that of its header, known to the compiler.
    pub(crate) const fn typed_size(words: u32) -> Granules {
        let granules = slots_size(words).0;
        let cards = if granules > VALUES_PER_CARD { granules.div_ceil(VALUES_PER_CARD) } else { 0 };
        Granules(HEADER.0 + granules + cards.div_ceil(64))
    }

    /// The header of a young object of `length` bytes, if an object may have so many.
    pub(crate) fn bytes(shape: u16, length: usize) -> Option<Header> {
        let length = u32::try_from(length).ok().filter(|length| *length <= MAX_LENGTH)?;
        Some(Header::new(Kind::Bytes, shape, length))
    }

    /// Bytes of the elements of an array.
    pub(crate) fn array_bytes(self) -> u32 {
        match self.kind() {
            Kind::Bytes => self.length(),
            Kind::Slots => self.length().saturating_mul(4),
            Kind::Typed => self.typed_words().saturating_mul(4),
            _ => 0,
        }
    }

    /// Words of the body of typed values.
    #[inline(always)]
    pub(crate) fn typed_words(self) -> u32 {
        self.length() * WORDS_PER_GRANULE - self.raw().0
    }

    /// The header of `size` free granules.
    pub(crate) fn free(size: Granules) -> Header {
        Header::new(Kind::Free, 0, size.0)
    }

    /// The header that a granule holds, trusting that it is one: `from_bits(h.bits()) == h`.
    #[inline(always)]
    pub(crate) fn from_bits(bits: u64) -> Header {
        Header(bits)
    }

    /// The granule that holds this header.
    #[inline(always)]
    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    /// The kind.
    #[inline(always)]
    pub(crate) fn kind(self) -> Kind {
        match (self.0 & KIND_MASK) >> KIND_SHIFT {
            0 => Kind::Fixed,
            1 => Kind::Slots,
            2 => Kind::Wide,
            3 => Kind::Bytes,
            4 => Kind::Values,
            5 => Kind::Buffer,
            6 => Kind::Free,
            _ if self.length() == 0 => Kind::Ephemeron,
            _ => Kind::Typed,
        }
    }

    /// Whether these bits can be the header of an object or of free memory.
    pub(crate) fn is_well_formed(self) -> bool {
        let has_slots = matches!(self.kind(), Kind::Fixed | Kind::Slots);
        let kind_fits = has_slots == (self.0 & NO_SLOTS == 0);
        let raw_fits = match self.kind() {
            Kind::Fixed => true,
            Kind::Typed => self.raw() <= Granules(1),
            _ => self.raw() == Granules(0),
        };
        self.0 & LIVE != 0 && kind_fits && raw_fits && self.0 & 0b1000 == 0
    }

    /// Index of the shape.
    #[inline(always)]
    pub(crate) fn shape(self) -> u16 {
        (self.0 >> SHAPE_SHIFT) as u16
    }

    /// Slots of a fixed object, elements of an array, bytes of a buffer, granules of free memory; packed if wide.
    #[inline(always)]
    pub(crate) fn length(self) -> u32 {
        (self.0 >> LENGTH_SHIFT) as u32 & MAX_LENGTH
    }

    /// Granules of raw bytes of an object that is not wide.
    #[inline(always)]
    pub(crate) fn raw(self) -> Granules {
        Granules(((self.0 & RAW_MASK) >> RAW_SHIFT) as u32)
    }

    /// Scavenges that the object has survived, counted up to [`MAX_AGE`].
    #[inline(always)]
    pub(crate) fn age(self) -> u8 {
        ((self.0 & AGE_MASK) >> AGE_SHIFT) as u8
    }

    /// One scavenge older.
    #[inline(always)]
    pub(crate) fn aged(self) -> Header {
        if self.age() == MAX_AGE { self } else { Header(self.0 + (1 << AGE_SHIFT)) }
    }

    /// With a granule of raw bytes more than there is: a fault.
    pub(crate) fn one_granule_larger(self) -> Header {
        Header(self.0 + (1 << RAW_SHIFT))
    }

    /// With the greatest number of a shape: a fault.
    pub(crate) fn of_no_shape(self) -> Header {
        Header(self.0 | 0xffff << SHAPE_SHIFT)
    }

    /// Whether a store into the object has to be told to the remembered set.
    #[inline(always)]
    pub(crate) fn is_unlogged(self) -> bool {
        self.0 & UNLOGGED != 0
    }

    /// Whether the write barrier has to be told of a store into the object: for the remembered set, or for a recording.
    #[inline(always)]
    pub(crate) fn is_to_be_told(self) -> bool {
        self.0 & (UNLOGGED | WATCHED) != 0
    }

    /// Whether a recording wants to know the next store into the object.
    #[inline(always)]
    pub(crate) fn is_watched(self) -> bool {
        self.0 & WATCHED != 0
    }

    /// As the header of an object of which a recording wants to know the next store.
    #[inline(always)]
    pub(crate) fn watched(self) -> Header {
        Header(self.0 | WATCHED)
    }

    /// As the header of an object whose next store no recording wants to know.
    #[inline(always)]
    pub(crate) fn unwatched(self) -> Header {
        Header(self.0 & !WATCHED)
    }

    /// As the header of an old object that is not in the remembered set.
    #[inline(always)]
    pub(crate) fn unlogged(self) -> Header {
        Header(self.0 | UNLOGGED)
    }

    /// As the header of an object of which no store needs to be told.
    #[inline(always)]
    pub(crate) fn logged(self) -> Header {
        Header(self.0 & !UNLOGGED)
    }

    /// Size of the object, header included.
    #[inline(always)]
    pub(crate) fn size(self) -> Granules {
        // Fixed objects first and by a test of their own: nearly all objects are, and a jump table costs more.
        if self.0 & KIND_MASK == FIXED {
            // The header as the slots that it takes the place of: one addition less.
            slots_size(HEADER_WORDS + (self.0 >> LENGTH_SHIFT) as u32) + self.raw()
        } else {
            self.size_by_kind()
        }
    }

    #[inline]
    fn size_by_kind(self) -> Granules {
        let length = self.length();
        match self.kind() {
            Kind::Fixed | Kind::Slots => HEADER + slots_size(length) + self.raw() + self.cards_size(),
            Kind::Wide => Granules(length & 0xffff),
            Kind::Bytes => HEADER + Granules(length.div_ceil(8)),
            Kind::Values | Kind::Typed => HEADER + Granules(length) + self.cards_size(),
            Kind::Buffer | Kind::Ephemeron => HEADER + Granules(1),
            Kind::Free => Granules(length),
        }
    }

    /// Reference slots of a fixed object, an array of references or an ephemeron; 0 for any other.
    #[inline(always)]
    pub(crate) fn slot_count(self) -> u32 {
        if self.0 & NO_SLOTS == 0 { (self.0 >> LENGTH_SHIFT) as u32 } else { self.wide_slot_count() }
    }

    #[cold]
    fn wide_slot_count(self) -> u32 {
        if self.kind() == Kind::Ephemeron { 2 } else { self.wide_strong_slot_count() }
    }

    /// As [`Header::slot_count`], without the two of an ephemeron.
    #[inline(always)]
    pub(crate) fn strong_slot_count(self) -> u32 {
        if self.0 & NO_SLOTS == 0 { (self.0 >> LENGTH_SHIFT) as u32 } else { self.wide_strong_slot_count() }
    }

    /// How many slots there are, if all references of the object lie in slots right behind the header.
    pub(crate) fn plain_slots(self) -> Option<u32> {
        let is_plain = !matches!(self.kind(), Kind::Values | Kind::Typed | Kind::Ephemeron);
        is_plain.then(|| self.strong_slot_count())
    }

    #[cold]
    fn wide_strong_slot_count(self) -> u32 {
        if self.kind() == Kind::Wide { self.length() >> 16 } else { 0 }
    }

    /// Whether there are at least `count` reference slots: one comparison, unless the object is wide or an ephemeron. Not
    /// for typed values, which no program reaches by their slots.
    #[inline(always)]
    pub(crate) fn has_slots(self, count: u32) -> bool {
        // Wide objects in place, not in a cold function: a call that returns makes every caller save registers.
        self.has_usual_slots(count)
            || self.0 & KIND_MASK == WIDE && count <= self.length() >> 16
            || self.0 & KIND_MASK == EPHEMERON && count <= 2
    }

    /// Whether the object is neither wide nor an ephemeron and has at least `count` reference slots.
    #[inline(always)]
    pub(crate) fn has_usual_slots(self, count: u32) -> bool {
        i64::from(count) <= self.0.cast_signed() >> LENGTH_SHIFT
    }

    /// The size, if this is a fixed object, wide or not, of just `count` slots.
    #[inline(always)]
    pub(crate) fn size_with_slots(self, count: u32) -> Option<Granules> {
        if self.is_fixed_with_slots(count) {
            return Some(HEADER + slots_size(count) + self.raw());
        }
        let is_wide_with_slots = self.0 & KIND_MASK == WIDE && count == self.length() >> 16;
        is_wide_with_slots.then(|| Granules(self.length() & 0xffff))
    }

    /// Whether this is a fixed object of just `count` slots that is not wide.
    #[inline(always)]
    fn is_fixed_with_slots(self, count: u32) -> bool {
        self.0 >> LENGTH_SHIFT == u64::from(count) && self.0 & KIND_MASK == FIXED
    }

    /// Elements that one card of this array covers; of typed values, granules.
    #[inline(always)]
    pub(crate) fn elements_per_card(self) -> u32 {
        if matches!(self.kind(), Kind::Values | Kind::Typed) { VALUES_PER_CARD } else { SLOTS_PER_CARD }
    }

    /// Cards that the array keeps behind its elements: none if one would do, or if it holds no references.
    #[inline(always)]
    pub(crate) fn cards(self) -> u32 {
        if self.0 & KIND_MASK == FIXED { 0 } else { self.cards_of_array() }
    }

    #[inline]
    fn cards_of_array(self) -> u32 {
        match self.kind() {
            Kind::Slots | Kind::Values | Kind::Typed if self.length() > self.elements_per_card() => {
                self.length().div_ceil(self.elements_per_card())
            }
            _ => 0,
        }
    }

    /// Granules of the bits of the cards.
    pub(crate) fn cards_size(self) -> Granules {
        Granules(self.cards().div_ceil(64))
    }

    /// Where the bits of the cards start, from the start of the object.
    #[inline(always)]
    pub(crate) fn cards_offset(self) -> Granules {
        match self.kind() {
            Kind::Slots => HEADER + slots_size(self.length()),
            _ => HEADER + Granules(self.length()),
        }
    }
}

/// Size of an array of `length` elements, header and cards included, in bytes: also of arrays that no heap can hold.
pub(crate) fn array_bytes(kind: Kind, length: u32) -> u64 {
    let length = u64::from(length);
    let (body, cards) = match kind {
        Kind::Slots => (length.div_ceil(2), length.div_ceil(SLOTS_PER_CARD.into())),
        Kind::Values | Kind::Typed => (length, length.div_ceil(VALUES_PER_CARD.into())),
        Kind::Bytes | Kind::Fixed | Kind::Wide | Kind::Buffer | Kind::Free | Kind::Ephemeron => {
            (length.div_ceil(8), 0)
        }
    };
    let card_granules = if cards > 1 { cards.div_ceil(64) } else { 0 };
    (1 + body + card_granules) * GRANULE_BYTES
}

/// Granules that hold `count` reference slots.
#[inline(always)]
pub(crate) const fn slots_size(count: u32) -> Granules {
    // Not `div_ceil`: counts are below 2^31, and this is one instruction less on every path that needs a size.
    Granules((count + 1) / WORDS_PER_GRANULE)
}

#[cfg(test)]
mod tests {
    use super::{Address, Header, HeaderState, Kind, MAX_AGE, MAX_LENGTH, ObjectRef};

    #[track_caller]
    fn check_size(header: Header, granules: u32) {
        assert_eq!(header.size().0, granules, "{header:?}");
        assert!(header.is_well_formed());
    }

    #[test]
    fn sizes_include_the_header_and_round_up_to_granules() {
        check_size(Header::fixed(3, 2, 2), 4);
        check_size(Header::fixed(3, 3, 31), 1 + 2 + 31);
        check_size(Header::fixed(3, 3, 32), 1 + 2 + 32);
        check_size(Header::fixed(3, 0x7fff, 32), 1 + 0x4000 + 32);
        check_size(Header::new(Kind::Slots, 0, 0), 1);
        check_size(Header::new(Kind::Slots, 0, 1), 2);
        check_size(Header::new(Kind::Slots, 0, 3), 3);
        check_size(Header::new(Kind::Bytes, 0, 0), 1);
        check_size(Header::new(Kind::Bytes, 0, 9), 3);
        check_size(Header::new(Kind::Values, 0, 5), 6);
        check_size(Header::new(Kind::Buffer, 0, 1 << 20), 2);
        check_size(Header::new(Kind::Ephemeron, 7, 0), 2);
        check_size(Header::free(crate::memory::Granules(1)), 1);
    }

    #[test]
    fn long_arrays_of_references_keep_cards_behind_their_elements() {
        check_size(Header::new(Kind::Slots, 0, 128), 1 + 64);
        check_size(Header::new(Kind::Slots, 0, 129), 1 + 65 + 1);
        check_size(Header::new(Kind::Slots, 0, 128 * 64 + 1), 1 + 64 * 64 + 1 + 2);
        check_size(Header::new(Kind::Values, 0, 64), 1 + 64);
        check_size(Header::new(Kind::Values, 0, 65), 1 + 65 + 1);
        assert_eq!(Header::new(Kind::Slots, 0, 129).cards(), 2);
        assert_eq!(Header::new(Kind::Slots, 0, 129).cards_offset().0, 66);
    }

    #[test]
    fn every_field_lies_where_the_picture_says() {
        let header = Header::new(Kind::Values, 0xabcd, 0x1234_5678).aged().unlogged();
        assert_eq!(header.bits(), 0x9234_5678_abcd_0413);
        assert_eq!((header.kind(), header.shape(), header.length()), (Kind::Values, 0xabcd, 0x1234_5678));
        assert_eq!((header.age(), header.is_unlogged()), (1, true));
        assert!(!header.logged().is_unlogged());
    }

    #[test]
    fn the_upper_half_is_the_count_of_slots_or_negative() {
        let upper = |header: Header| (header.bits() as i64 >> 32) as i32;
        assert_eq!(upper(Header::fixed(7, 5, 31)), 5);
        assert_eq!(upper(Header::new(Kind::Slots, 7, MAX_LENGTH)), i32::MAX);
        for header in
            [Header::fixed(7, 5, 32), Header::new(Kind::Bytes, 7, 9), Header::new(Kind::Values, 7, 9)]
        {
            assert!(upper(header) < 0, "{header:?}");
        }
        assert_eq!(Header::fixed(7, 5, 32).slot_count(), 5);
        assert_eq!(Header::new(Kind::Bytes, 7, 9).slot_count(), 0);
        let ephemeron = Header::new(Kind::Ephemeron, 7, 0);
        assert!(upper(ephemeron) < 0 && ephemeron.has_slots(2) && !ephemeron.has_slots(3));
        assert_eq!((ephemeron.slot_count(), ephemeron.strong_slot_count()), (2, 0));
    }

    #[test]
    fn ages_stop_at_the_greatest() {
        let old = (0..100).fold(Header::fixed(0, 0, 0), |header, _| header.aged());
        assert_eq!(old.age(), MAX_AGE);
        assert!(old.is_well_formed());
    }

    #[test]
    fn a_forwarding_reference_is_told_from_a_header() {
        let target = ObjectRef::at(Address(0xffff_ffff));
        let forwarded = HeaderState::Forwarded(target);
        assert_eq!(HeaderState::from_bits(forwarded.bits()), forwarded);
        let live = HeaderState::Live(Header::fixed(1, 1, 0));
        assert_eq!(HeaderState::from_bits(live.bits()), live);
    }
}
