//! `--fail-if`.

use super::failure::Failure;
use heap_viz::PauseReport;
use heap_viz::compare::{Comparison, Kept, Sample, Threshold};

/// Something that is held to limits.
struct Subject<'a> {
    name: &'a str,
    value: Option<f64>,
    /// What relative limits go by.
    first: Option<f64>,
    is_first: bool,
}

/// Checks every run; limits that go by a first run, on the later runs of the same workload.
pub(crate) fn check_runs(thresholds: &[Threshold], reports: &[PauseReport]) -> Result<(), Failure> {
    check(thresholds, |threshold| {
        let first =
            |report: &PauseReport| reports.iter().find(|other| other.run.workload == report.run.workload);
        let subject = |report| {
            let first = first(report)?;
            Some(Subject {
                name: &report.run.workload,
                value: threshold.metric.value(report),
                first: threshold.metric.value(first),
                is_first: std::ptr::eq(first, report),
            })
        };
        reports.iter().filter_map(subject).collect()
    })
}

/// Checks the mean of every sample but the first, which stands for what is accepted.
pub(crate) fn check_comparisons(thresholds: &[Threshold], comparisons: &[Comparison]) -> Result<(), Failure> {
    check(thresholds, |threshold| {
        comparisons.iter().flat_map(|comparison| later_samples(comparison, threshold)).collect()
    })
}

fn later_samples<'a>(comparison: &'a Comparison, threshold: &Threshold) -> Vec<Subject<'a>> {
    let row = comparison.rows.iter().find(|row| *row.metric == *threshold.metric);
    let mean = |index: usize| row.map(|row| row.means[index]);
    let samples = comparison.samples.iter().enumerate().skip(1);
    let subject = |(index, sample): (usize, &'a Sample)| Subject {
        name: &sample.name,
        value: mean(index),
        first: mean(0),
        is_first: false,
    };
    samples.map(subject).collect()
}

fn check<'a>(
    thresholds: &[Threshold],
    subjects: impl Fn(&Threshold) -> Vec<Subject<'a>>,
) -> Result<(), Failure> {
    let mut exceeded = Vec::new();
    for threshold in thresholds {
        let mut subjects = subjects(threshold);
        subjects.retain(|subject| !(threshold.is_relative() && subject.is_first));
        let unchecked = |reason| Failure::Unchecked { threshold: threshold.to_string(), reason };
        if subjects.is_empty() {
            return Err(unchecked("there is no other run to compare with the first".into()));
        }
        for subject in subjects {
            match threshold.check(subject.value, subject.first) {
                Kept::Yes => {}
                Kept::No(problem) => exceeded.push(format!("{}: {problem}", subject.name)),
                Kept::Untold => return Err(unchecked(untold(threshold, subject.name))),
            }
        }
    }
    if exceeded.is_empty() { Ok(()) } else { Err(Failure::Exceeded(exceeded)) }
}

fn untold(threshold: &Threshold, name: &str) -> String {
    let flag =
        if threshold.metric.name == "leaks" { ": `tenure run --watch-leaks` finds it out" } else { "" };
    format!("it is not known of {name}{flag}")
}
