//! The mark bitmap: one bit a granule, for the whole region, at the start of the region itself.
//!
//! The bits of granule `g` lie in granule `g / 64`. One table for all pages, and not a part of each page: were it
//! in the pages, all of it would compete for a few sets of the cache, pages being 256 KiB apart.
//!
//! Invariant: after a marking and until its page is swept, the bits of all granules of every object of old space that
//! was live are set. Runs of clear bits in a page are therefore its holes. Objects allocated since have no bits.

use crate::memory::{Address, Granules, Memory};

/// Bits in a granule.
const BITS: u32 = 64;
/// The part of the heap whose bits lie in one granule.
pub(crate) const MARK_BLOCK: Granules = Granules(BITS);

/// The functions of the mark bitmap; its bits are in the [`Memory`].
pub(crate) struct MarkBits;

impl MarkBits {
    /// Size of the bitmap of a region.
    pub(crate) fn size(memory: &Memory) -> Granules {
        Granules((memory.granules() / u64::from(BITS)) as u32)
    }

    /// The place and the mask of a granule's bit.
    #[inline(always)]
    fn bit(address: Address) -> (Address, u64) {
        (Address(address.0 / BITS), 1 << (address.0 % BITS))
    }

    /// Whether the object at `address` is marked.
    #[inline(always)]
    pub(crate) fn is_marked(memory: &Memory, address: Address) -> bool {
        let (place, mask) = MarkBits::bit(address);
        memory.load(place) & mask != 0
    }

    /// Asks the processor to fetch the bit of `address`.
    #[inline(always)]
    pub(crate) fn prefetch(memory: &Memory, address: Address) {
        memory.prefetch(MarkBits::bit(address).0);
    }

    /// Marks the object at `address`; whether it was unmarked.
    #[inline(always)]
    pub(crate) fn mark(memory: &mut Memory, address: Address) -> bool {
        let (place, mask) = MarkBits::bit(address);
        let bits = memory.load(place);
        if bits & mask != 0 {
            return false;
        }
        memory.store(place, bits | mask);
        true
    }

    /// Marks all granules of an object unless its first one is marked; whether it was not.
    #[inline(always)]
    pub(crate) fn mark_unmarked(memory: &mut Memory, start: Address, size: Granules) -> bool {
        let (place, mask) = MarkBits::bit(start);
        let bits = memory.load(place);
        if bits & mask != 0 {
            return false;
        }
        let first = start.0 % BITS;
        if first + size.0 <= BITS {
            memory.store(place, bits | ones(size.0) << first);
        } else {
            MarkBits::mark_words(memory, start, size);
        }
        true
    }

    /// Sets the bits of `size` granules from `start`.
    #[inline(always)]
    pub(crate) fn mark_all(memory: &mut Memory, start: Address, size: Granules) {
        let (place, _) = MarkBits::bit(start);
        let first = start.0 % BITS;
        if first + size.0 <= BITS {
            let bits = memory.load(place);
            memory.store(place, bits | ones(size.0) << first);
        } else {
            MarkBits::mark_words(memory, start, size);
        }
    }

    /// As [`MarkBits::mark_all`], for a run that crosses from one granule of bits to the next.
    fn mark_words(memory: &mut Memory, start: Address, size: Granules) {
        let mut next = start.0;
        let end = start.0 + size.0;
        while next < end {
            let first = next % BITS;
            let count = (BITS - first).min(end - next);
            let place = Address(next / BITS);
            let bits = memory.load(place);
            memory.store(place, bits | ones(count) << first);
            next += count;
        }
    }

    /// Clears the bits of `size` granules from `start`, both multiples of 64.
    pub(crate) fn clear(memory: &mut Memory, start: Address, size: Granules) {
        debug_assert!(start.0.is_multiple_of(BITS) && size.0.is_multiple_of(BITS));
        memory.fill(Address(start.0 / BITS), Granules(size.0 / BITS), 0);
    }

    /// Has the bits of `size` granules from `start` committed before they are touched.
    pub(crate) fn populate(memory: &Memory, start: Address, size: Granules) {
        memory.populate(Address(start.0 / BITS), Granules(size.0 / BITS));
    }

    /// Clears one bit.
    pub(crate) fn unmark(memory: &mut Memory, address: Address) {
        let (place, mask) = MarkBits::bit(address);
        let bits = memory.load(place);
        memory.store(place, bits & !mask);
    }

    /// How many bits are set for `size` granules from `start`, both multiples of 64.
    pub(crate) fn count(memory: &Memory, start: Address, size: Granules) -> Granules {
        let bits = memory.granules_at(Address(start.0 / BITS), Granules(size.0 / BITS));
        Granules(bits.iter().map(|bits| bits.count_ones()).sum())
    }

    /// How many bits of the block of `address` are set before its own.
    #[inline(always)]
    pub(crate) fn count_before(memory: &Memory, address: Address) -> Granules {
        let (place, mask) = MarkBits::bit(address);
        Granules((memory.load(place) & (mask - 1)).count_ones())
    }

    /// The first address from `from` on, below `end`, whose bit is set; else `end`.
    pub(crate) fn next_marked(memory: &Memory, from: Address, end: Address) -> Address {
        MarkBits::find(memory, from, end, 0)
    }

    /// The first address from `from` on, below `end`, whose bit is clear; else `end`.
    pub(crate) fn next_unmarked(memory: &Memory, from: Address, end: Address) -> Address {
        MarkBits::find(memory, from, end, u64::MAX)
    }

    /// The first address whose bit, after exclusive or with `flip`, is set.
    #[inline(always)]
    fn find(memory: &Memory, from: Address, end: Address, flip: u64) -> Address {
        let mut next = from.0;
        while next < end.0 {
            let bits = (memory.load(Address(next / BITS)) ^ flip) >> (next % BITS);
            if bits != 0 {
                return Address(next + bits.trailing_zeros()).min(end);
            }
            next = (next / BITS + 1) * BITS;
        }
        end
    }
}

/// `count` ones in the low bits; `count` is 1 to 64.
#[inline(always)]
fn ones(count: u32) -> u64 {
    u64::MAX >> (BITS - count)
}

#[cfg(test)]
mod tests {
    use super::{Address, Granules, MarkBits, Memory};

    const BASE: Address = Address(1 << 27);

    fn at(offset: u32) -> Address {
        BASE + Granules(offset)
    }

    #[test]
    fn an_object_is_marked_once() {
        let mut memory = Memory::reserve().expect("a region");
        assert!(MarkBits::mark(&mut memory, at(70)));
        assert!(!MarkBits::mark(&mut memory, at(70)));
        assert!(MarkBits::is_marked(&memory, at(70)) && !MarkBits::is_marked(&memory, at(71)));
        MarkBits::unmark(&mut memory, at(70));
        assert!(!MarkBits::is_marked(&memory, at(70)));
    }

    #[test]
    fn holes_are_the_runs_of_clear_bits() {
        let mut memory = Memory::reserve().expect("a region");
        for (start, size) in [(3, 2), (60, 10), (128, 200)] {
            MarkBits::mark_all(&mut memory, at(start), Granules(size));
        }
        assert_eq!(MarkBits::count(&memory, BASE, Granules(512)), Granules(212));
        let runs = [(0, 3), (5, 60), (70, 128), (328, 512)];
        let mut from = BASE;
        for (start, end) in runs {
            let hole = MarkBits::next_unmarked(&memory, from, at(512));
            from = MarkBits::next_marked(&memory, hole, at(512));
            assert_eq!((hole, from), (at(start), at(end)));
        }
        assert_eq!(MarkBits::next_unmarked(&memory, at(130), at(140)), at(140));
    }

    #[test]
    fn a_run_of_any_place_and_length_sets_its_own_bits_only() {
        let mut memory = Memory::reserve().expect("a region");
        for (start, size) in [(0, 64), (1, 63), (1, 64), (63, 1), (63, 2), (5, 300), (0, 1)] {
            MarkBits::clear(&mut memory, BASE, Granules(512));
            MarkBits::mark_all(&mut memory, at(start), Granules(size));
            let set: Vec<u32> = (0..512).filter(|offset| MarkBits::is_marked(&memory, at(*offset))).collect();
            assert_eq!(set, (start..start + size).collect::<Vec<_>>());
        }
    }
}
