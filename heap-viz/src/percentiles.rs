//! How long things took: a histogram, and the figures that are read off it.

use crate::record::mirror::NanosDef;
use gc_core::event::Nanos;
use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

/// Significant decimal digits that the histogram keeps: percentiles are off by a thousandth at most.
const DIGITS: u8 = 3;

/// A histogram of lengths of time, of a size that depends on their range and not on their number.
#[derive(Clone, Debug)]
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

    /// The length of time that the share `quantile` of all stays within.
    fn at(&self, quantile: f64) -> Nanos {
        Nanos(self.histogram.value_at_quantile(quantile)).min(self.max)
    }
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
    use super::{Durations, Percentiles};
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

    proptest! {
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
