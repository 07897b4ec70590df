//! Figures of charts, in columns: an array for each quantity, which is how the charting library takes them.

use crate::pause_log::{LongestPause, PauseCell};
use crate::percentiles::{CLASSES_PER_DECADE, Durations};
use crate::report::PauseReport;
use gc_core::event::{Cause, Nanos, PauseKind, Phase, Usage};
use serde::Serialize;

/// Everything that is drawn of a run.
#[derive(Serialize)]
pub(super) struct Charts {
    end_ns: u64,
    pauses: Pauses,
    heap: Heap,
    histogram: Histogram,
    percentiles: Vec<PercentileCurve>,
    utilisation: Utilisation,
}

/// One entry for each cell of the log: its longest pause, and sums over all of its pauses.
#[derive(Default, Serialize)]
struct Pauses {
    start_ns: Vec<u64>,
    duration_ns: Vec<u64>,
    id: Vec<u64>,
    kind: Vec<usize>,
    /// Numbers within [`causes`].
    cause: Vec<usize>,
    copied_bytes: Vec<u64>,
    promoted_bytes: Vec<u64>,
    marked_bytes: Vec<u64>,
    freed_bytes: Vec<u64>,
    remembered: Vec<u64>,
    fragmentation_ppm: Vec<u32>,
    /// For each phase, by its number, the time in the longest pause. Phases that took no time at all are empty.
    phases_ns: Vec<Vec<u64>>,
    /// The end of the cell, and what its pauses sum up to.
    end_ns: Vec<u64>,
    count: Vec<u64>,
    stopped_ns: Vec<u64>,
    allocated_bytes: Vec<u64>,
    became_old_bytes: Vec<u64>,
    ends_full: Vec<bool>,
}

/// Two entries for each cell of the log: when its first pause started, and when its last one ended.
#[derive(Default, Serialize)]
struct Heap {
    at_ns: Vec<u64>,
    new_bytes: Vec<u64>,
    old_bytes: Vec<u64>,
    large_bytes: Vec<u64>,
    external_bytes: Vec<u64>,
    total_bytes: Vec<u64>,
}

/// Pauses by their length. Class `n` begins at 10 to the power of `n / classes_per_decade` nanoseconds.
#[derive(Serialize)]
struct Histogram {
    classes_per_decade: u32,
    first: u32,
    /// For each kind of pause that there was, its number and the count in each class from the first on.
    kinds: Vec<(usize, Vec<u64>)>,
}

/// What share of the pauses of a kind is no longer than what.
#[derive(Serialize)]
struct PercentileCurve {
    kind: usize,
    share: Vec<f64>,
    duration_ns: Vec<u64>,
}

/// The share of the time that the program had in the worst window of each length.
#[derive(Serialize)]
struct Utilisation {
    window_ns: Vec<u64>,
    mutator_share: Vec<f64>,
    start_ns: Vec<u64>,
}

/// The names of all causes of a run: Tenure's, and those of another runtime.
pub(super) fn causes(report: &PauseReport) -> Vec<&str> {
    let foreign = report.collections.iter().filter(|((_, cause), _)| cause.words.is_some());
    let mut causes: Vec<_> = Cause::ALL.iter().map(|cause| cause.name()).collect();
    causes.extend(foreign.map(|((_, cause), _)| cause.name()));
    causes
}

impl Charts {
    pub(super) fn of(report: &PauseReport) -> Self {
        let cells = report.log.cells();
        Charts {
            end_ns: report.end.at.0,
            pauses: Pauses::of(cells, &causes(report)),
            heap: Heap::of(cells, &report.end.usage, report.end.at),
            histogram: Histogram::of(&report.durations_by_kind),
            percentiles: report.durations_by_kind.iter().map(PercentileCurve::of).collect(),
            utilisation: Utilisation::of(report),
        }
    }
}

impl Pauses {
    fn of(cells: &[PauseCell], causes: &[&str]) -> Self {
        let mut pauses = Pauses { phases_ns: phases(cells), ..Pauses::default() };
        pauses.cause = cells.iter().map(|cell| number(causes, &cell.longest.cause.name())).collect();
        cells.iter().for_each(|cell| pauses.push(cell));
        pauses
    }

    fn push(&mut self, cell: &PauseCell) {
        self.push_longest(&cell.longest);
        self.end_ns.push(cell.end.0);
        self.count.push(cell.count);
        self.stopped_ns.push(cell.total.0);
        self.allocated_bytes.push(cell.allocated_bytes);
        self.became_old_bytes.push(cell.promoted_bytes);
        self.ends_full.push(cell.ends_full);
    }

    fn push_longest(&mut self, pause: &LongestPause) {
        self.start_ns.push(pause.start.0);
        self.duration_ns.push(pause.duration.0);
        self.id.push(pause.id);
        self.kind.push(number(&PauseKind::ALL, &pause.kind));
        self.copied_bytes.push(pause.copied_bytes);
        self.promoted_bytes.push(pause.promoted_bytes);
        self.marked_bytes.push(pause.marked_bytes);
        self.freed_bytes.push(pause.before.heap_used().saturating_sub(pause.after.heap_used()));
        self.remembered.push(pause.remembered_entries);
        self.fragmentation_ppm.push(pause.fragmentation_ppm);
    }
}

fn phases(cells: &[PauseCell]) -> Vec<Vec<u64>> {
    let times = |phase: usize| cells.iter().map(move |cell| cell.longest.phases[phase].0);
    let column = |phase| if times(phase).all(|time| time == 0) { Vec::new() } else { times(phase).collect() };
    (0..Phase::ALL.len()).map(column).collect()
}

fn number<T: PartialEq>(all: &[T], one: &T) -> usize {
    all.iter().position(|other| other == one).expect("the list is complete")
}

impl Heap {
    fn of(cells: &[PauseCell], end: &Usage, end_at: Nanos) -> Self {
        let mut heap = Heap::default();
        for cell in cells {
            heap.push(cell.start, &cell.before);
            heap.push(cell.end, &cell.after);
        }
        heap.push(end_at, end);
        heap
    }

    fn push(&mut self, at: Nanos, usage: &Usage) {
        self.at_ns.push(at.0);
        self.new_bytes.push(usage.new_used);
        self.old_bytes.push(usage.old_used);
        self.large_bytes.push(usage.large_used);
        self.external_bytes.push(usage.external);
        self.total_bytes.push(usage.heap_total());
    }
}

impl Histogram {
    fn of(durations: &[(PauseKind, Durations)]) -> Self {
        let classes: Vec<_> = durations.iter().map(|(kind, of_kind)| (*kind, of_kind.classes())).collect();
        let all = || classes.iter().flat_map(|(_, classes)| classes.iter().map(|class| class.number));
        let (first, last) = (all().min().unwrap_or(0), all().max().unwrap_or(0));
        let mut kinds = Vec::new();
        for (kind, classes) in &classes {
            let mut counts = vec![0; (last - first + 1) as usize];
            classes.iter().for_each(|class| counts[(class.number - first) as usize] = class.count);
            kinds.push((number(&PauseKind::ALL, kind), counts));
        }
        Histogram { classes_per_decade: CLASSES_PER_DECADE, first, kinds }
    }
}

impl PercentileCurve {
    fn of((kind, durations): &(PauseKind, Durations)) -> Self {
        let (share, times): (Vec<_>, Vec<_>) = durations.quantiles().into_iter().unzip();
        let duration_ns = times.iter().map(|time: &Nanos| time.0).collect();
        PercentileCurve { kind: number(&PauseKind::ALL, kind), share, duration_ns }
    }
}

impl Utilisation {
    fn of(report: &PauseReport) -> Self {
        let windows = report.utilisation_curve();
        Utilisation {
            window_ns: windows.iter().map(|worst| worst.window.0).collect(),
            mutator_share: windows.iter().map(|worst| worst.mutator_share()).collect(),
            start_ns: windows.iter().map(|worst| worst.start.0).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Charts;
    use crate::report::tests::{eventful_report, sample_report};

    #[test]
    fn columns_are_of_one_length() {
        let charts = Charts::of(&eventful_report());
        let (pauses, heap) = (&charts.pauses, &charts.heap);
        assert_eq!([pauses.kind.len(), pauses.cause.len(), pauses.count.len()], [54; 3]);
        assert!(pauses.phases_ns.iter().all(|phase| [0, 54].contains(&phase.len())));
        assert_eq!([heap.at_ns.len(), heap.old_bytes.len(), heap.total_bytes.len()], [109; 3]);
    }

    #[test]
    fn every_pause_is_in_the_histogram() {
        let charts = Charts::of(&sample_report());
        let counts = charts.histogram.kinds.iter().map(|(_, counts)| counts.iter().sum::<u64>());
        assert_eq!(counts.collect::<Vec<_>>(), [45, 5]);
    }
}
