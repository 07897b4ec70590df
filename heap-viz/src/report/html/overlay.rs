//! What the page shows of a comparison: the table, and curves that lie over each other.

use crate::compare::{Comparison, Outcome, Row, Sample};
use crate::percentiles::Durations;
use crate::utilisation::WorstWindow;
use gc_core::event::Nanos;
use serde::Serialize;

/// One comparison.
#[derive(Serialize)]
pub(super) struct Overlay<'a> {
    /// The workload of all of them, or what each is of.
    workload: String,
    verdicts: Vec<String>,
    samples: Vec<SampleCurves<'a>>,
    rows: Vec<OverlayRow>,
}

/// A sample, and the curves of its first run.
#[derive(Serialize)]
struct SampleCurves<'a> {
    name: &'a str,
    runs: usize,
    end_ns: u64,
    /// The share of the pauses of any kind, and how long they are at most.
    percentiles: (Vec<f64>, Vec<u64>),
    /// The length of a window, and what the program had of the worst one.
    utilisation: (Vec<u64>, Vec<f64>),
    /// Time, and memory in use.
    heap: (Vec<u64>, Vec<u64>),
}

/// A metric: the means, written, and how each sample but the first differs.
#[derive(Serialize)]
struct OverlayRow {
    metric: &'static str,
    what: &'static str,
    means: Vec<String>,
    differences: Vec<Cell>,
}

#[derive(Serialize)]
struct Cell {
    text: String,
    outcome: &'static str,
}

impl<'a> Overlay<'a> {
    pub(super) fn of(comparison: &'a Comparison) -> Self {
        Overlay {
            workload: comparison.workloads(),
            verdicts: (1..comparison.samples.len()).map(|index| comparison.verdict(index)).collect(),
            samples: comparison.samples.iter().map(SampleCurves::of).collect(),
            rows: comparison.rows.iter().filter(|row| row.says_something()).map(OverlayRow::of).collect(),
        }
    }
}

impl<'a> SampleCurves<'a> {
    fn of(sample: &'a Sample) -> Self {
        let run = &sample.runs[0];
        let mut durations = Durations::default();
        run.durations_by_kind.iter().for_each(|(_, of_kind)| durations.add(of_kind));
        let quantiles = if run.pauses.count == 0 { Vec::new() } else { durations.quantiles() };
        let curve = run.utilisation_curve();
        let windows = curve.iter();
        let heap =
            run.log.cells().iter().flat_map(|cell| [(cell.start, cell.before), (cell.end, cell.after)]);
        SampleCurves {
            name: &sample.name,
            runs: sample.runs.len(),
            end_ns: run.end.at.0,
            percentiles: quantiles.into_iter().map(|(share, Nanos(ns))| (share, ns)).unzip(),
            utilisation: windows.map(|worst| (worst.window.0, WorstWindow::mutator_share(worst))).unzip(),
            heap: heap.map(|(Nanos(at), usage)| (at, usage.heap_used())).unzip(),
        }
    }
}

impl OverlayRow {
    fn of(row: &Row) -> Self {
        let unit = row.metric.unit;
        let cell = |difference: &crate::compare::Difference| Cell {
            text: difference.said(row.means[0], unit),
            outcome: match difference.outcome {
                Outcome::Better => "better",
                Outcome::Worse => "worse",
                Outcome::Other | Outcome::Same | Outcome::TooFewRuns => "",
            },
        };
        OverlayRow {
            metric: row.metric.name,
            what: row.metric.what,
            means: row.means.iter().map(|&mean| unit.write(mean)).collect(),
            differences: row.differences.iter().map(cell).collect(),
        }
    }
}
