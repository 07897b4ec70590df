//! How numbers are distributed.

use super::Weighted;
use crate::Random;
use std::f64::consts::TAU;

/// How numbers are distributed: sizes, lifetimes, counts of references.
///
/// Logarithms, powers and cosines are those of the crate `libm`, written in Rust: the system's differ in the last bit
/// from one system to the next, and the same seed would not mean the same run.
#[derive(Clone, Debug, PartialEq)]
pub enum Law {
    /// Always the same.
    Constant(f64),
    /// All numbers between two are as likely.
    Uniform {
        /// The least.
        min: f64,
        /// The greatest.
        max: f64,
    },
    /// What is left does not depend on how long it has lasted: most are short.
    Exponential {
        /// The mean.
        mean: f64,
    },
    /// Exponential with a shape of 1. With a lower one the old last longer: the weak generational hypothesis. With a
    /// higher one things age, and last about as long as each other.
    Weibull {
        /// About 63 % are less than this.
        scale: f64,
        /// The shape.
        shape: f64,
    },
    /// The logarithm has a normal distribution: many small, few very large.
    LogNormal {
        /// Half are less than this.
        median: f64,
        /// Deviation of the natural logarithm.
        sigma: f64,
    },
    /// Measured values, by how often they were seen.
    Table(Weighted<f64>),
    /// Measured ranges, by how often they were hit; within one, all numbers are as likely.
    Histogram(Weighted<(f64, f64)>),
}

impl Law {
    /// A number.
    pub fn draw(&self, random: &mut Random) -> f64 {
        match self {
            Law::Constant(value) => *value,
            Law::Uniform { min, max } => between(*min, *max, random),
            Law::Exponential { mean } => mean * exponential(random),
            Law::Weibull { scale, shape } => scale * libm::pow(exponential(random), 1.0 / shape),
            Law::LogNormal { median, sigma } => median * libm::exp(sigma * normal(random)),
            Law::Table(values) => *values.pick(random),
            Law::Histogram(ranges) => {
                let (min, max) = *ranges.pick(random);
                between(min, max, random)
            }
        }
    }

    /// How many values there are at most, of those that are a multiple of `step` between `min` and `max`.
    fn most_values(&self, (min, max): (f64, f64), step: f64) -> u64 {
        match self {
            Law::Constant(_) => 1,
            Law::Table(values) => values.iter().count() as u64,
            Law::Uniform { min: least, max: greatest } => {
                ((greatest.min(max) - least.max(min)).max(0.0) / step) as u64 + 2
            }
            _ => ((max - min) / step) as u64 + 2,
        }
    }
}

fn between(min: f64, max: f64, random: &mut Random) -> f64 {
    min + random.share() * (max - min)
}

/// Exponentially distributed with a mean of 1.
fn exponential(random: &mut Random) -> f64 {
    -libm::log(1.0 - random.share())
}

/// Normally distributed, by the method of Box and Muller (1958), of whose two results one is used.
fn normal(random: &mut Random) -> f64 {
    let radius = (2.0 * exponential(random)).sqrt();
    radius * libm::cos(TAU * random.share())
}

/// A law with bounds. What is drawn beyond a bound counts as the bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Bounded {
    /// The law.
    pub law: Law,
    /// No number is less.
    pub min: f64,
    /// No number is greater.
    pub max: f64,
}

impl Bounded {
    /// A number.
    pub fn draw(&self, random: &mut Random) -> f64 {
        // Unlike `clamp` this has an answer for bounds in the wrong order, too.
        self.law.draw(random).max(self.min).min(self.max)
    }
}

/// A mixture of laws, mostly of one.
pub type Distribution = Weighted<Bounded>;

impl Distribution {
    /// The distribution of what is always `value`.
    #[must_use]
    pub fn constant(value: f64) -> Self {
        Weighted::only(Bounded { law: Law::Constant(value), min: value, max: value })
    }

    /// The distribution of a law whose numbers are not negative.
    #[must_use]
    pub fn of(law: Law) -> Self {
        Weighted::only(Bounded { law, min: 0.0, max: f64::MAX })
    }

    /// A number.
    pub fn draw(&self, random: &mut Random) -> f64 {
        self.pick(random).draw(random)
    }

    /// How many values there are at most, of those that are a multiple of `step` and not greater than `most`.
    pub(super) fn most_values(&self, most: f64, step: f64) -> u64 {
        let values = |one: &Bounded| one.law.most_values((one.min.min(most), one.max.min(most)), step);
        self.iter().map(|(_, one)| values(one)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::{Bounded, Distribution, Law};
    use crate::Random;
    use crate::scenario::Weighted;
    use crate::scenario::sample::Sample;

    /// The cumulative distribution function of the standard normal distribution.
    fn normal_cdf(x: f64) -> f64 {
        0.5 * libm::erfc(-x / std::f64::consts::SQRT_2)
    }

    #[track_caller]
    fn check(law: Law, cdf: impl Fn(f64) -> f64) {
        let mut random = Random::new(3);
        let sample: Sample = (0..20_000).map(|_| law.draw(&mut random)).collect();
        let distance = sample.distance(&cdf);
        assert!(distance < sample.bound(), "{law:?}: {distance}");
        assert!(sample.distance(|x| cdf(x * 1.1)) > sample.bound(), "{law:?}: another law passes too");
    }

    #[test]
    fn every_law_gives_the_distribution_that_it_names() {
        check(Law::Uniform { min: 10.0, max: 30.0 }, |x| ((x - 10.0) / 20.0).clamp(0.0, 1.0));
        check(Law::Exponential { mean: 40.0 }, |x| 1.0 - (-x / 40.0).exp());
        for shape in [0.5_f64, 1.0, 3.0] {
            check(Law::Weibull { scale: 7.0, shape }, |x| 1.0 - (-(x / 7.0).powf(shape)).exp());
        }
        check(Law::LogNormal { median: 64.0, sigma: 1.2 }, |x| normal_cdf((x / 64.0).ln() / 1.2));
        let ranges = Weighted::new([(1.0, (0.0, 10.0)), (3.0, (20.0, 40.0))]).expect("positive weights");
        check(Law::Histogram(ranges), |x| match x {
            ..20.0 => 0.25 * (x / 10.0).clamp(0.0, 1.0),
            _ => 0.25 + 0.75 * ((x - 20.0) / 20.0).min(1.0),
        });
    }

    #[test]
    fn values_of_a_table_come_as_often_as_it_says() {
        let table = Law::Table(Weighted::new([(1.0, 16.0), (4.0, 32.0)]).expect("positive weights"));
        let mut random = Random::new(3);
        let drawn: Vec<_> = (0..10_000).map(|_| table.draw(&mut random)).collect();
        assert!(drawn.iter().all(|value| [16.0, 32.0].contains(value)));
        let small = drawn.iter().filter(|value| **value == 16.0).count();
        assert!((1_850..2_150).contains(&small), "{small}");
    }

    #[test]
    fn numbers_beyond_a_bound_count_as_the_bound() {
        let bounded = Bounded { law: Law::Exponential { mean: 10.0 }, min: 5.0, max: 20.0 };
        let mut random = Random::new(3);
        let drawn: Vec<_> = (0..1_000).map(|_| bounded.draw(&mut random)).collect();
        assert!(drawn.iter().all(|value| (5.0..=20.0).contains(value)));
        assert!(drawn.contains(&5.0) && drawn.contains(&20.0));
    }

    #[test]
    fn what_was_drawn_once_is_drawn_on_every_machine() {
        // Pinned: laws that change change every scenario.
        let mut random = Random::new(1);
        let laws = [
            Law::Exponential { mean: 1.0 },
            Law::Weibull { scale: 1.0, shape: 0.5 },
            Law::LogNormal { median: 1.0, sigma: 1.0 },
        ];
        let bits = laws.map(|law| law.draw(&mut random).to_bits());
        assert_eq!(bits, [0x3FFA_B542_1057_CBED, 0x3FFE_3D85_0295_150F, 0x3FEF_A709_6AD3_B888]);
    }

    #[test]
    fn possible_values_are_counted() {
        let within = |law, min, max| Distribution::only(Bounded { law, min, max });
        assert_eq!(Distribution::constant(8.0).most_values(100.0, 8.0), 1);
        assert_eq!(within(Law::Uniform { min: 8.0, max: 24.0 }, 0.0, 80.0).most_values(16.0, 8.0), 3);
        assert_eq!(within(Law::Exponential { mean: 9.0 }, 0.0, 80.0).most_values(100.0, 8.0), 12);
        assert_eq!(Distribution::of(Law::Exponential { mean: 9.0 }).most_values(100.0, 1.0), 102);
    }
}
