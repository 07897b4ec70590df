//! How an enum lies in 8 bytes: what `#[derive(Pack)]` is made of.
//!
//! ```text
//!   high word                 low word
//! | 00000000 ... fff8ffff   | any         |  a number; the few NaNs beyond are made 0x7ff80000_00000000
//! | ... fffbfffe, fffbffff  | data        |  variants without a reference, the last of them right below the references
//! | fffc0000, fffc0001 ...  | reference   |  variants with a reference, or null
//! ```

use super::pack::Word;
use crate::object::TAGGED;

/// Numbers have lower high words, tags none.
pub const NUMBERS_END: u32 = 0xfff9_0000;
/// The first tag of a reference; no other has a higher one.
pub(super) const REFERENCES: u32 = (TAGGED.tag >> u32::BITS) as u32;
/// The NaN that stands for those that look like something else.
const NAN: u64 = 0x7ff8_0000_0000_0000;
/// Most variants of an enum.
const MAX_VARIANTS: usize = 0xffff;

/// Types that fit beside a tag, as they lie in memory.
///
/// # Safety
/// They take 1, 2 or 4 bytes, all of which are data. A type with references is one reference, or null.
pub unsafe trait Plain {}

/// The tags of variants, by what they hold: each has another, and all of them are neighbours.
#[must_use]
pub const fn tags<const N: usize>(is_reference: [bool; N]) -> [u32; N] {
    assert!(N <= MAX_VARIANTS, "an enum with so many variants cannot be `Pack`");
    let mut tags = [0; N];
    let (mut leaf, mut reference) = (REFERENCES - count_leaves(&is_reference), REFERENCES);
    let mut variant = 0;
    while variant < N {
        let next = if is_reference[variant] { &mut reference } else { &mut leaf };
        tags[variant] = *next;
        *next += 1;
        variant += 1;
    }
    tags
}

const fn count_leaves(is_reference: &[bool]) -> u32 {
    let (mut count, mut variant) = (0, 0);
    while variant < is_reference.len() {
        count += !is_reference[variant] as u32;
        variant += 1;
    }
    count
}

/// Whether variants with a field of this type hold a reference.
#[must_use]
pub const fn is_reference<'gc, T: Word<'gc>>() -> bool {
    !T::SLOTS.is_empty()
}

/// A variant with data in 8 bytes.
#[must_use]
#[inline(always)]
pub const fn tagged(tag: u32, word: u32) -> u64 {
    (tag as u64) << u32::BITS | word as u64
}

/// A number in 8 bytes.
#[must_use]
#[inline(always)]
pub const fn number(number: f64) -> u64 {
    let bits = number.to_bits();
    if tag(bits) < NUMBERS_END { bits } else { NAN }
}

/// The tag, of what is not a number.
#[must_use]
#[inline(always)]
pub const fn tag(bits: u64) -> u32 {
    (bits >> u32::BITS) as u32
}

/// A value in each of the sizes that it may have.
#[derive(Clone, Copy)]
#[repr(C)]
union Data<T: Copy> {
    value: T,
    one: u8,
    two: u16,
    four: u32,
}

impl<T: Copy> std::fmt::Debug for Data<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Data")
    }
}

/// The word that holds a value.
///
/// # Safety
/// The type must be a [`Word`]. That is not asked for here, but by [`is_reference`]: once is enough for an error.
#[must_use]
#[inline(always)]
pub const unsafe fn word<T: Copy>(value: T) -> u32 {
    const { assert!(size_of::<T>() <= size_of::<u32>()) };
    let data = Data { value };
    match size_of::<T>() {
        // SAFETY: the value has so many bytes, and all bytes of a `Word` are data.
        1 => unsafe { data.one as u32 },
        // SAFETY: as above.
        2 => unsafe { data.two as u32 },
        // SAFETY: as above.
        _ => unsafe { data.four },
    }
}

/// The value that a word holds.
///
/// # Safety
/// The type must be a [`Word`], and the word one that [`word`] gave for this type, or hold a reference of this type.
#[must_use]
#[inline(always)]
pub const unsafe fn of_word<T: Copy>(word: u32) -> T {
    const { assert!(size_of::<T>() <= size_of::<u32>()) };
    let data = match size_of::<T>() {
        1 => Data { one: word as u8 },
        2 => Data { two: word as u16 },
        _ => Data { four: word },
    };
    // SAFETY: as many bytes were set as the value has, and by contract to those of a value.
    unsafe { data.value }
}

#[cfg(test)]
mod tests {
    use super::{NUMBERS_END, REFERENCES, number, tag, tags};

    #[test]
    fn tags_are_neighbours_around_the_first_reference() {
        let expected = [REFERENCES - 2, REFERENCES, REFERENCES - 1, REFERENCES + 1];
        assert_eq!(tags([false, true, false, true]), expected);
        assert_eq!(tags([]), [0; 0]);
        assert_eq!(tags([true]), [REFERENCES]);
    }

    #[test]
    fn numbers_have_no_tags() {
        let ends = [0.0, -0.0, f64::MIN, f64::MAX, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, -f64::NAN];
        let nans = [u64::MAX, 0xfffc_0000_0000_0001, 0xfff0_0000_0000_0001].map(f64::from_bits);
        assert!(ends.into_iter().chain(nans).all(|end| tag(number(end)) < NUMBERS_END));
        assert!(tags([false; 0xffff]).into_iter().all(|tag| tag >= NUMBERS_END));
    }
}
