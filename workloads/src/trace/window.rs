//! The latest operations of a trace, until it is known which of the objects in them are referred to later.
//!
//! ```text
//! | allocate | length | object | references ... | store | holder | target | place | root | target | die | point | ...
//! ```
//!
//! Words of 32 bits. The first of each op is its kind, and its argument above that.

/// Words of an allocation before its references.
pub(super) const ALLOCATION_WORDS: usize = 3;

/// Kinds of ops in a window, in the low three bits of their first words.
pub(super) mod kind {
    /// Argument: twice the shape's number, and 1 more if the object must have a name.
    pub(in super::super) const ALLOCATE: u32 = 0;
    pub(in super::super) const STORE: u32 = 1;
    pub(in super::super) const ROOT: u32 = 2;
    pub(in super::super) const DIE: u32 = 3;
    pub(in super::super) const POINT: u32 = 4;
    pub(in super::super) const SHAPE: u32 = 5;
    /// Argument: the request's code; two words of its amount follow.
    pub(in super::super) const REQUEST: u32 = 6;
    pub(in super::super) const BITS: u32 = 3;
    pub(in super::super) const MASK: u32 = (1 << BITS) - 1;
    /// In the first word of an allocation: the object must have a name.
    pub(in super::super) const NAMED: u32 = 1 << BITS;
}

/// An object or null, as a word.
#[inline]
pub(super) fn word_of(target: Option<u32>) -> u32 {
    target.map_or(0, |number| number + 1)
}

/// The object of a word, if it is one.
#[inline]
pub(super) fn object_of(word: u32) -> Option<u32> {
    word.checked_sub(1)
}
