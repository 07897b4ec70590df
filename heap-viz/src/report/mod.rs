//! What a run comes to: plain data, and one module for each way of writing it.

mod histogram;
pub(crate) mod html;
mod json;
pub(crate) mod layout;
mod sparkline;
mod style;
mod summary;
mod text;
mod treatment;

pub use crate::compaction::{Compaction, Compactions, Occupancy};
pub use crate::idle::{Done, IdleWork};
pub use crate::timeline::{Peak, Resizes, Tally};
pub use html::{ComparisonHtml, Html};
pub use json::Json;
pub use style::Style;
pub(crate) use style::wants_colour;
pub use summary::Summary;
pub use text::{Examination, StyledText, Text};

use crate::curve::HeapCurve;
use crate::diagnosis::Treatment;
use crate::pause_cause::PauseCause;
use crate::pause_log::PauseLog;
use crate::percentiles::{Durations, Percentiles};
use crate::run::{RunEnd, RunInfo};
use crate::timeline::Timeline;
use crate::utilisation::{StopLog, WorstWindow};
use gc_core::event::{MAX_AGE, Nanos, PauseKind, Phase};

/// The windows for which minimum mutator utilisation is reported: 1, 10 and 100 ms.
///
/// A frame of an animation, a keystroke and a request each tolerate pauses over about one of these.
pub const WINDOWS: [Nanos; 3] = [Nanos(1_000_000), Nanos(10_000_000), Nanos(100_000_000)];

/// What one run comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct PauseReport {
    /// What was run.
    pub run: RunInfo,
    /// How it ended.
    pub end: RunEnd,
    /// All pauses.
    pub pauses: Percentiles,
    /// Pauses of each kind that there was.
    pub pauses_by_kind: Vec<(PauseKind, Percentiles)>,
    /// How long pauses of each kind that there was took.
    pub durations_by_kind: Vec<(PauseKind, Durations)>,
    /// The pauses over time.
    pub log: PauseLog,
    /// Collections of each kind and cause that there was.
    pub collections: Vec<((PauseKind, PauseCause), Tally)>,
    /// Time in each phase of each kind of pause that there was.
    pub phases: Vec<((PauseKind, Phase), Tally)>,
    /// Share of the time in which the program ran, from 0 to 1.
    pub mutator_share: f64,
    /// The worst window of each of the [`WINDOWS`], where the run was long enough for one.
    pub worst_windows: Vec<(Nanos, Option<WorstWindow>)>,
    /// When the program was stopped.
    pub stops: StopLog,
    /// What was done in the program's idle time.
    pub idle: IdleWork,
    /// What was moved within old space.
    pub compactions: Compactions,
    /// What became of young objects.
    pub survival: Survival,
    /// How large the heap was.
    pub heap: HeapSize,
    /// What was tried against what hurts, where somebody did.
    pub treatment: Option<Box<Treatment>>,
}

/// What became of young objects, summed up over all scavenges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survival {
    /// Bytes that survived a scavenge, by the number of scavenges that they had survived before.
    pub survived_bytes_by_age: [u64; MAX_AGE as usize + 1],
    /// Bytes copied within new space.
    pub copied_bytes: u64,
    /// Bytes that became old.
    pub promoted_bytes: u64,
    /// Bytes found dead, young and old.
    pub freed_bytes: u64,
}

/// How large a heap was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeapSize {
    /// The most at any time.
    pub peak: Peak,
    /// The sizes at pauses.
    pub curve: HeapCurve,
    /// How the semispaces changed their size, if they did.
    pub new_space: Option<Resizes>,
    /// Size of the old generation at which the next full collection was due in the end, if one was set.
    pub old_limit_bytes: Option<u64>,
    /// The maximum of old space that the near-limit callback has set, if it did.
    pub max_old_raised_to_bytes: Option<u64>,
    /// Share of the old generation's pages that holds no object, in millionths, after the last pause.
    pub fragmentation_ppm: Option<u32>,
    /// Most entries that the remembered set had at the start of a pause.
    pub peak_remembered_entries: u64,
    /// Allocations that could not be met.
    pub refused_allocations: u64,
}

impl PauseReport {
    /// Sums up a run from what was known at its start, its events, and what was known at its end.
    #[must_use]
    pub fn new(run: RunInfo, timeline: &Timeline, end: RunEnd) -> Self {
        let by_kind = timeline.pauses_by_kind.iter();
        let windows = WINDOWS.iter();
        PauseReport {
            pauses: timeline.pauses.percentiles(),
            pauses_by_kind: by_kind.clone().map(|(kind, pauses)| (*kind, pauses.percentiles())).collect(),
            durations_by_kind: by_kind.map(|(kind, pauses)| (*kind, pauses.clone())).collect(),
            log: timeline.log.clone(),
            collections: timeline.collections.iter().map(|(key, tally)| (key.clone(), *tally)).collect(),
            phases: timeline.phases.iter().map(|(key, tally)| (*key, *tally)).collect(),
            mutator_share: timeline.stops.mutator_share(end.at),
            worst_windows: windows.map(|&w| (w, timeline.stops.worst_window(w, end.at))).collect(),
            stops: timeline.stops.clone(),
            idle: timeline.idle,
            compactions: timeline.compactions,
            survival: Survival::of(timeline),
            heap: HeapSize::of(timeline, &end),
            treatment: None,
            run,
            end,
        }
    }

    /// The worst windows from 1 ms up to 10 s, where the run was long enough: the curve of minimum mutator utilisation. Takes a
    /// pass over all pauses for each window.
    #[must_use]
    pub fn utilisation_curve(&self) -> Vec<WorstWindow> {
        self.stops.curve(self.end.at)
    }

    /// Operations a second; none if no time has passed, or operations are not counted.
    #[must_use]
    pub fn operations_per_second(&self) -> Option<f64> {
        self.end.counts_operations().then(|| self.per_second(self.end.operations))?
    }

    /// Bytes allocated a second; none if no time has passed, or a log does not tell.
    #[must_use]
    pub fn allocated_bytes_per_second(&self) -> Option<f64> {
        self.tells_memory().then(|| self.per_second(self.end.allocated_bytes))?
    }

    /// Whether it is known how much memory was in use: logs of Shenandoah, for one, tell it of no pause.
    #[must_use]
    pub fn tells_memory(&self) -> bool {
        self.run.collector.is_none() || self.heap.peak.used_bytes > 0
    }

    fn per_second(&self, count: u64) -> Option<f64> {
        let seconds = self.end.at.0 as f64 / 1e9;
        (seconds > 0.0).then(|| count as f64 / seconds)
    }
}

impl Survival {
    fn of(timeline: &Timeline) -> Self {
        Survival {
            survived_bytes_by_age: timeline.survived_bytes_by_age,
            copied_bytes: timeline.copied_bytes,
            promoted_bytes: timeline.promoted_bytes,
            freed_bytes: timeline.freed_bytes,
        }
    }
}

impl HeapSize {
    fn of(timeline: &Timeline, end: &RunEnd) -> Self {
        HeapSize {
            peak: timeline.peak.with(&end.usage),
            curve: timeline.curve.clone(),
            new_space: timeline.new_space,
            old_limit_bytes: timeline.old_limit_bytes,
            max_old_raised_to_bytes: timeline.max_old_raised_to_bytes,
            fragmentation_ppm: timeline.fragmentation_ppm,
            peak_remembered_entries: timeline.peak_remembered_entries,
            refused_allocations: timeline.refused_allocations,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{PauseReport, Text};
    use crate::collector::Collector;
    use crate::record::sample;
    use crate::run::{RunEnd, RunInfo, Setting, SettingValue};
    use crate::timeline::Timeline;
    use crate::worker::WorkerReport;
    use gc_core::event::{Cause, Event, EventSink, Nanos, PauseKind, Phase};

    /// The report of the sample run.
    pub(crate) fn sample_report() -> PauseReport {
        report_of(sample::events())
    }

    /// The report of the sample run with a step in idle time and a compaction of each way after it.
    pub(crate) fn eventful_report() -> PauseReport {
        let pauses = [
            sample::step(50, Cause::MarkingDue),
            sample::step(51, Cause::Idle),
            sample::compaction(52, Phase::Evacuate),
            sample::compaction(53, Phase::Compact),
        ];
        let more = pauses.map(|pause| Event::PauseEnded(Box::new(pause)));
        report_of(sample::events().into_iter().chain(more))
    }

    /// The report of the sample run with two workers, the first of which has been replaced twice.
    pub(crate) fn report_with_workers() -> PauseReport {
        let mut report = sample_report();
        let replaced = WorkerReport {
            jobs: 500,
            heaps: 3,
            replaced_at_jobs: vec![120, 371],
            minor_collections: 40,
            full_collections: 4,
            pauses: 90,
            total: Nanos(9_000_000),
            longest: Nanos(1_200_000),
            peak_total_bytes: 10 << 20,
            slowest_start_ns: Some(40_000),
        };
        let (heaps, replaced_at_jobs) = (1, Vec::new());
        let calm = WorkerReport { heaps, replaced_at_jobs, slowest_start_ns: None, ..replaced.clone() };
        report.end.workers = [replaced, calm].into();
        report
    }

    fn report_of(events: impl IntoIterator<Item = Event>) -> PauseReport {
        let mut timeline = Timeline::default();
        events.into_iter().for_each(|event| timeline.event(&event));
        let setting = |name, value, default| {
            Setting::new(name, SettingValue::Integer(value), &SettingValue::Integer(default))
        };
        let run = RunInfo {
            workload: "ring".into(),
            parameters: vec![setting("slots", 200_000, 200_000), setting("seed", 1, 0)],
            settings: vec![setting("new_space.max_bytes", 4 << 20, 0), setting("promotion.age", 1, 1)],
            ..RunInfo::default()
        };
        PauseReport::new(run, &timeline, sample::run_end())
    }

    #[test]
    fn pauses_are_reported_by_kind_and_overall() {
        let report = sample_report();
        let counts: Vec<_> = report.pauses_by_kind.iter().map(|(kind, found)| (*kind, found.count)).collect();
        assert_eq!(counts, [(PauseKind::Minor, 45), (PauseKind::Full, 5)]);
        assert_eq!((report.pauses.count, report.pauses.max), (50, Nanos(1_050_000)));
    }

    #[test]
    fn the_worst_window_of_a_millisecond_is_the_longest_pause() {
        let shares: Vec<_> =
            sample_report().worst_windows.iter().map(|(_, worst)| worst.map(|w| w.stopped)).collect();
        assert_eq!(shares[0], Some(Nanos(1_000_000)));
        assert_eq!(shares[2].map(|stopped| stopped > Nanos(9_000_000)), Some(true));
    }

    #[test]
    fn a_run_that_took_no_time_has_no_rates() {
        let report = PauseReport::new(RunInfo::default(), &Timeline::default(), RunEnd::default());
        assert_eq!((report.operations_per_second(), report.allocated_bytes_per_second()), (None, None));
        assert_eq!(report.mutator_share, 1.0);
    }

    #[test]
    fn of_a_log_that_tells_no_memory_none_is_shown() {
        let mut report = sample_report();
        report.run.collector = Some(Collector { name: "HotSpot Shenandoah".into(), untold: Vec::new() });
        report.heap.peak.used_bytes = 0;
        assert_eq!(report.allocated_bytes_per_second(), None);
        let text = Text(&report).to_string();
        assert!(
            !text.contains("  heap  ") && !text.contains("  survival ") && text.contains("  pauses "),
            "{text}"
        );
    }

    #[test]
    fn rates_are_those_of_the_heap_s_clock() {
        let report = sample_report();
        let per_second = report.operations_per_second().expect("time has passed");
        assert!((per_second - 1e6 / 0.102).abs() < 1.0, "{per_second}");
    }
}
