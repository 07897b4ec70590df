//! Where in a space the runs of a sweep lie, if there are too many places to try all.
//!
//! A place is a share from 0 to 1 for each dimension. Whoever asks makes values of them.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// `count` places, each dimension drawn evenly and for itself.
#[must_use]
pub fn random(count: usize, dimensions: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut numbers = Numbers(Xoshiro256PlusPlus::seed_from_u64(seed));
    (0..count).map(|_| (0..dimensions).map(|_| numbers.share()).collect()).collect()
}

/// `count` places of a Latin hypercube: of `count` equal parts of each dimension every one has one place.
///
/// M. D. McKay, R. J. Beckman, W. J. Conover: A Comparison of Three Methods for Selecting Values of Input Variables in
/// the Analysis of Output from a Computer Code, Technometrics 21 (1979).
#[must_use]
pub fn latin_hypercube(count: usize, dimensions: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut numbers = Numbers(Xoshiro256PlusPlus::seed_from_u64(seed));
    let mut places = vec![Vec::with_capacity(dimensions); count];
    for _ in 0..dimensions {
        let parts = numbers.shuffled(count);
        for (place, part) in places.iter_mut().zip(parts) {
            place.push((part as f64 + numbers.share()) / count as f64);
        }
    }
    places
}

/// Random numbers that are the same on every machine.
struct Numbers(Xoshiro256PlusPlus);

impl Numbers {
    /// A number from 0 up to 1, which is not reached, in steps of 2^-53.
    fn share(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// The numbers below `count` in an order of chance (Fisher and Yates).
    fn shuffled(&mut self, count: usize) -> Vec<usize> {
        let mut numbers: Vec<_> = (0..count).collect();
        for last in (1..count).rev() {
            numbers.swap(last, (self.share() * (last + 1) as f64) as usize);
        }
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::{latin_hypercube, random};
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    #[test]
    fn a_seed_always_gives_the_same_places() {
        assert_eq!(random(3, 2, 1), random(3, 2, 1));
        assert_ne!(random(3, 2, 1), random(3, 2, 2));
        assert_eq!(latin_hypercube(3, 2, 1), latin_hypercube(3, 2, 1));
    }

    proptest! {
        #[test]
        fn every_part_of_every_dimension_has_one_place(count in 1_usize..60, dimensions in 1_usize..6, seed: u64) {
            let places = latin_hypercube(count, dimensions, seed);
            for dimension in 0..dimensions {
                let mut parts: Vec<_> =
                    places.iter().map(|place| (place[dimension] * count as f64) as usize).collect();
                parts.sort_unstable();
                prop_assert_eq!(parts, (0..count).collect::<Vec<_>>());
            }
        }

        #[test]
        fn places_lie_within_the_space(count in 0_usize..60, seed: u64) {
            let places = [random(count, 3, seed), latin_hypercube(count, 3, seed)].concat();
            prop_assert!(places.iter().flatten().all(|share| (0.0..1.0).contains(share)));
        }
    }
}
