//! Mark bits, one a granule, set for all granules of live objects.

/// Bits in a word.
const BITS: u32 = u64::BITS;

/// The mark bits of old space.
#[derive(Clone, Debug)]
pub struct MarkBits {
    words: Vec<u64>,
}

impl MarkBits {
    /// Bits for so many granules, none set.
    #[must_use]
    pub fn new(granules: u32) -> Self {
        MarkBits { words: vec![0; granules.div_ceil(BITS) as usize] }
    }

    /// Sets the bits of `size` granules.
    pub(super) fn mark(&mut self, start: u32, size: u32) {
        for place in start..start + size {
            self.words[(place / BITS) as usize] |= 1 << (place % BITS);
        }
    }

    /// Whether the bit of a granule is set.
    #[inline(always)]
    pub(super) fn is_marked(&self, place: u32) -> bool {
        self.words[(place / BITS) as usize] >> (place % BITS) & 1 != 0
    }

    /// Number of bits set.
    pub(super) fn count(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }

    /// The first hole from `from` on, up to `end`: its first granule and the one behind its last.
    #[inline(always)]
    pub(super) fn next_hole(&self, from: u32, end: u32) -> Option<(u32, u32)> {
        let start = self.find(from, end, u64::MAX);
        (start < end).then(|| (start, self.find(start, end, 0)))
    }

    /// The first granule whose bit, after exclusive or with `flip`, is set; else `end`.
    #[inline(always)]
    fn find(&self, from: u32, end: u32, flip: u64) -> u32 {
        let mut next = from;
        while next < end {
            let bits = (self.words[(next / BITS) as usize] ^ flip) >> (next % BITS);
            if bits != 0 {
                return (next + bits.trailing_zeros()).min(end);
            }
            next = (next / BITS + 1) * BITS;
        }
        end
    }
}
