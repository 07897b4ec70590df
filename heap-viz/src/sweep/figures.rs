//! What came out of one cell.

use crate::percentiles::Durations;
use crate::report::PauseReport;
use crate::run::Verdict;
use crate::utilisation::WorstWindow;
use gc_core::event::Nanos;
use serde::{Deserialize, Serialize};

/// The figures of one run, and its pauses as histograms.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// How it went.
    pub verdict: Verdict,
    /// How long it took, by the clock of its heap.
    pub elapsed_ns: u64,
    /// Operations that the program has done.
    pub operations: u64,
    /// What one operation is; empty if they are not counted.
    pub operation: String,
    /// Share of the time in which the program ran, from 0 to 1.
    pub mutator_share: f64,
    /// What it had of the time in the worst window of 1, 10 and 100 ms, where the run was long enough.
    pub worst_windows: Vec<Option<f64>>,
    /// Bytes that the program has allocated.
    pub allocated_bytes: u64,
    /// Bytes copied within new space.
    pub copied_bytes: u64,
    /// Bytes that became old.
    pub promoted_bytes: u64,
    /// The most that objects took.
    pub peak_used_bytes: u64,
    /// The most that all spaces took.
    pub peak_total_bytes: u64,
    /// The most that was off the heap.
    pub peak_external_bytes: u64,
    /// Memory that the heap had made the system commit, at the end.
    pub committed_bytes: u64,
    /// Allocations that could not be met.
    pub refused_allocations: u64,
    /// Pauses of each kind that there was.
    pub pauses: Vec<KindPauses>,
}

/// The pauses of one kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindPauses {
    /// The name of the kind.
    pub kind: String,
    /// The longest, exactly.
    pub max_ns: u64,
    /// All together, exactly.
    pub total_ns: u64,
    /// The longest that each bucket of the histogram holds, and how many it does hold; empty buckets are left out.
    pub buckets: Vec<(u64, u64)>,
}

impl Figures {
    /// Those of a run.
    #[must_use]
    pub fn of(report: &PauseReport) -> Self {
        let (end, peak) = (&report.end, &report.heap.peak);
        let share = |worst: &Option<WorstWindow>| worst.as_ref().map(WorstWindow::mutator_share);
        let kinds = report.durations_by_kind.iter();
        Figures {
            verdict: end.verdict.clone(),
            elapsed_ns: end.at.0,
            operations: end.operations,
            operation: end.operation.clone(),
            mutator_share: report.mutator_share,
            worst_windows: report.worst_windows.iter().map(|(_, worst)| share(worst)).collect(),
            allocated_bytes: end.allocated_bytes,
            copied_bytes: report.survival.copied_bytes,
            promoted_bytes: report.survival.promoted_bytes,
            peak_used_bytes: peak.used_bytes,
            peak_total_bytes: peak.total_bytes,
            peak_external_bytes: peak.external_bytes,
            committed_bytes: end.committed_bytes,
            refused_allocations: report.heap.refused_allocations,
            pauses: kinds.map(|(kind, durations)| KindPauses::of(kind.name(), durations)).collect(),
        }
    }

    /// Whether the program has finished, and found its result right.
    #[must_use]
    pub fn passed(&self) -> bool {
        matches!(self.verdict, Verdict::Passed { .. })
    }

    /// The most that the heap and what is off it may have taken together.
    #[must_use]
    pub fn peak_bytes(&self) -> u64 {
        self.peak_total_bytes.saturating_add(self.peak_external_bytes)
    }

    /// All pauses.
    #[must_use]
    pub fn durations(&self) -> Durations {
        let mut all = Durations::default();
        self.pauses.iter().for_each(|pauses| all.add(&pauses.durations()));
        all
    }
}

impl KindPauses {
    fn of(kind: &str, durations: &Durations) -> Self {
        let buckets = durations.buckets();
        KindPauses {
            kind: kind.into(),
            max_ns: durations.max().0,
            total_ns: durations.total().0,
            buckets: buckets.iter().map(|bucket| (bucket.to.0, bucket.count)).collect(),
        }
    }

    /// As a histogram.
    #[must_use]
    pub fn durations(&self) -> Durations {
        let counts = self.buckets.iter().map(|&(ns, count)| (Nanos(ns), count));
        Durations::of_counts(counts, Nanos(self.max_ns), Nanos(self.total_ns))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::Figures;
    use crate::report::tests::sample_report;

    /// The figures of a run that took `elapsed_ns`, with one pause of `pause_ns`, and at most `peak_bytes`.
    pub(crate) fn figures(elapsed_ns: u64, pause_ns: u64, peak_bytes: u64) -> Figures {
        let pauses = super::KindPauses {
            kind: "minor".into(),
            max_ns: pause_ns,
            total_ns: pause_ns,
            buckets: vec![(pause_ns, 1)],
        };
        Figures {
            elapsed_ns,
            operations: 1_000,
            operation: "push".into(),
            peak_total_bytes: peak_bytes,
            pauses: vec![pauses],
            ..Figures::default()
        }
    }

    #[test]
    fn figures_are_those_of_the_report_and_survive_a_file() {
        let report = sample_report();
        let figures = Figures::of(&report);
        assert_eq!(figures.durations().percentiles(), report.pauses);
        assert_eq!(figures.peak_bytes(), report.heap.peak.total_bytes + report.heap.peak.external_bytes);
        let text = serde_json::to_string(&figures).expect("they are plain data");
        assert_eq!(serde_json::from_str::<Figures>(&text).expect("they were just written"), figures);
    }
}
