//! Random numbers that are the same everywhere.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// A seeded stream of random numbers (xoshiro256++), the same on every machine and in every version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Random {
    generator: Xoshiro256PlusPlus,
}

impl Random {
    /// The stream of `seed`. Different seeds, also neighbouring ones, give unrelated streams.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Random { generator: Xoshiro256PlusPlus::seed_from_u64(seed) }
    }

    /// A number from all of `u64`.
    #[inline]
    pub fn number(&mut self) -> u64 {
        self.generator.next_u64()
    }

    /// A number less than `bound`; 0 if `bound` is 0.
    ///
    /// Takes the high half of the 96-bit product of `bound` and 64 random bits (Lemire's method without its
    /// rejection step): no value's probability is off by more than one part in 2^32, and every call takes exactly
    /// one number from the stream.
    #[inline]
    pub fn below(&mut self, bound: u32) -> u32 {
        let product = u128::from(self.number()) * u128::from(bound);
        (product >> 64) as u32
    }

    /// A number from 0 up to 1, which is not reached, in steps of 2^-53.
    #[inline]
    pub fn share(&mut self) -> f64 {
        (self.number() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// True with a probability of `percent` in 100.
    #[inline]
    pub fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_stream_of_a_seed_never_changes() {
        let mut random = Random::new(1);
        // Pinned: a change here changes every workload that draws numbers.
        assert_eq!([random.number(), random.number()], [0xCFC5_D07F_6F03_C29B, 0xBF42_4132_963F_E08D]);
    }

    #[test]
    fn numbers_below_a_bound_reach_all_values_and_no_more() {
        let mut random = Random::new(7);
        let mut counts = [0_u32; 6];
        (0..6_000).for_each(|_| counts[random.below(6) as usize] += 1);
        assert!(counts.iter().all(|count| (850..1_150).contains(count)), "{counts:?}");
    }

    #[test]
    fn extreme_bounds_are_met() {
        let mut random = Random::new(7);
        assert_eq!(random.below(0), 0);
        assert_eq!(random.below(1), 0);
        assert!((0..100).map(|_| random.below(u32::MAX)).any(|number| number > u32::MAX / 2));
    }

    #[test]
    fn shares_are_spread_from_0_to_1() {
        let mut random = Random::new(7);
        let shares: Vec<_> = (0..10_000).map(|_| random.share()).collect();
        assert!(shares.iter().all(|share| (0.0..1.0).contains(share)));
        let mean = shares.iter().sum::<f64>() / 10_000.0;
        assert!((0.49..0.51).contains(&mean), "{mean}");
    }

    #[test]
    fn a_chance_is_taken_as_often_as_it_says() {
        let mut random = Random::new(7);
        let mut taken = |percent| (0..10_000).filter(|_| random.chance(percent)).count();
        assert_eq!(taken(0), 0);
        assert_eq!(taken(100), 10_000);
        assert!((2_300..2_700).contains(&taken(25)));
    }
}
