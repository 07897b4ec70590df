//! How long things took: a histogram, and the figures that are read off it.

use crate::record::mirror::NanosDef;
use gc_core::event::Nanos;
use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

/// Significant decimal digits that the histogram keeps: percentiles are off by a thousandth at most.
const DIGITS: u8 = 3;

/// A histogram of lengths of time, of a size that depends on their range and not on their number.
#[derive(Clone, Debug, PartialEq)]
pub struct Durations {
    histogram: Histogram<u64>,
    /// The histogram rounds; a maximum is quoted to the last digit.
    max: Nanos,
    total: Nanos,
}

impl Default for Durations {
    fn default() -> Self {
        let histogram = Histogram::new(DIGITS).expect("the library takes 0 to 5 digits");
        Durations { histogram, max: Nanos(0), total: Nanos(0) }
    }
}

impl Durations {
    /// Takes note of one length of time.
    pub fn record(&mut self, duration: Nanos) {
        self.histogram.record(duration.0).expect("the histogram grows to whatever there is");
        self.max = self.max.max(duration);
        self.total = Nanos(self.total.0.saturating_add(duration.0));
    }

    /// Takes note of everything that `other` has.
    pub fn add(&mut self, other: &Durations) {
        self.histogram.add(&other.histogram).expect("the histogram grows to whatever there is");
        self.max = self.max.max(other.max);
        self.total = Nanos(self.total.0.saturating_add(other.total.0));
    }

    /// What was counted, its longest and its sum, as another one has told them. Where it was in the buckets of that one
    /// it is in those of this one: nothing is lost.
    pub(crate) fn of_counts(
        counts: impl IntoIterator<Item = (Nanos, u64)>,
        max: Nanos,
        total: Nanos,
    ) -> Self {
        let mut durations = Durations { max, total, ..Durations::default() };
        for (Nanos(ns), count) in counts {
            durations.histogram.record_n(ns, count).expect("the histogram grows to whatever there is");
        }
        durations
    }

    /// The buckets that are not empty, in ascending order: a thousandth of their length wide at most.
    #[must_use]
    pub fn buckets(&self) -> Vec<Bucket> {
        let bucket = |ns, count| Bucket {
            from: Nanos(self.histogram.lowest_equivalent(ns)),
            to: Nanos(self.histogram.highest_equivalent(ns)),
            count,
        };
        let values = self.histogram.iter_recorded();
        values.map(|value| bucket(value.value_iterated_to(), value.count_at_value())).collect()
    }

    /// The longest, exactly.
    #[must_use]
    pub fn max(&self) -> Nanos {
        self.max
    }

    /// All together, exactly.
    #[must_use]
    pub fn total(&self) -> Nanos {
        self.total
    }

    /// The figures so far; all zero if nothing was recorded.
    #[must_use]
    pub fn percentiles(&self) -> Percentiles {
        Percentiles {
            count: self.histogram.len(),
            p50: self.at(0.5),
            p90: self.at(0.9),
            p99: self.at(0.99),
            p99_9: self.at(0.999),
            max: self.max,
            total: self.total,
        }
    }

    /// How many there were in each of the classes that take up a [`CLASSES_PER_DECADE`]th of a decade, empty ones left
    /// out.
    #[must_use]
    pub fn classes(&self) -> Vec<Class> {
        let mut classes: Vec<Class> = Vec::new();
        for value in self.histogram.iter_recorded() {
            let (number, count) = (class_of(value.value_iterated_to()), value.count_at_value());
            match classes.last_mut() {
                Some(last) if last.number == number => last.count += count,
                _ => classes.push(Class { number, count }),
            }
        }
        classes
    }

    /// The length of time that each share of all stays within, from the median on ever closer to all of them: the steps
    /// of the histogram's own percentile output, five for each halving of what lies beyond.
    #[must_use]
    pub fn quantiles(&self) -> Vec<(f64, Nanos)> {
        let steps = self.histogram.iter_quantiles(5);
        let points =
            steps.map(|step| (step.quantile_iterated_to(), Nanos(step.value_iterated_to()).min(self.max)));
        points.collect()
    }

    /// How many there were up to each of the [`LENGTHS`] and above the one before, and how many that were longer. Off
    /// as percentiles are.
    #[must_use]
    pub fn counts(&self) -> [u64; LENGTHS.len() + 1] {
        let mut counts = [0; LENGTHS.len() + 1];
        for value in self.histogram.iter_recorded() {
            let length = Nanos(value.value_iterated_to()).min(self.max);
            counts[LENGTHS.partition_point(|&bound| bound < length)] += value.count_at_value();
        }
        counts
    }

    /// The length of time that the share `quantile` of all stays within.
    fn at(&self, quantile: f64) -> Nanos {
        Nanos(self.histogram.value_at_quantile(quantile)).min(self.max)
    }
}

/// Lengths that histograms in text go by: 1, 2 and 5 of each decade from a microsecond to ten seconds.
pub const LENGTHS: [Nanos; 22] = {
    let mut lengths = [Nanos(0); 22];
    let (mut n, mut decade) = (0, 1_000);
    while n < lengths.len() {
        lengths[n] = Nanos(decade * [1, 2, 5][n % 3]);
        n += 1;
        if n.is_multiple_of(3) {
            decade *= 10;
        }
    }
    lengths
};

/// Classes of a histogram for people in a decade: each is a third wider than the one before.
pub const CLASSES_PER_DECADE: u32 = 8;

/// Lengths of time of about the same size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class {
    /// The class begins at 10 to the power of this, divided by [`CLASSES_PER_DECADE`], in nanoseconds.
    pub number: u32,
    /// How many there were.
    pub count: u64,
}

/// Lengths of time that the histogram does not tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The shortest of them.
    pub from: Nanos,
    /// The longest of them.
    pub to: Nanos,
    /// How many there were.
    pub count: u64,
}

/// The class that a length of time belongs to. Nothing takes less than a nanosecond.
fn class_of(ns: u64) -> u32 {
    let decades = (ns.max(1) as f64).log10();
    (decades * f64::from(CLASSES_PER_DECADE)) as u32
}

/// Percentiles of lengths of time. `p90` is the least length that nine tenths of them stay within.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Percentiles {
    /// How many there were.
    pub count: u64,
    /// The median.
    #[serde(rename = "p50_ns", with = "NanosDef")]
    pub p50: Nanos,
    /// The 90th percentile.
    #[serde(rename = "p90_ns", with = "NanosDef")]
    pub p90: Nanos,
    /// The 99th percentile.
    #[serde(rename = "p99_ns", with = "NanosDef")]
    pub p99: Nanos,
    /// The 99.9th percentile: of fewer than a thousand, the maximum.
    #[serde(rename = "p99_9_ns", with = "NanosDef")]
    pub p99_9: Nanos,
    /// The longest, exactly.
    #[serde(rename = "max_ns", with = "NanosDef")]
    pub max: Nanos,
    /// All together, exactly.
    #[serde(rename = "total_ns", with = "NanosDef")]
    pub total: Nanos,
}

#[cfg(test)]
mod tests {
    use super::{Durations, LENGTHS, Percentiles};
    use gc_core::event::Nanos;
    use proptest::prelude::{any, prop_assert, proptest};

    fn percentiles(durations: impl IntoIterator<Item = u64>) -> Percentiles {
        let mut histogram = Durations::default();
        durations.into_iter().for_each(|ns| histogram.record(Nanos(ns)));
        histogram.percentiles()
    }

    #[test]
    fn nothing_recorded_gives_zeros() {
        assert_eq!(percentiles([]), Percentiles::default());
    }

    #[test]
    fn percentiles_of_one_to_a_thousand_are_those_numbers() {
        let found = percentiles(1..=1000);
        let ns = [found.p50, found.p90, found.p99, found.p99_9, found.max, found.total].map(|time| time.0);
        assert_eq!((found.count, ns), (1000, [500, 900, 990, 999, 1000, 500_500]));
    }

    #[test]
    fn no_percentile_exceeds_the_maximum_although_the_histogram_rounds_up() {
        let found = percentiles([1_234_567_891]);
        assert_eq!((found.p50, found.max), (Nanos(1_234_567_891), Nanos(1_234_567_891)));
    }

    #[test]
    fn the_longest_times_there_are_do_no_harm() {
        let found = percentiles([u64::MAX, u64::MAX, 0]);
        assert_eq!((found.count, found.max, found.total), (3, Nanos(u64::MAX), Nanos(u64::MAX)));
    }

    fn durations(all: impl IntoIterator<Item = u64>) -> Durations {
        let mut durations = Durations::default();
        all.into_iter().for_each(|ns| durations.record(Nanos(ns)));
        durations
    }

    #[test]
    fn lengths_are_one_two_and_five_of_each_decade() {
        assert_eq!(LENGTHS[..4], [1_000, 2_000, 5_000, 10_000].map(Nanos));
        assert_eq!(LENGTHS[21], Nanos(10_000_000_000));
        let counts = durations([0, 1_000, 1_500, 11_000_000_000]).counts();
        assert_eq!((counts[..3].to_vec(), counts[22]), (vec![2, 1, 0], 1));
    }

    #[test]
    fn classes_are_eighths_of_decades() {
        let classes = durations([0, 1, 10, 13, 14, 1_000, 1_000]).classes();
        let found: Vec<_> = classes.iter().map(|class| (class.number, class.count)).collect();
        assert_eq!(found, [(0, 2), (8, 2), (9, 1), (24, 2)]);
    }

    #[test]
    fn quantiles_rise_to_the_maximum() {
        let quantiles = durations(1..=10_000).quantiles();
        assert!(quantiles.is_sorted_by_key(|point| point.1));
        assert_eq!(quantiles.last(), Some(&(1.0, Nanos(10_000))));
        let median = quantiles.iter().find(|point| point.0 >= 0.5).expect("the median is a step");
        assert!(median.1.0.abs_diff(5_000) <= 5, "{median:?}");
    }

    proptest! {
        #[test]
        fn what_is_told_by_buckets_is_the_same_again(ns in proptest::collection::vec(any::<u64>(), 0..50)) {
            let told = durations(ns);
            let counts = told.buckets().into_iter().map(|bucket| (bucket.to, bucket.count));
            prop_assert!(Durations::of_counts(counts, told.max(), told.total()).buckets() == told.buckets());
        }

        #[test]
        fn percentiles_are_within_a_thousandth_of_the_sorted_list(
            mut ns in proptest::collection::vec(any::<u32>(), 1..200),
        ) {
            let found = percentiles(ns.iter().map(|&ns| ns.into()));
            ns.sort_unstable();
            for (quantile, found) in [(0.5, found.p50), (0.9, found.p90), (0.99, found.p99)] {
                let rank = (quantile * ns.len() as f64).ceil() as usize;
                let exact = u64::from(ns[rank - 1]);
                prop_assert!(found.0.abs_diff(exact) <= exact / 1000, "{found:?} for {exact}");
            }
        }
    }
}
