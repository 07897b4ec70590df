//! Runs side by side: what differs, and whether the difference is more than chance.

pub(crate) mod bootstrap;
mod json;
mod markdown;
mod metric;
mod sample;
mod text;
mod threshold;

pub use json::ComparisonJson;
pub use markdown::ComparisonMarkdown;
pub use metric::{METRICS, Metric, Unit};
pub use sample::{Sample, samples};
pub use text::ComparisonText;
pub use threshold::{Kept, Limit, Threshold, ThresholdError};

use crate::run::ClockKind;
use metric::Better;

/// Runs of each sample from which on an interval says something.
pub const MIN_RUNS: usize = 3;

/// Metrics that a verdict names of those that are better, and of those that are worse.
const MOST_NAMED: usize = 4;
/// The metrics that it names first: what people feel, then what it costs. The others follow in the order of reports.
const HEADLINES: [&str; 6] =
    ["p99_pause", "max_pause", "throughput", "mutator_share", "peak_total", "total_pause"];

/// Samples, each compared with the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The samples: two at least.
    pub samples: Vec<Sample>,
    /// The metrics that all of them tell.
    pub rows: Vec<Row>,
}

/// One metric of all samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Which.
    pub metric: &'static Metric,
    /// The mean of each sample, in the metric's unit.
    pub means: Vec<f64>,
    /// How each sample but the first differs from the first.
    pub differences: Vec<Difference>,
}

/// How a sample differs from the first in a metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The mean less the mean of the first, in the metric's unit.
    pub by: f64,
    /// What the difference lies between with a confidence of 95 %, where there are enough runs to tell.
    pub interval: Option<[f64; 2]>,
    /// What can be said.
    pub outcome: Outcome,
}

/// What can be said of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The sample is better than the first.
    Better,
    /// It is worse.
    Worse,
    /// It differs in what is neither better nor worse.
    Other,
    /// No difference could be told from chance.
    Same,
    /// There are too few runs to tell.
    TooFewRuns,
}

impl Outcome {
    /// A stable name for reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Better => "better",
            Outcome::Worse => "worse",
            Outcome::Other => "different",
            Outcome::Same => "no difference that could be told",
            Outcome::TooFewRuns => "too few runs to tell",
        }
    }
}

impl Comparison {
    /// Compares each of the samples with the first.
    ///
    /// # Panics
    /// If there are fewer than two samples.
    #[must_use]
    pub fn new(samples: Vec<Sample>) -> Self {
        assert!(samples.len() >= 2, "one sample has nothing to be compared with");
        let rows = METRICS.iter().filter_map(|metric| Row::of(metric, &samples)).collect();
        Comparison { samples, rows }
    }

    /// The workload of all samples; if they differ, all of them.
    #[must_use]
    pub fn workloads(&self) -> String {
        let mut workloads: Vec<_> = self.samples.iter().map(|sample| &*sample.runs[0].run.workload).collect();
        workloads.dedup();
        workloads.join(", ")
    }

    /// The verdict on the sample number `index` in a sentence: what is better and what is worse than in the first.
    ///
    /// # Panics
    /// If it is the first, or there is no such sample.
    #[must_use]
    pub fn verdict(&self, index: usize) -> String {
        let (name, first) = (&self.samples[index].name, &self.samples[0].name);
        let with = |outcome| -> Vec<&Row> {
            let rows = self.rows.iter().filter(|row| row.differences[index - 1].outcome == outcome);
            let mut rows: Vec<_> = rows.collect();
            rows.sort_by_key(|row| row.metric.rank());
            rows
        };
        let listed = |outcome| {
            let rows = with(outcome);
            let mut words: Vec<_> = rows.iter().take(MOST_NAMED).map(|row| row.change(index)).collect();
            if rows.len() > MOST_NAMED {
                words.push(format!("and {} more", rows.len() - MOST_NAMED));
            }
            (!words.is_empty()).then(|| words.join(", "))
        };
        if with(Outcome::TooFewRuns).len() == self.rows.len() {
            return format!("{name} against {first}: too few runs to tell; give {MIN_RUNS} or more of each.");
        }
        let parts = [("better", listed(Outcome::Better)), ("worse", listed(Outcome::Worse))];
        let parts: Vec<_> =
            parts.into_iter().filter_map(|(word, names)| Some(format!("{word} in {}", names?))).collect();
        if parts.is_empty() {
            return format!("{name} against {first}: no difference that could be told.");
        }
        format!("{name} against {first}: {}.", parts.join("; "))
    }
}

impl Row {
    /// None if a sample does not tell the metric.
    fn of(metric: &'static Metric, samples: &[Sample]) -> Option<Self> {
        let values = samples.iter().map(|sample| sample.values(metric)).collect::<Option<Vec<_>>>()?;
        let exact = samples.iter().all(Sample::is_exact);
        let difference = |other: &Vec<f64>| Difference::of(metric, &values[0], other, exact);
        Some(Row {
            metric,
            means: values.iter().map(|values| mean(values)).collect(),
            differences: values[1..].iter().map(difference).collect(),
        })
    }

    /// The metric and how much the sample number `index` differs, such as `p99_pause (-41.0 %)`.
    fn change(&self, index: usize) -> String {
        let by = self.differences[index - 1].by;
        format!("{} ({})", self.metric.name, text::relative(by, self.means[0], self.metric.unit))
    }
}

impl Difference {
    /// Under a modelled clock a run is the same each time, so that one of each is enough.
    fn of(metric: &Metric, base: &[f64], other: &[f64], exact: bool) -> Self {
        let by = mean(other) - mean(base);
        let enough = base.len().min(other.len()) >= MIN_RUNS;
        let interval = enough.then(|| bootstrap::interval(base, other));
        let outcome = match interval {
            Some([low, high]) if low > 0.0 || high < 0.0 => metric.outcome(by),
            None if exact && by != 0.0 => metric.outcome(by),
            Some(_) => Outcome::Same,
            None if exact => Outcome::Same,
            None => Outcome::TooFewRuns,
        };
        Difference { by, interval, outcome }
    }
}

impl Metric {
    /// Its place in a verdict.
    fn rank(&self) -> usize {
        HEADLINES.iter().position(|name| *name == self.name).unwrap_or(HEADLINES.len())
    }

    fn outcome(&self, by: f64) -> Outcome {
        match self.better {
            Better::Neither => Outcome::Other,
            Better::Lower if by < 0.0 => Outcome::Better,
            Better::Higher if by > 0.0 => Outcome::Better,
            Better::Lower | Better::Higher => Outcome::Worse,
        }
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

impl Sample {
    /// The metric of each run; none if a run does not tell it.
    fn values(&self, metric: &Metric) -> Option<Vec<f64>> {
        self.runs.iter().map(|run| (metric.value)(run)).collect()
    }

    /// Whether its figures are facts of the program, and no measurements.
    fn is_exact(&self) -> bool {
        self.runs.iter().all(|run| run.run.clock == ClockKind::Modelled)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{Comparison, Outcome, Sample};
    use crate::report::tests::sample_report;
    use crate::run::ClockKind;
    use gc_core::event::Nanos;

    /// A sample with a run for each of the longest pauses, in microseconds.
    pub(crate) fn sample(name: &str, max_us: &[u64], clock: ClockKind) -> Sample {
        let run = |max_us: &u64| {
            let mut run = sample_report();
            run.run.clock = clock;
            run.pauses.max = Nanos(max_us * 1_000);
            run
        };
        Sample { name: name.into(), runs: max_us.iter().map(run).collect() }
    }

    /// Checks what is said of the longest pause in `other` against `base`.
    #[track_caller]
    fn check(clock: ClockKind, base: &[u64], other: &[u64], expected: Outcome) {
        let comparison = Comparison::new(vec![sample("base", base, clock), sample("other", other, clock)]);
        let row = comparison.rows.iter().find(|row| row.metric.name == "max_pause").expect("all tell it");
        assert_eq!(row.differences[0].outcome, expected, "{row:?}");
    }

    #[test]
    fn a_difference_beyond_chance_is_told() {
        let base = [1_000, 1_010, 990, 1_005, 995];
        check(ClockKind::Measured, &base, &[700, 720, 690, 710, 705], Outcome::Better);
        check(ClockKind::Measured, &base, &[1_200, 1_190, 1_220, 1_210, 1_205], Outcome::Worse);
    }

    #[test]
    fn what_may_be_chance_is_no_difference() {
        check(ClockKind::Measured, &[1_000, 1_300, 800, 1_100], &[1_050, 900, 1_250, 950], Outcome::Same);
        check(ClockKind::Measured, &[1_000; 4], &[1_000; 4], Outcome::Same);
    }

    #[test]
    fn of_few_runs_nothing_can_be_told_unless_they_are_exact() {
        check(ClockKind::Measured, &[1_000], &[500], Outcome::TooFewRuns);
        check(ClockKind::Measured, &[1_000, 1_000], &[500; 5], Outcome::TooFewRuns);
        check(ClockKind::Modelled, &[1_000], &[999], Outcome::Better);
        check(ClockKind::Modelled, &[1_000], &[1_000], Outcome::Same);
    }

    #[test]
    fn the_verdict_is_a_sentence() {
        let verdict = |clock, max_us: &[u64]| {
            Comparison::new(vec![sample("old", &[1_000], clock), sample("new", max_us, clock)]).verdict(1)
        };
        let better = "new against old: better in max_pause (-20.0 %).";
        assert_eq!(verdict(ClockKind::Modelled, &[800]), better);
        assert_eq!(
            verdict(ClockKind::Modelled, &[1_000]),
            "new against old: no difference that could be told."
        );
        let few = "new against old: too few runs to tell; give 3 or more of each.";
        assert_eq!(verdict(ClockKind::Measured, &[800]), few);
    }

    #[test]
    fn a_verdict_names_what_people_feel_and_counts_the_rest() {
        let (base, mut other) =
            (sample("old", &[1_000], ClockKind::Modelled), sample("new", &[500], ClockKind::Modelled));
        let pauses = &mut other.runs[0].pauses;
        [&mut pauses.p50, &mut pauses.p90, &mut pauses.p99, &mut pauses.p99_9, &mut pauses.total]
            .into_iter()
            .for_each(|time| time.0 /= 2);
        let verdict = Comparison::new(vec![base, other]).verdict(1);
        let expected = "new against old: better in p99_pause (-50.0 %), max_pause (-50.0 %), total_pause (-50.0 %), \
                        p50_pause (-50.0 %), and 2 more.";
        assert_eq!(verdict, expected);
    }

    #[test]
    fn what_a_run_does_not_tell_is_not_compared() {
        let mut samples =
            vec![sample("a", &[1], ClockKind::Modelled), sample("b", &[1], ClockKind::Modelled)];
        samples[1].runs[0].end.latencies = None;
        let comparison = Comparison::new(samples);
        assert!(comparison.rows.iter().all(|row| !row.metric.name.ends_with("latency")));
        assert!(comparison.rows.len() > 15);
    }
}
