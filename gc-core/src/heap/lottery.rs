//! Chance for the stress modes.

/// A seeded source of small numbers (S. Vigna's SplitMix64): enough to vary a setting, and no dependency.
#[derive(Debug)]
pub(super) struct Lottery {
    state: u64,
}

impl Lottery {
    pub(super) fn new(seed: u64) -> Lottery {
        Lottery { state: seed }
    }

    /// A number below `bound`, which is small: the slight favour for low numbers does not matter here.
    pub(super) fn draw(&mut self, bound: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state) % bound
    }
}

/// Mixes a number so that every bit of it affects every bit of the result (the finalizer of MurmurHash3, A. Appleby, as
/// varied by D. Stafford: "Better bit mixing", 2011, variant 13).
#[inline]
pub(crate) fn mix(number: u64) -> u64 {
    let mut bits = number;
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}
