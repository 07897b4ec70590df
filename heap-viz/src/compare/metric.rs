//! What runs are compared by, and what thresholds are set on.

use crate::collector::Figure;
use crate::percentiles::Percentiles;
use crate::quantity::{Bytes, Count, Share, Time};
use crate::report::PauseReport;
use gc_core::event::{Cause, Nanos, PauseKind};

/// A figure of a run.
#[derive(Debug)]
pub struct Metric {
    /// Its name in commands and files.
    pub name: &'static str,
    /// What its value counts.
    pub unit: Unit,
    /// What it is, for people.
    pub what: &'static str,
    pub(super) better: Better,
    /// The value, where the run tells it.
    pub(super) value: fn(&PauseReport) -> Option<f64>,
}

impl PartialEq for Metric {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// What a value counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Nanoseconds.
    Time,
    /// Bytes.
    Bytes,
    /// Bytes a second.
    BytesPerSecond,
    /// Things, or things a second.
    Count,
    /// A part of a whole, from 0 to 1.
    Share,
}

/// Which of two values is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Better {
    Lower,
    Higher,
    /// It is a fact of the program.
    Neither,
}

impl Metric {
    /// The metric of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Metric> {
        METRICS.iter().find(|metric| metric.name == name)
    }

    /// The value in a run, in the unit of the metric; none if the run does not tell it.
    #[must_use]
    pub fn value(&self, report: &PauseReport) -> Option<f64> {
        (self.value)(report)
    }
}

impl Unit {
    /// A value with its unit.
    #[must_use]
    pub fn write(self, value: f64) -> String {
        match self {
            Unit::Time => Time(Nanos(value as u64)).to_string(),
            Unit::Bytes => Bytes(value as u64).to_string(),
            Unit::BytesPerSecond => format!("{}/s", Bytes(value as u64)),
            Unit::Count => Count(value).to_string(),
            Unit::Share => Share(value).to_string(),
        }
    }

    /// A stable name for files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Unit::Time => "nanoseconds",
            Unit::Bytes => "bytes",
            Unit::BytesPerSecond => "bytes per second",
            Unit::Count => "count",
            Unit::Share => "share",
        }
    }

    /// How a value of it is written in a threshold.
    #[must_use]
    pub fn example(self) -> &'static str {
        match self {
            Unit::Time => "5ms",
            Unit::Bytes => "64MiB",
            Unit::BytesPerSecond => "100MiB/s",
            Unit::Count => "1000",
            Unit::Share => "95%",
        }
    }
}

use Better::{Higher, Lower, Neither};
use Unit::{BytesPerSecond, Count as Number, Share as Part, Time as Length};

const fn metric(
    name: &'static str,
    unit: Unit,
    better: Better,
    what: &'static str,
    value: fn(&PauseReport) -> Option<f64>,
) -> Metric {
    Metric { name, unit, what, better, value }
}

/// Every metric, in the order of reports.
pub static METRICS: [Metric; 30] = [
    metric("p50_pause", Length, Lower, "half of the pauses are no longer", |run| time(run.pauses.p50)),
    metric("p90_pause", Length, Lower, "nine tenths of the pauses are no longer", |run| time(run.pauses.p90)),
    metric("p99_pause", Length, Lower, "99 % of the pauses are no longer", |run| time(run.pauses.p99)),
    metric("p99_9_pause", Length, Lower, "99.9 % of the pauses are no longer", |run| time(run.pauses.p99_9)),
    metric("max_pause", Length, Lower, "the longest pause", |run| time(run.pauses.max)),
    metric("total_pause", Length, Lower, "all pauses together", |run| time(run.pauses.total)),
    metric("p99_minor_pause", Length, Lower, "99 % of the scavenges are no longer", |run| {
        of_kind(run, PauseKind::Minor, |found| found.p99)
    }),
    metric("max_minor_pause", Length, Lower, "the longest scavenge", |run| {
        of_kind(run, PauseKind::Minor, |found| found.max)
    }),
    metric("max_full_pause", Length, Lower, "the longest full collection", |run| {
        of_kind(run, PauseKind::Full, |found| found.max)
    }),
    metric("pauses", Number, Lower, "how many pauses", |run| Some(run.pauses.count as f64)),
    metric(
        "full_collections",
        Number,
        Lower,
        "how many collections of old space, at once or in steps",
        |run| {
            let of_old = |kind: &PauseKind| matches!(kind, PauseKind::Full | PauseKind::Finish);
            let counts =
                run.pauses_by_kind.iter().filter(|(kind, _)| of_old(kind)).map(|(_, found)| found.count);
            Some(counts.sum::<u64>() as f64)
        },
    ),
    metric("full_at_once", Number, Lower, "how many collections of old space stopped the program", |run| {
        let full = run.pauses_by_kind.iter().find(|(kind, _)| *kind == PauseKind::Full);
        Some(full.map_or(0, |(_, found)| found.count) as f64)
    }),
    metric("last_resorts", Number, Lower, "how many collections were to meet one allocation", |run| {
        let rows = run.collections.iter().filter(|((_, cause), _)| cause.nearest == Cause::LastResort);
        Some(rows.map(|(_, tally)| tally.count).sum::<u64>() as f64)
    }),
    metric("mutator_share", Part, Higher, "what the program had of the time", |run| Some(run.mutator_share)),
    metric("mmu_1ms", Part, Higher, "what it had in the worst millisecond", |run| utilisation(run, 0)),
    metric("mmu_10ms", Part, Higher, "what it had in the worst 10 ms", |run| utilisation(run, 1)),
    metric("mmu_100ms", Part, Higher, "what it had in the worst 100 ms", |run| utilisation(run, 2)),
    metric("elapsed", Length, Lower, "how long the run took", |run| time(run.end.at)),
    metric("throughput", Number, Higher, "operations a second", PauseReport::operations_per_second),
    metric("p99_latency", Length, Lower, "99 % of the operations take no longer", |run| {
        time(run.end.latencies.as_ref()?.p99)
    }),
    metric("max_latency", Length, Lower, "the longest operation", |run| {
        time(run.end.latencies.as_ref()?.max)
    }),
    metric("allocated", Unit::Bytes, Neither, "bytes allocated", |run| Some(run.end.allocated_bytes as f64)),
    metric("allocation_rate", BytesPerSecond, Neither, "bytes allocated a second", |run| {
        run.allocated_bytes_per_second()
    }),
    metric("promoted", Unit::Bytes, Lower, "bytes that became old", |run| {
        told(run, Figure::Promotion, run.survival.promoted_bytes)
    }),
    metric("peak_used", Unit::Bytes, Lower, "most bytes of objects", |run| {
        Some(run.heap.peak.used_bytes as f64)
    }),
    metric("peak_total", Unit::Bytes, Lower, "most bytes of all spaces", |run| {
        told(run, Figure::Capacity, run.heap.peak.total_bytes)
    }),
    metric("peak_external", Unit::Bytes, Lower, "most bytes off the heap", |run| {
        told(run, Figure::External, run.heap.peak.external_bytes)
    }),
    metric("fragmentation", Part, Lower, "holes in old space after the last pause", |run| {
        told(run, Figure::Fragmentation, run.heap.fragmentation_ppm?.into()).map(|ppm| ppm / 1e6)
    }),
    metric("refused_allocations", Number, Lower, "allocations that could not be met", |run| {
        run.run.collector.is_none().then_some(run.heap.refused_allocations as f64)
    }),
    metric("leaks", Number, Lower, "leaks found by --watch-leaks", |run| {
        run.end.leaks.as_ref().map(|found| found.leaks.len() as f64)
    }),
];

fn time(Nanos(ns): Nanos) -> Option<f64> {
    Some(ns as f64)
}

/// A figure of the pauses of a kind; without any, nothing took any time.
fn of_kind(run: &PauseReport, kind: PauseKind, figure: fn(&Percentiles) -> Nanos) -> Option<f64> {
    let found = run.pauses_by_kind.iter().find(|(found, _)| *found == kind);
    time(found.map_or(Nanos(0), |(_, pauses)| figure(pauses)))
}

/// What the program had in the worst window of that number in [`WINDOWS`](crate::report::WINDOWS).
fn utilisation(run: &PauseReport, window: usize) -> Option<f64> {
    run.worst_windows[window].1.as_ref().map(crate::utilisation::WorstWindow::mutator_share)
}

fn told(run: &PauseReport, figure: Figure, bytes: u64) -> Option<f64> {
    run.run.tells(figure).then_some(bytes as f64)
}

#[cfg(test)]
mod tests {
    use super::{METRICS, Metric};
    use crate::report::tests::sample_report;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_every_metric_has_a_value() {
        let names: BTreeSet<_> = METRICS.iter().map(|metric| metric.name).collect();
        assert_eq!(names.len(), METRICS.len());
        let report = sample_report();
        METRICS.iter().for_each(|metric| assert!(metric.value(&report).is_some(), "{}", metric.name));
    }

    #[test]
    fn values_are_those_of_the_report() {
        let value = |name| Metric::find(name).and_then(|metric| metric.value(&sample_report()));
        assert_eq!(value("p99_pause"), Some(1_050_000.0));
        assert_eq!(value("mmu_1ms"), Some(0.0));
        assert_eq!(value("full_collections"), Some(5.0));
        assert_eq!(value("peak_total"), Some((16 << 20).into()));
        assert_eq!(value("boredom"), None);
    }
}
