//! The figures of a page: what `assets/report.js` draws.

use super::charts::{Charts, causes};
use super::overlay::Overlay;
use super::tables::{Table, tables};
use crate::collector::Figure;
use crate::compare::Comparison;
use crate::diagnosis::{Diagnosis, Finding, Treatment};
use crate::quantity::{Bytes, Count, Share, Time};
use crate::report::PauseReport;
use crate::run::Verdict;
use gc_core::event::{PauseKind, Phase};
use serde::Serialize;

/// All of a page. Names that charts use by their index come once.
#[derive(Serialize)]
pub(super) struct Page<'a> {
    version: &'a str,
    kinds: [&'a str; PauseKind::ALL.len()],
    phases: [&'a str; Phase::ALL.len()],
    runs: Vec<Run<'a>>,
    comparisons: Vec<Overlay<'a>>,
}

/// What is shown of one run, from top to bottom.
#[derive(Serialize)]
struct Run<'a> {
    name: &'a str,
    clock: &'a str,
    /// How it went, or where it is from if it is not Tenure's.
    outcome: String,
    causes: Vec<&'a str>,
    tells: Tells,
    headline: String,
    findings: Vec<Finding>,
    treatment: Option<&'a Treatment>,
    tiles: Vec<Tile>,
    charts: Charts,
    tables: Vec<Table>,
}

/// Figures that the logs of other runtimes may not tell; charts leave them out.
#[derive(Serialize)]
struct Tells {
    memory: bool,
    phases: bool,
    promotion: bool,
    spaces: bool,
    capacity: bool,
}

/// A figure that stands for itself.
#[derive(Serialize)]
struct Tile {
    name: &'static str,
    value: String,
    note: String,
}

impl<'a> Page<'a> {
    pub(super) fn of(reports: &'a [PauseReport]) -> Self {
        Page::new(reports.iter(), Vec::new())
    }

    /// All comparisons, and all runs that they are about.
    pub(super) fn of_comparisons(comparisons: &'a [Comparison]) -> Self {
        let samples = comparisons.iter().flat_map(|comparison| &comparison.samples);
        Page::new(samples.flat_map(|sample| &sample.runs), comparisons.iter().map(Overlay::of).collect())
    }

    fn new(runs: impl Iterator<Item = &'a PauseReport>, comparisons: Vec<Overlay<'a>>) -> Self {
        Page {
            version: env!("CARGO_PKG_VERSION"),
            kinds: PauseKind::ALL.map(PauseKind::name),
            phases: Phase::ALL.map(Phase::name),
            runs: runs.map(Run::of).collect(),
            comparisons,
        }
    }
}

impl<'a> Run<'a> {
    fn of(report: &'a PauseReport) -> Self {
        let diagnosis = Diagnosis::of(report);
        Run {
            name: &report.run.workload,
            clock: report.run.clock.name(),
            outcome: outcome(report),
            causes: causes(report),
            tells: Tells::of(report),
            headline: diagnosis.headline().into(),
            findings: diagnosis.findings,
            treatment: report.treatment.as_deref(),
            tiles: tiles(report),
            charts: Charts::of(report),
            tables: tables(report),
        }
    }
}

impl Tells {
    fn of(report: &PauseReport) -> Self {
        let tells = |figure| report.run.tells(figure);
        Tells {
            memory: report.tells_memory(),
            phases: tells(Figure::Phases),
            promotion: tells(Figure::Promotion),
            spaces: tells(Figure::Spaces),
            capacity: tells(Figure::Capacity),
        }
    }
}

fn outcome(report: &PauseReport) -> String {
    match (&report.run.collector, &report.end.verdict) {
        (Some(collector), _) => format!("from a log of {}", collector.name),
        (None, Verdict::Passed { .. }) => "passed".into(),
        (None, Verdict::Failed { .. }) => "failed".into(),
    }
}

fn tile(name: &'static str, value: String, note: String) -> Tile {
    Tile { name, value, note }
}

fn peak(report: &PauseReport) -> Tile {
    let used = Bytes(report.heap.peak.used_bytes);
    if report.run.tells(Figure::Capacity) {
        return tile("peak memory", Bytes(report.heap.peak.total_bytes).to_string(), format!("{used} used"));
    }
    tile("peak memory", used.to_string(), "in use".into())
}

/// What the program's share is of. A finding leaves out what the program gave away; this counts it as the collector's.
fn of_time(report: &PauseReport) -> String {
    let given = report.idle.idle.pauses.total;
    let idle = if given.0 > 0 { format!(", {} given to idle pauses", Time(given)) } else { String::new() };
    format!("of {}{idle}", Time(report.end.at))
}

fn tiles(report: &PauseReport) -> Vec<Tile> {
    let pauses = &report.pauses;
    let mut tiles = vec![
        tile("longest pause", Time(pauses.max).to_string(), format!("of {}", Count(pauses.count as f64))),
        tile("p99 pause", Time(pauses.p99).to_string(), format!("p50 {}", Time(pauses.p50))),
        tile("program's share", Share(report.mutator_share).to_string(), of_time(report)),
    ];
    if report.tells_memory() {
        tiles.push(peak(report));
    }
    let allocated = format!("{} allocated", Bytes(report.end.allocated_bytes));
    if let Some(rate) = report.allocated_bytes_per_second() {
        tiles.push(tile("allocation", format!("{}/s", Bytes(rate as u64)), allocated));
    }
    if let Some(rate) = report.operations_per_second() {
        let operation = format!("operation: {}", report.end.operation);
        tiles.push(tile("throughput", format!("{} /s", Count(rate)), operation));
    }
    tiles
}
