//! Places in the heap, and distances between them.

use std::fmt;
use std::ops::{Add, AddAssign, Sub, SubAssign};

/// Size of a granule: the unit of allocation and alignment.
pub(crate) const GRANULE_BYTES: u64 = 8;
/// 32-bit words in a granule.
pub(crate) const WORDS_PER_GRANULE: u32 = 2;

/// A place in the heap: the index of a granule.
///
/// Orders and subtracts, but does not dereference: that takes a [`Memory`](super::Memory).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Address(pub(crate) u32);

impl Address {
    /// The 32-bit word at `index` words from here.
    ///
    /// Every such word lies inside the reservation: an address is below 2^32 granules and an index below 2^32
    /// words, so the word ends below 32 GiB + 16 GiB, which is what a full reservation holds.
    #[inline(always)]
    pub(crate) fn word(self, index: u32) -> WordAddress {
        WordAddress(u64::from(self.0) * u64::from(WORDS_PER_GRANULE) + u64::from(index))
    }

    /// The index of a word that lies behind: the reverse of [`Address::word`].
    #[inline(always)]
    pub(crate) fn words_to(self, word: WordAddress) -> u32 {
        (word.0 - self.word(0).0) as u32
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "@{:x}", self.0)
    }
}

impl Add<Granules> for Address {
    type Output = Address;

    #[inline(always)]
    fn add(self, distance: Granules) -> Address {
        Address(self.0.wrapping_add(distance.0))
    }
}

impl Sub for Address {
    type Output = Granules;

    #[inline(always)]
    fn sub(self, earlier: Address) -> Granules {
        Granules(self.0.wrapping_sub(earlier.0))
    }
}

/// The place of a 32-bit word. Only made by [`Address::word`], so it lies inside a full reservation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct WordAddress(u64);

impl WordAddress {
    /// How many words lie before it in the region.
    #[inline(always)]
    pub(super) fn index(self) -> u64 {
        self.0
    }
}

/// A number of granules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Granules(pub(crate) u32);

impl Granules {
    /// As many granules as hold `bytes` bytes.
    ///
    /// # Panics
    /// If that is 2^32 or more.
    #[inline]
    pub(crate) fn holding(bytes: u64) -> Granules {
        Granules(u32::try_from(bytes.div_ceil(GRANULE_BYTES)).expect("fewer than 2^32 granules"))
    }

    /// The size in bytes.
    #[inline(always)]
    pub(crate) fn bytes(self) -> u64 {
        u64::from(self.0) * GRANULE_BYTES
    }
}

impl Add for Granules {
    type Output = Granules;

    #[inline(always)]
    fn add(self, other: Granules) -> Granules {
        Granules(self.0 + other.0)
    }
}

impl AddAssign for Granules {
    #[inline(always)]
    fn add_assign(&mut self, other: Granules) {
        self.0 += other.0;
    }
}

impl Sub for Granules {
    type Output = Granules;

    #[inline(always)]
    fn sub(self, other: Granules) -> Granules {
        Granules(self.0 - other.0)
    }
}

impl SubAssign for Granules {
    #[inline(always)]
    fn sub_assign(&mut self, other: Granules) {
        self.0 -= other.0;
    }
}
