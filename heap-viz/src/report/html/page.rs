//! The figures of a page: what `assets/report.js` draws.

use super::charts::Charts;
use super::tables::{Table, tables};
use crate::diagnosis::{Diagnosis, Finding};
use crate::quantity::{Bytes, Count, Share, Time};
use crate::report::PauseReport;
use crate::run::Verdict;
use gc_core::event::{Cause, PauseKind, Phase};
use serde::Serialize;

/// All of a page. Names that charts use by their index come once.
#[derive(Serialize)]
pub(super) struct Page<'a> {
    version: &'a str,
    kinds: [&'a str; PauseKind::ALL.len()],
    causes: [&'a str; Cause::ALL.len()],
    phases: [&'a str; Phase::ALL.len()],
    runs: Vec<Run<'a>>,
}

/// What is shown of one run, from top to bottom.
#[derive(Serialize)]
struct Run<'a> {
    name: &'a str,
    clock: &'a str,
    passed: bool,
    headline: String,
    findings: Vec<Finding>,
    tiles: Vec<Tile>,
    charts: Charts,
    tables: Vec<Table>,
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
        Page {
            version: env!("CARGO_PKG_VERSION"),
            kinds: PauseKind::ALL.map(PauseKind::name),
            causes: Cause::ALL.map(Cause::name),
            phases: Phase::ALL.map(Phase::name),
            runs: reports.iter().map(Run::of).collect(),
        }
    }
}

impl<'a> Run<'a> {
    fn of(report: &'a PauseReport) -> Self {
        let diagnosis = Diagnosis::of(report);
        Run {
            name: &report.run.workload,
            clock: report.run.clock.name(),
            passed: matches!(report.end.verdict, Verdict::Passed { .. }),
            headline: diagnosis.headline().into(),
            findings: diagnosis.findings,
            tiles: tiles(report),
            charts: Charts::of(report),
            tables: tables(report),
        }
    }
}

fn tiles(report: &PauseReport) -> Vec<Tile> {
    let tile = |name, value: String, note: String| Tile { name, value, note };
    let pauses = &report.pauses;
    let mut tiles = vec![
        tile("longest pause", Time(pauses.max).to_string(), format!("of {}", Count(pauses.count as f64))),
        tile("p99 pause", Time(pauses.p99).to_string(), format!("p50 {}", Time(pauses.p50))),
        tile(
            "program's share",
            Share(report.mutator_share).to_string(),
            format!("of {}", Time(report.end.at)),
        ),
        tile(
            "peak memory",
            Bytes(report.heap.peak.total_bytes).to_string(),
            format!("{} used", Bytes(report.heap.peak.used_bytes)),
        ),
    ];
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
