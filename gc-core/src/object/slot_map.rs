//! Which words of a typed value hold references.

use super::layout::Decoder;
use crate::memory::WORDS_PER_GRANULE;

/// Size of a word, and of a reference.
const WORD_BYTES: usize = 4;
/// Size of a value with a tag.
const TAGGED_BYTES: usize = 8;
/// How values with tags hold references: in the low word, if the high word is this or more.
pub(crate) const TAGGED: Decoder = Decoder { mask: 0xfffc << 48, tag: 0xfffc << 48, shift: 0 };
/// Words that a map can tell of.
const MAP_WORDS: usize = u64::BITS as usize;

/// Which 32-bit words of a value hold references, as far as its type tells.
///
/// Maps are put together at compile time: a struct's is that of its fields, each [at](SlotMap::at) its offset. Where a
/// word holds a reference in some values of the type and something else in others, as in an enum, the type does not
/// tell: the map is [`SlotMap::TRACED`], and the collector asks the value. Values of 8 bytes whose tag the collector knows,
/// [`Packed`](crate::arena::Packed) and [`NanBox`](crate::arena::NanBox), have places in a map all the same.
///
/// ```
/// use gc_core::arena::SlotMap;
///
/// const PAIR: SlotMap = SlotMap::REFERENCE.and(SlotMap::REFERENCE.at(4));
/// assert!(!PAIR.is_empty() && !PAIR.is_traced());
/// assert_eq!(SlotMap::NONE.and(PAIR), PAIR);
/// assert_eq!(PAIR.and(SlotMap::TRACED), SlotMap::TRACED);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotMap {
    /// A bit for each word.
    words: u64,
    /// A bit for the first word of each value of 8 bytes whose tag tells whether it holds a reference.
    tagged: u64,
    is_traced: bool,
}

impl SlotMap {
    /// No references: the collector does not look at such values.
    ///
    /// ```
    /// # use gc_core::arena::SlotMap;
    /// assert!(SlotMap::NONE.is_empty());
    /// ```
    pub const NONE: SlotMap = SlotMap { words: 0, tagged: 0, is_traced: false };
    /// One reference, or null, in the first word.
    ///
    /// ```
    /// # use gc_core::arena::{Gc, SlotMap, Trace};
    /// assert_eq!(<Gc<'static, u32> as Trace>::SLOTS, SlotMap::REFERENCE);
    /// ```
    pub const REFERENCE: SlotMap = SlotMap { words: 1, ..SlotMap::NONE };
    /// Only the value can tell.
    ///
    /// ```
    /// # use gc_core::arena::{Gc, SlotMap, Trace};
    /// assert_eq!(<Option<(u32, Gc<'static, u32>)> as Trace>::SLOTS, SlotMap::TRACED);
    /// ```
    pub const TRACED: SlotMap = SlotMap { is_traced: true, ..SlotMap::NONE };
    /// One value that [`TAGGED`] decodes.
    pub(crate) const TAGGED: SlotMap = SlotMap { tagged: 1, ..SlotMap::NONE };

    /// The map of a value that has one of this map `offset_bytes` from its start.
    ///
    /// ```
    /// # use gc_core::arena::SlotMap;
    /// assert_ne!(SlotMap::REFERENCE.at(8), SlotMap::REFERENCE);
    /// ```
    ///
    /// # Panics
    /// If there are references and the offset is not a multiple of 4.
    #[must_use]
    pub const fn at(self, offset_bytes: usize) -> SlotMap {
        if self.is_traced || self.is_empty() {
            return self;
        }
        assert!(offset_bytes.is_multiple_of(WORD_BYTES), "a reference is aligned to 4 bytes");
        let first = offset_bytes / WORD_BYTES;
        if first + self.words_used() > MAP_WORDS {
            return SlotMap::TRACED;
        }
        SlotMap { words: self.words << first, tagged: self.tagged << first, ..self }
    }

    /// The map of a value that has what both maps tell of.
    ///
    /// ```
    /// # use gc_core::arena::SlotMap;
    /// let pair = SlotMap::REFERENCE.and(SlotMap::REFERENCE.at(4));
    /// assert_eq!(pair, SlotMap::REFERENCE.repeated(2, 4));
    /// ```
    #[must_use]
    pub const fn and(self, other: SlotMap) -> SlotMap {
        if self.is_traced || other.is_traced {
            return SlotMap::TRACED;
        }
        SlotMap { words: self.words | other.words, tagged: self.tagged | other.tagged, ..self }
    }

    /// The map of `count` values of this map, one every `stride_bytes`.
    ///
    /// ```
    /// # use gc_core::arena::SlotMap;
    /// let (first, second) = (SlotMap::REFERENCE, SlotMap::REFERENCE.at(8));
    /// assert_eq!(SlotMap::REFERENCE.repeated(2, 8), first.and(second));
    /// ```
    #[must_use]
    pub const fn repeated(self, count: usize, stride_bytes: usize) -> SlotMap {
        let mut map = SlotMap::NONE;
        let mut index = 0;
        while index < count && !map.is_traced && !self.is_empty() {
            map = map.and(self.at(index * stride_bytes));
            index += 1;
        }
        map
    }

    /// Whether there are no references.
    ///
    /// ```
    /// # use gc_core::arena::SlotMap;
    /// assert!(SlotMap::NONE.is_empty() && !SlotMap::TRACED.is_empty());
    /// ```
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.words | self.tagged == 0 && !self.is_traced
    }

    /// Whether only the value can tell.
    ///
    /// ```
    /// # use gc_core::arena::SlotMap;
    /// assert!(SlotMap::TRACED.is_traced() && !SlotMap::REFERENCE.is_traced());
    /// ```
    #[must_use]
    pub const fn is_traced(self) -> bool {
        self.is_traced
    }

    /// Whether it is that of a single reference and nothing else, for a value of `bytes` bytes.
    #[must_use]
    pub(crate) const fn is_reference(self, bytes: usize) -> bool {
        self.words == 1 && self.tagged == 0 && bytes == WORD_BYTES
    }

    /// Whether it is that of a single value with a tag, of `bytes` bytes, and nothing else.
    #[must_use]
    pub(crate) const fn is_tagged(self, bytes: usize) -> bool {
        self.words == 0 && self.tagged == 1 && bytes == TAGGED_BYTES
    }

    /// How many references there are, if they are in the first words, one behind the other.
    #[must_use]
    pub(crate) const fn leading(self) -> Option<u32> {
        let count = self.words.trailing_ones();
        let has_others = self.is_traced || self.words_used() > count as usize;
        if has_others { None } else { Some(count) }
    }

    const fn words_used(self) -> usize {
        (u64::BITS - (self.words | self.tagged).leading_zeros()) as usize
    }

    /// The words, counted from the value's first.
    #[inline(always)]
    pub(crate) fn words(self) -> impl Iterator<Item = u32> {
        bits_of(self.words)
    }

    /// The first words of values with tags, counted likewise.
    #[inline(always)]
    pub(crate) fn tagged(self) -> impl Iterator<Item = u32> {
        bits_of(self.tagged)
    }
}

/// The numbers of the bits that are set.
#[inline(always)]
fn bits_of(mut left: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let bit = left.trailing_zeros();
        left &= left.wrapping_sub(1);
        (bit < u64::BITS).then_some(bit)
    })
}

const _: () = assert!(WORD_BYTES * WORDS_PER_GRANULE as usize == 8);

#[cfg(test)]
mod tests {
    use super::SlotMap;

    const ONE: SlotMap = SlotMap::REFERENCE;

    #[test]
    fn maps_are_put_together_by_offset() {
        let map = ONE.and(ONE.at(8)).at(4);
        assert_eq!(map.words().collect::<Vec<_>>(), [1, 3]);
        assert_eq!(ONE.repeated(3, 8).words().collect::<Vec<_>>(), [0, 2, 4]);
        assert_eq!(SlotMap::NONE.repeated(1 << 40, 8), SlotMap::NONE);
    }

    #[test]
    fn what_lies_beyond_64_words_has_to_be_traced() {
        assert_eq!(ONE.at(252).words().collect::<Vec<_>>(), [63]);
        assert_eq!(ONE.at(256), SlotMap::TRACED);
        assert_eq!(SlotMap::NONE.at(256), SlotMap::NONE);
        assert_eq!(ONE.repeated(65, 4), SlotMap::TRACED);
    }

    #[test]
    fn values_with_tags_are_told_apart_from_references() {
        let tagged = SlotMap::TAGGED;
        let map = ONE.and(tagged.at(8)).and(tagged.at(16));
        assert_eq!(map.words().collect::<Vec<_>>(), [0]);
        assert_eq!(map.tagged().collect::<Vec<_>>(), [2, 4]);
        assert!(tagged.is_tagged(8) && !tagged.is_tagged(16) && !map.is_tagged(8));
        assert!(!tagged.is_empty() && !tagged.is_reference(4) && !tagged.is_traced());
        assert_eq!((tagged.leading(), map.leading()), (None, None));
        assert_eq!(tagged.at(248).tagged().collect::<Vec<_>>(), [62]);
        assert_eq!(tagged.at(256), SlotMap::TRACED);
    }

    #[test]
    fn references_that_come_first_are_counted() {
        assert_eq!(SlotMap::NONE.leading(), Some(0));
        assert_eq!(ONE.and(ONE.at(4)).leading(), Some(2));
        assert_eq!(ONE.at(4).leading(), None);
        assert_eq!(ONE.repeated(64, 4).leading(), Some(64));
        assert_eq!(SlotMap::TRACED.leading(), None);
    }
}
