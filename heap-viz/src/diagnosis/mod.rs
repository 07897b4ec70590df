//! What hurts in a run, in words, and what to change.
//!
//! A rule looks at a report for one kind of trouble. What it finds carries its evidence, so that nobody has to
//! believe it, and where a setting may help, that setting.

mod advice;
mod room;
mod rules;
mod treatment;

pub use advice::{Advice, Dose, DosedSetting};
pub use treatment::{Change, Cure, Effect, Gain, Rehearsal, Treatment, Trial, TrialOutcome, memory_bytes};

use crate::report::PauseReport;
use serde::Serialize;

/// What the rules found in a run, the worst first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// All findings; empty if nothing hurts.
    pub findings: Vec<Finding>,
}

/// One thing that hurts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How much.
    pub severity: Severity,
    /// What it is, in one sentence.
    pub what: String,
    /// The figures that say so.
    pub evidence: String,
    /// The [metric](crate::compare::Metric) that is lower where it hurts less, if there is one.
    #[serde(skip)]
    pub measure: Option<&'static str>,
    /// What to try, the likeliest first; nothing where neither a setting nor a change of the program may help.
    pub advice: Vec<Advice>,
}

/// How much something hurts. The worst is the least, so that it is sorted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The run has failed, or comes to a standstill.
    Failure,
    /// People would feel it.
    Problem,
    /// It costs something that could be had.
    Notice,
}

impl Diagnosis {
    /// What all rules say of a run.
    #[must_use]
    pub fn of(report: &PauseReport) -> Self {
        let mut findings: Vec<_> = rules::ALL.iter().filter_map(|rule| rule(report)).collect();
        if report.run.collector.is_some() {
            // What to try is told in Tenure's settings, which other runtimes have not.
            findings.iter_mut().for_each(|finding| finding.advice.clear());
        }
        findings.sort_by_key(|finding| finding.severity);
        Diagnosis { findings }
    }

    /// The verdict in one sentence.
    #[must_use]
    pub fn headline(&self) -> &str {
        self.findings.first().map_or("Nothing hurts.", |worst| &worst.what)
    }
}

#[cfg(test)]
mod tests {
    use super::{Diagnosis, Severity};
    use crate::collector::Collector;
    use crate::report::PauseReport;
    use crate::report::tests::sample_report;
    use crate::run::Verdict;
    use gc_core::event::{Cause, Nanos, PauseKind};

    /// Checks the first finding on the sample run once it is changed: a part of what it says, and its advice's setting.
    #[track_caller]
    fn check(change: impl FnOnce(&mut PauseReport), says: &str, setting: Option<&str>) {
        let mut report = calm_report();
        change(&mut report);
        let diagnosis = Diagnosis::of(&report);
        assert!(diagnosis.headline().contains(says), "{:?}", diagnosis.findings);
        let advised = diagnosis.findings[0].advice.first().and_then(|advice| advice.doses.first());
        assert_eq!(advised.map(|dose| dose.0[0].0), setting);
    }

    /// The sample run without what hurts in it.
    fn calm_report() -> PauseReport {
        let mut report = sample_report();
        report.mutator_share = 0.99;
        report.heap.refused_allocations = 0;
        report.survival.promoted_bytes = 0;
        report
    }

    #[test]
    fn a_run_in_which_nothing_hurts_has_no_findings() {
        assert_eq!(Diagnosis::of(&calm_report()).findings, []);
        assert_eq!(Diagnosis::of(&calm_report()).headline(), "Nothing hurts.");
    }

    #[test]
    fn a_failure_comes_first() {
        let fail = |report: &mut PauseReport| {
            report.mutator_share = 0.2;
            report.end.verdict = Verdict::Failed { reason: "out of cheese".into() };
        };
        check(fail, "The run failed: out of cheese", None);
    }

    #[test]
    fn refused_allocations_call_for_a_larger_heap() {
        check(|report| report.heap.refused_allocations = 2, "could not be met", Some("max_old_bytes"));
    }

    #[test]
    fn long_pauses_are_told_by_what_they_are() {
        let long = |kind| {
            move |report: &mut PauseReport| {
                report.pauses.max = Nanos(50_000_000);
                let (_, of_kind) =
                    report.pauses_by_kind.iter_mut().find(|row| row.0 == kind).expect("there are some");
                of_kind.max = Nanos(50_000_000);
            }
        };
        check(long(PauseKind::Minor), "a scavenge", Some("new_space.max_minor_pause"));
        check(long(PauseKind::Full), "a full collection", Some("marking.incremental"));
    }

    #[test]
    fn pauses_that_take_much_of_the_time_are_a_problem() {
        check(|report| report.mutator_share = 0.5, "half of the time", Some("pacing.growth_percent"));
    }

    #[test]
    fn requested_collections_are_the_programs_own_doing() {
        let request = |report: &mut PauseReport| {
            report.collections[1].0.1 = Cause::Requested.into();
            report.collections[1].1.total = Nanos(report.pauses.total.0 * 2 / 3);
        };
        check(request, "asks for", None);
    }

    #[test]
    fn much_promotion_of_what_dies_soon_calls_for_a_larger_new_space() {
        let promote = |report: &mut PauseReport| {
            report.survival.promoted_bytes = report.end.allocated_bytes / 2;
            report.survival.freed_bytes = report.end.allocated_bytes;
        };
        check(promote, "become old", Some("new_space.initial_bytes"));
    }

    #[test]
    fn other_runtimes_are_told_no_setting_of_tenure() {
        let mut report = calm_report();
        report.mutator_share = 0.5;
        report.run.collector = Some(Collector { name: "V8".into(), untold: Vec::new() });
        let findings = Diagnosis::of(&report).findings;
        assert_eq!((findings.len(), findings[0].advice.is_empty()), (1, true));
    }

    #[test]
    fn the_worst_is_told_first() {
        let mut report = calm_report();
        report.mutator_share = 0.5;
        report.heap.fragmentation_ppm = Some(600_000);
        report.end.usage.old_total = 100 << 20;
        let severities: Vec<_> =
            Diagnosis::of(&report).findings.iter().map(|finding| finding.severity).collect();
        assert_eq!(severities, [Severity::Problem, Severity::Notice]);
    }
}
