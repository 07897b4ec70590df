//! How far the difference of two means may be chance: the bootstrap (Efron 1979), by percentiles.

use super::mean;
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Samples that are drawn: the ends of the interval stand still to about a hundredth of its width.
const RESAMPLES: usize = 4_000;
/// The same runs give the same interval each time.
const SEED: u64 = 1979;

/// What the mean of `other` less that of `base` lies between with a confidence of 95 %.
pub(super) fn interval(base: &[f64], other: &[f64]) -> [f64; 2] {
    middle_of(|random| mean(&resampled(other, random)) - mean(&resampled(base, random)))
}

/// What the median of `values` lies between with a confidence of 95 %.
pub(crate) fn median_interval(values: &[f64]) -> [f64; 2] {
    middle_of(|random| median(&resampled(values, random)))
}

/// What the median of `other` in units of that of `base` lies between with a confidence of 95 %.
pub(crate) fn ratio_interval(base: &[f64], other: &[f64]) -> [f64; 2] {
    middle_of(|random| median(&resampled(other, random)) / median(&resampled(base, random)))
}

/// The middle value, or the mean of the two in the middle.
///
/// # Panics
/// If there is none.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { f64::midpoint(sorted[middle - 1], sorted[middle]) }
}

/// What 95 % of many drawn values lie between.
fn middle_of(mut draw: impl FnMut(&mut Xoshiro256PlusPlus) -> f64) -> [f64; 2] {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(SEED);
    let mut drawn: Vec<f64> = (0..RESAMPLES).map(|_| draw(&mut random)).collect();
    drawn.sort_by(f64::total_cmp);
    let cut_off = RESAMPLES / 40;
    [drawn[cut_off], drawn[RESAMPLES - 1 - cut_off]]
}

/// As many values as there are, each drawn from all of them.
fn resampled(values: &[f64], random: &mut Xoshiro256PlusPlus) -> Vec<f64> {
    values.iter().map(|_| values[below(values.len(), random)]).collect()
}

/// A number below `bound`, by Lemire's method without its rejection step.
fn below(bound: usize, random: &mut Xoshiro256PlusPlus) -> usize {
    ((u128::from(random.next_u64()) * bound as u128) >> 64) as usize
}

#[cfg(test)]
mod tests {
    use super::{interval, median, median_interval, ratio_interval};
    use proptest::prelude::{prop_assert, proptest};

    #[test]
    fn an_interval_is_the_same_each_time_and_around_the_difference() {
        let (base, other) = ([10.0, 11.0, 9.0, 10.5], [20.0, 21.0, 19.0]);
        let [low, high] = interval(&base, &other);
        assert_eq!(interval(&base, &other), [low, high]);
        assert!(low < 9.875 && 9.875 < high && low > 8.0 && high < 12.0, "{low} to {high}");
    }

    #[test]
    fn values_without_spread_have_an_interval_without_width() {
        assert_eq!(interval(&[1.0; 3], &[3.0; 5]), [2.0, 2.0]);
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), 2.5);
        assert_eq!(median(&[7.0]), 7.0);
    }

    #[test]
    fn the_interval_of_a_median_holds_it_and_lies_within_the_values() {
        let values = [5.0, 6.0, 5.5, 9.0, 5.2];
        let [low, high] = median_interval(&values);
        assert!((5.0..=5.5).contains(&low) && (5.5..=9.0).contains(&high), "{low} to {high}");
    }

    #[test]
    fn values_twice_as_large_have_a_ratio_of_two() {
        assert_eq!(ratio_interval(&[2.0; 4], &[4.0; 3]), [2.0, 2.0]);
        let [low, high] = ratio_interval(&[1.0, 1.1, 1.2], &[2.0, 2.2, 2.4]);
        assert!(low < 2.0 && 2.0 < high, "{low} to {high}");
    }

    proptest! {
        #[test]
        fn a_shift_of_all_values_shifts_the_interval(
            values in proptest::collection::vec(0_u32..1_000, 3..8),
            shift in 0_u32..1_000,
        ) {
            let base: Vec<_> = values.iter().map(|&value| f64::from(value)).collect();
            let other: Vec<_> = base.iter().map(|value| value + f64::from(shift)).collect();
            let ([low, high], [zero_low, zero_high]) = (interval(&base, &other), interval(&base, &base));
            let shift = f64::from(shift);
            prop_assert!((low - zero_low - shift).abs() < 1e-6 && (high - zero_high - shift).abs() < 1e-6);
        }
    }
}
