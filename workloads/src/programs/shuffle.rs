//! A random order that takes no memory.

/// All numbers below a bound, each once, in an order that a seed decides.
///
/// A word of as many bits as the bound has is mixed by steps that can each be undone, so no two words become the same;
/// words that are not below the bound are left out.
#[derive(Debug)]
pub struct Shuffle {
    bound: u32,
    bits: u32,
    seed: u64,
    words: std::ops::Range<u64>,
}

impl Shuffle {
    /// The numbers below `bound`, which is not 0.
    #[must_use]
    pub fn new(bound: u32, seed: u64) -> Self {
        // Words of one bit have no upper half to mix in.
        let bits = (u32::BITS - (bound - 1).leading_zeros()).max(2);
        Shuffle { bound, bits, seed, words: 0..1 << bits }
    }

    fn mixed(&self, word: u64) -> u32 {
        let mask = (1 << self.bits) - 1;
        let mut mixed = word;
        for factor in [0x9E37_79B9_7F4A_7C15, 0xBF58_476D_1CE4_E5B9, 0x94D0_49BB_1331_11EB_u64] {
            mixed = mixed.wrapping_add(self.seed).wrapping_mul(factor) & mask;
            mixed ^= mixed >> (self.bits / 2);
        }
        mixed as u32
    }
}

impl Iterator for Shuffle {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        loop {
            let word = self.words.next()?;
            let number = self.mixed(word);
            if number < self.bound {
                return Some(number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Shuffle;

    #[track_caller]
    fn check_all_once(bound: u32) {
        let mut numbers: Vec<_> = Shuffle::new(bound, 5).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, Vec::from_iter(0..bound), "below {bound}");
    }

    #[test]
    fn every_number_comes_once() {
        [1, 2, 3, 7, 8, 1_000, 65_536, 65_537].into_iter().for_each(check_all_once);
    }

    #[test]
    fn the_seed_decides_the_order() {
        let order = |seed| Shuffle::new(1_000, seed).collect::<Vec<_>>();
        assert_eq!(order(1), order(1));
        assert_ne!(order(1), order(2));
    }

    #[test]
    fn neighbours_are_far_apart() {
        let numbers: Vec<_> = Shuffle::new(100_000, 1).collect();
        let near = numbers.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) < 1_000).count();
        assert!(near < 5_000, "{near}");
    }
}
