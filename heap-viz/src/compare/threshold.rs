//! Limits that runs must keep, such as `p99_pause > 5ms`: what fails a build.

use super::metric::{METRICS, Metric, Unit};
use crate::quantity::{Duration, Size};
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A limit on a metric: whoever exceeds it fails.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// The metric.
    pub metric: &'static Metric,
    sign: Sign,
    /// The limit.
    pub limit: Limit,
    /// As it was written.
    text: String,
}

/// How a value may stand to a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Above,
    AtLeast,
    Below,
    AtMost,
}

/// What a value is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// A value in the metric's unit.
    Value(f64),
    /// So many hundredths more than the first run has, or fewer.
    RelativePercent(f64),
}

/// A text that is no threshold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}\n\n  {text}\n  {:column$}^", "")]
pub struct ThresholdError {
    /// What is wrong.
    pub problem: String,
    /// The text.
    pub text: String,
    /// Where in it, in characters from 0.
    pub column: usize,
}

/// Longer signs first: each is looked for at the same place.
const SIGNS: [(&str, Sign); 4] =
    [(">=", Sign::AtLeast), ("<=", Sign::AtMost), (">", Sign::Above), ("<", Sign::Below)];

impl FromStr for Threshold {
    type Err = ThresholdError;

    fn from_str(text: &str) -> Result<Self, ThresholdError> {
        let failure = |rest: &str, problem: String| {
            let column = text[..text.len() - rest.len()].chars().count();
            ThresholdError { problem, text: text.into(), column }
        };
        let name_start = text.trim_start();
        let name_end =
            name_start.find(|char: char| !char.is_alphanumeric() && char != '_').unwrap_or(name_start.len());
        let (name, rest) = name_start.split_at(name_end);
        let metric = Metric::find(name).ok_or_else(|| failure(name_start, unknown(name)))?;
        let sign_start = rest.trim_start();
        let found = SIGNS.iter().find_map(|(sign, what)| Some((what, sign_start.strip_prefix(sign)?)));
        let (sign, rest) =
            found.ok_or_else(|| failure(sign_start, "here >, >=, < or <= is missing".into()))?;
        let value_start = rest.trim_start();
        let limit = limit(value_start.trim_end(), metric.unit)
            .ok_or_else(|| failure(value_start, no_value(metric)))?;
        Ok(Threshold { metric, sign: *sign, limit, text: text.trim().into() })
    }
}

fn unknown(name: &str) -> String {
    let names: Vec<_> = METRICS.iter().map(|metric| metric.name).collect();
    format!("there is no metric `{name}`; the metrics are {}", names.join(", "))
}

fn no_value(metric: &Metric) -> String {
    let example = metric.unit.example();
    format!("{} has a limit such as {example}, or +10% to compare with the first run", metric.name)
}

/// A number with a sign before it and `%` after it is relative.
fn limit(text: &str, unit: Unit) -> Option<Limit> {
    let percent = text.strip_suffix('%').map(str::trim_end);
    if let Some(percent) = percent.filter(|percent| percent.starts_with(['+', '-'])) {
        return number(percent).map(Limit::RelativePercent);
    }
    let value = match unit {
        Unit::Time => text.parse::<Duration>().ok()?.0.0 as f64,
        Unit::Bytes => text.parse::<Size>().ok()?.0 as f64,
        Unit::BytesPerSecond => text.strip_suffix("/s")?.parse::<Size>().ok()?.0 as f64,
        Unit::Count => number(text)?,
        Unit::Share => percent.map_or_else(|| number(text), |percent| Some(number(percent)? / 100.0))?,
    };
    Some(Limit::Value(value))
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// What became of a threshold.
#[derive(Clone, Debug, PartialEq)]
pub enum Kept {
    /// The value is within the limit.
    Yes,
    /// It is not, for the reason given.
    No(String),
    /// The run does not tell the metric, or there is no first run to compare with.
    Untold,
}

impl Threshold {
    /// Whether `value` keeps the threshold, where `first` is the value of the first run.
    #[must_use]
    pub fn check(&self, value: Option<f64>, first: Option<f64>) -> Kept {
        let limit = match self.limit {
            Limit::Value(limit) => Some(limit),
            Limit::RelativePercent(percent) => first.map(|first| first * (1.0 + percent / 100.0)),
        };
        let Some((value, limit)) = value.zip(limit) else { return Kept::Untold };
        if !self.sign.holds(value, limit) {
            return Kept::Yes;
        }
        let unit = self.metric.unit;
        Kept::No(format!("{} is {}, and that fails `{self}`", self.metric.name, unit.write(value)))
    }

    /// Whether it needs a first run to compare with.
    #[must_use]
    pub fn is_relative(&self) -> bool {
        matches!(self.limit, Limit::RelativePercent(_))
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Sign {
    fn holds(self, value: f64, limit: f64) -> bool {
        let order = value.total_cmp(&limit);
        match self {
            Sign::Above => order == Ordering::Greater,
            Sign::AtLeast => order != Ordering::Less,
            Sign::Below => order == Ordering::Less,
            Sign::AtMost => order != Ordering::Greater,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Kept, Threshold};
    use proptest::prelude::proptest;

    /// Checks whether a value, of a first run's 100 of the same unit, keeps the threshold.
    #[track_caller]
    fn check(text: &str, value: f64, kept: bool) {
        let threshold: Threshold = text.parse().expect("it is well formed");
        assert_eq!(threshold.check(Some(value), Some(100.0)) == Kept::Yes, kept, "{text} of {value}");
    }

    #[test]
    fn values_are_compared_in_the_unit_of_the_metric() {
        check("p99_pause > 5ms", 5_000_000.0, true);
        check("p99_pause > 5ms", 5_000_001.0, false);
        check(" max_pause>=5ms ", 5_000_000.0, false);
        check("peak_total > 64MiB", 67_108_865.0, false);
        check("mutator_share < 95%", 0.94, false);
        check("mutator_share < 0.95", 0.96, true);
        check("throughput <= 1000", 1000.0, false);
        check("allocation_rate > 1MiB/s", 1_048_576.0, true);
    }

    #[test]
    fn relative_limits_go_by_the_first_run() {
        check("p99_pause > +10%", 110.1, false);
        check("p99_pause > +10%", 109.0, true);
        check("throughput < -5 %", 94.0, false);
        let threshold: Threshold = "p99_pause > +10%".parse().expect("it is well formed");
        assert_eq!(threshold.check(Some(1.0), None), Kept::Untold);
        assert_eq!(threshold.check(None, Some(1.0)), Kept::Untold);
    }

    #[test]
    fn a_failure_says_what_is_and_what_was_asked() {
        let threshold: Threshold = "p99_pause > 5ms".parse().expect("it is well formed");
        let said = "p99_pause is 7.00 ms, and that fails `p99_pause > 5ms`";
        assert_eq!(threshold.check(Some(7e6), None), Kept::No(said.into()));
    }

    #[track_caller]
    fn check_refused(text: &str, problem: &str, column: usize) {
        let error = text.parse::<Threshold>().expect_err(text);
        assert!(error.problem.contains(problem), "{}", error.problem);
        assert_eq!(error.column, column, "{error}");
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        check_refused("", "there is no metric ``", 0);
        check_refused("p9_pause > 5ms", "there is no metric `p9_pause`; the metrics are p50_pause", 0);
        check_refused("p99_pause = 5ms", "here >, >=, < or <= is missing", 10);
        check_refused("p99_pause > ", "p99_pause has a limit such as 5ms", 12);
        check_refused("p99_pause > 5", "p99_pause has a limit such as 5ms", 12);
        check_refused("peak_total > 5ms", "peak_total has a limit such as 64MiB", 13);
        check_refused("mutator_share > 1ms", "such as 95%", 16);
        check_refused("p99_pause > +x%", "+10%", 12);
    }

    #[test]
    fn the_place_is_marked() {
        let error = "p99_pause = 5ms".parse::<Threshold>().expect_err("there is no such sign").to_string();
        assert_eq!(error, "here >, >=, < or <= is missing\n\n  p99_pause = 5ms\n            ^");
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in ".*") {
            let _ = text.parse::<Threshold>().map_err(|error| error.to_string());
        }
    }
}
