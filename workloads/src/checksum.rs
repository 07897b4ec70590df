//! What a workload found, in one number.

/// An order-sensitive fold of 64-bit numbers: two sequences that differ in a value or in their order have, but
/// for one chance in 2^64, different sums. Not meant to resist an adversary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checksum(u64);

impl Checksum {
    /// Folds `value` in.
    #[inline]
    pub fn add(&mut self, value: u64) {
        // The rotation carries high bits down, where the next multiplication spreads them again. The added
        // constant keeps leading zeros from being swallowed.
        let mixed = (self.0 ^ value).wrapping_add(0x9E37_79B9_7F4A_7C15).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        self.0 = mixed.rotate_left(31);
    }

    /// Folds text or other bytes in. Where they are divided makes no difference.
    ///
    /// ```
    /// # use workloads::Checksum;
    /// let mut checksums = [Checksum::default(); 2];
    /// checksums[0].add_bytes(b"hello");
    /// [&b"he"[..], b"llo"].iter().for_each(|part| checksums[1].add_bytes(part));
    /// assert_eq!(checksums[0], checksums[1]);
    /// ```
    pub fn add_bytes(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.add((*byte).into()));
    }

    /// The sum so far.
    #[must_use]
    pub fn value(self) -> u64 {
        self.0
    }
}

impl FromIterator<u64> for Checksum {
    fn from_iter<I: IntoIterator<Item = u64>>(values: I) -> Self {
        let mut checksum = Checksum::default();
        values.into_iter().for_each(|value| checksum.add(value));
        checksum
    }
}

#[cfg(test)]
mod tests {
    use super::Checksum;

    #[track_caller]
    fn check_differ(left: &[u64], right: &[u64]) {
        let sum = |values: &[u64]| values.iter().copied().collect::<Checksum>();
        assert_ne!(sum(left), sum(right), "{left:?} and {right:?} must not have the same checksum");
    }

    #[test]
    fn values_order_and_length_all_count() {
        check_differ(&[1], &[2]);
        check_differ(&[1, 2], &[2, 1]);
        check_differ(&[], &[0]);
        check_differ(&[0], &[0, 0]);
        check_differ(&[u64::MAX, 0], &[0, u64::MAX]);
    }
}
