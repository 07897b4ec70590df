//! The tables of a page. Cells are written here, so that the page and the text report say the same.

use crate::collector::Figure;
use crate::pause_cause::PauseCause;
use crate::percentiles::Percentiles;
use crate::quantity::{Bytes, Share, Time};
use crate::report::{PauseReport, Tally};
use crate::run::{Origin, Setting, SettingValue};
use crate::type_names::without_paths;
use crate::worker::WorkerReport;
use gc_core::event::{MAX_AGE, PauseKind};
use serde::Serialize;

/// A table: a name, headings, and rows of cells. The first cell of a row names it.
#[derive(Serialize)]
pub(super) struct Table {
    name: &'static str,
    /// What the figures mean, in one sentence.
    note: &'static str,
    columns: Vec<&'static str>,
    rows: Vec<Row>,
}

#[derive(Serialize)]
pub(super) struct Row {
    cells: Vec<String>,
    /// The length of a bar behind the row, as a share of the longest.
    bar: Option<f64>,
}

/// All tables that there is something to say in.
pub(super) fn tables(report: &PauseReport) -> Vec<Table> {
    let all = [
        pauses(report),
        causes(report),
        survival(report),
        types(report),
        latencies(report),
        workers(report),
        compactions(report),
        settings(report),
        unread_lines(report),
    ];
    all.into_iter().filter(|table| !table.rows.is_empty()).collect()
}

fn row<const N: usize>(cells: [String; N], bar: Option<Share>) -> Row {
    Row { cells: cells.into(), bar: bar.map(|share| share.0) }
}

fn pauses(report: &PauseReport) -> Table {
    let kinds = report.pauses_by_kind.iter().map(|(kind, found)| percentiles(kind.name(), found));
    let all = (report.pauses.count > 0).then(|| percentiles("all", &report.pauses));
    Table {
        name: "Pauses",
        note: "How long the program was stopped at once: half of the pauses are no longer than p50, and so on.",
        columns: vec!["kind", "count", "p50", "p90", "p99", "p99.9", "max", "total"],
        rows: kinds.chain(all).collect(),
    }
}

fn percentiles(name: &str, found: &Percentiles) -> Row {
    let times = [found.p50, found.p90, found.p99, found.p99_9, found.max, found.total];
    let times = times.map(|time| Time(time).to_string());
    Row { cells: [name.into(), found.count.to_string()].into_iter().chain(times).collect(), bar: None }
}

fn causes(report: &PauseReport) -> Table {
    let longest = report.collections.iter().map(|(_, tally)| tally.total.0).max().unwrap_or(0);
    let of = |((kind, cause), tally): &((PauseKind, PauseCause), Tally)| {
        let cells = [
            format!("{}, {}", kind.name(), cause.name()),
            tally.count.to_string(),
            Time(tally.total).to_string(),
        ];
        row(cells, Some(Share::of(tally.total.0, longest)))
    };
    Table {
        name: "Causes",
        note: "Why pauses were made, and the time that those of each cause took together.",
        columns: vec!["kind and cause", "count", "total"],
        rows: report.collections.iter().map(of).collect(),
    }
}

fn survival(report: &PauseReport) -> Table {
    let allocated = report.end.allocated_bytes;
    let of = |name: String, bytes| {
        let share = Share::of(bytes, allocated);
        row([name, Bytes(bytes).to_string(), share.to_string()], Some(share))
    };
    let ages = &report.survival.survived_bytes_by_age[..usize::from(MAX_AGE)];
    let last = ages.iter().rposition(|&bytes| bytes > 0).map_or(0, |last| last + 1);
    let survived = ages[..last]
        .iter()
        .enumerate()
        .map(|(age, &bytes)| of(format!("survived scavenge {}", age + 1), bytes));
    let rows = [of("allocated".into(), allocated)].into_iter().chain(survived);
    let promoted = report.run.tells(Figure::Promotion);
    let promoted = promoted.then(|| of("became old".into(), report.survival.promoted_bytes));
    Table {
        name: "Survival",
        note: "Bytes that survived their first scavenge, their second, and so on, as a share of what was allocated.",
        columns: vec!["", "bytes", "share"],
        rows: if report.tells_memory() { rows.chain(promoted).collect() } else { Vec::new() },
    }
}

fn types(report: &PauseReport) -> Table {
    let live = report.end.live.clone().unwrap_or_default();
    let all = live.sum();
    let of = |name: String, objects: u64, bytes| {
        let share = Share::of(bytes, all.size_bytes);
        row([name, objects.to_string(), Bytes(bytes).to_string(), share.to_string()], Some(share))
    };
    let largest =
        live.largest().iter().map(|t| of(without_paths(&t.name).to_string(), t.objects, t.size_bytes));
    let others = Some(live.others()).filter(|others| others.types > 0);
    let others =
        others.map(|others| of(format!("{} others", others.types), others.objects, others.size_bytes));
    Table {
        name: "Alive at the end, by type",
        note: "What the roots still reached when the run was over.",
        columns: vec!["type", "objects", "bytes", "share"],
        rows: largest.chain(others).collect(),
    }
}

fn latencies(report: &PauseReport) -> Table {
    let operation = &report.end.operation;
    let all = report.end.latencies.iter().map(|found| percentiles(operation, found));
    let without = report.end.pauses_in_latencies.iter().filter(|pauses| pauses.share > 0.0);
    Table {
        name: "Latency of operations",
        note: "How long single operations of the program took, pauses within them included; and had no pause taken any time.",
        columns: vec!["operation", "count", "p50", "p90", "p99", "p99.9", "worst", "total"],
        rows: all.chain(without.map(|pauses| percentiles("less pauses", &pauses.without))).collect(),
    }
}

fn workers(report: &PauseReport) -> Table {
    let of = |(number, worker): (usize, &WorkerReport)| {
        let counts = [worker.jobs, worker.heaps.into(), worker.pauses].map(|count| count.to_string());
        let times = [worker.longest, worker.total].map(|time| Time(time).to_string());
        let peak = Bytes(worker.peak_total_bytes).to_string();
        Row {
            cells: [number.to_string()].into_iter().chain(counts).chain(times).chain([peak]).collect(),
            bar: None,
        }
    };
    Table {
        name: "Workers",
        note: "Heaps on threads of their own, whose pauses are in no other figure here. One that was full was replaced.",
        columns: vec!["worker", "jobs", "heaps", "pauses", "longest", "total", "peak"],
        rows: (1..).zip(&report.end.workers).map(of).collect(),
    }
}

fn compactions(report: &PauseReport) -> Table {
    let ways = [("slides", report.compactions.slides), ("evacuations", report.compactions.evacuations)];
    let of = |(name, way): &(&str, crate::report::Compaction)| {
        let shares = [way.before, way.after]
            .map(|pages| Share(pages.fragmentation_share().unwrap_or(0.0)).to_string());
        let [before, after] = shares;
        let moved = [
            way.tally.count.to_string(),
            Time(way.tally.total).to_string(),
            Bytes(way.moved_bytes).to_string(),
        ];
        let [count, total, bytes] = moved;
        row([(*name).into(), count, total, bytes, before, after], None)
    };
    Table {
        name: "Compaction",
        note: "Old objects moved together, and the share of old space's pages that held no object before and after.",
        columns: vec!["way", "count", "total", "moved", "free before", "free after"],
        rows: ways.iter().filter(|(_, way)| way.tally.count > 0).map(of).collect(),
    }
}

fn settings(report: &PauseReport) -> Table {
    let of = |setting: &Setting| row([setting.name.clone(), written(setting), origin(setting)], None);
    Table {
        name: "Parameters and settings",
        note: "Everything that is needed to make this run again.",
        columns: vec!["name", "value", ""],
        rows: report.run.parameters.iter().chain(&report.run.settings).map(of).collect(),
    }
}

fn unread_lines(report: &PauseReport) -> Table {
    let unread = report.end.unread_lines.clone().unwrap_or_default();
    let examples = unread.examples.iter().map(|line| row([line.number.to_string(), line.text.clone()], None));
    let others = unread.count - unread.examples.len() as u64;
    let others = (others > 0).then(|| row([format!("{others} more"), String::new()], None));
    Table {
        name: "Lines that were not understood",
        note: "Lines of the log that are damaged, or that the collector has not written.",
        columns: vec!["line", "text"],
        rows: examples.chain(others).collect(),
    }
}

fn written(setting: &Setting) -> String {
    match setting.value {
        SettingValue::Integer(bytes) if setting.name.ends_with("_bytes") => format!("{:#}", Bytes(bytes)),
        _ => setting.value.to_string(),
    }
}

fn origin(setting: &Setting) -> String {
    match setting.origin {
        Origin::Default => String::new(),
        Origin::Changed => "changed".into(),
    }
}
