//! Reports for programs.

use super::{Compaction, IdleWork, PauseReport, Tally};
use crate::collector::{Collector, Figure, UnreadLines};
use crate::curve::CurvePoint;
use crate::diagnosis::{Diagnosis, Finding, Treatment};
use crate::latency::PausesInLatencies;
use crate::leak::LeakReport;
use crate::live::{LiveHeap, LiveSum};
use crate::pause_cause::PauseCause;
use crate::percentiles::Percentiles;
use crate::quantity::Share;
use crate::record::mirror::{CauseDef, NanosDef, PauseKindDef, PhaseDef, UsageDef};
use crate::run::{ClockKind, MachineMemory, Setting, SettingValue, Verdict};
use crate::utilisation::WorstWindow;
use crate::worker::WorkerReport;
use gc_core::event::{Cause, Nanos, PauseKind, Phase, Usage};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;

/// Writes reports as one JSON document, schema `tenure.report/1`: an object with `schema`, `version` and `runs`.
///
/// The schema is stable: fields are added, but none is taken away or changes its meaning before `/2`. Times are in
/// nanoseconds on the heap's clock (`_ns`), sizes in bytes (`_bytes`), shares from 0 to 1 (`_share`). Rates are null
/// where no time has passed, and other figures where a log of another runtime does not tell them. Under a modelled
/// clock there is no `machine`, and the document is the same everywhere.
#[derive(Clone, Copy, Debug)]
pub struct Json<'a>(pub &'a [PauseReport]);

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let document = Document {
            schema: "tenure.report/1",
            version: env!("CARGO_PKG_VERSION"),
            runs: self.0.iter().map(Run::of).collect(),
        };
        f.write_str(&serde_json::to_string_pretty(&document).map_err(|_| fmt::Error)?)
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'a str,
    version: &'a str,
    runs: Vec<Run<'a>>,
}

#[derive(Serialize)]
struct Run<'a> {
    workload: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    collector: Option<&'a Collector>,
    parameters: BTreeMap<&'a str, &'a SettingValue>,
    clock: ClockKind,
    settings: BTreeMap<&'a str, &'a SettingValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<&'a Verdict>,
    #[serde(with = "NanosDef")]
    elapsed_ns: Nanos,
    /// What hurts, the worst first.
    findings: Vec<Finding>,
    /// What a doctor has tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    treatment: Option<&'a Treatment>,
    throughput: Throughput<'a>,
    utilisation: Utilisation,
    pauses: Pauses<'a>,
    collections: Vec<Collections<'a>>,
    phases: Vec<PhaseTime>,
    idle: Idle,
    compactions: Compactions,
    survival: Survival,
    heap: Heap<'a>,
    live: Option<Live<'a>>,
    /// Where there was a watch for leaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    leaks: Option<&'a LeakReport>,
    latencies: Option<&'a Percentiles>,
    pauses_in_latencies: Option<&'a PausesInLatencies>,
    workers: &'a [WorkerReport],
    #[serde(skip_serializing_if = "Option::is_none")]
    machine: Option<MachineMemory>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unread_lines: Option<&'a UnreadLines>,
}

#[derive(Serialize)]
struct Throughput<'a> {
    operation: Option<&'a str>,
    operations: Option<u64>,
    operations_per_second: Option<f64>,
    allocated_bytes: u64,
    allocated_bytes_per_second: Option<f64>,
}

#[derive(Serialize)]
struct Utilisation {
    mutator_share: f64,
    minimum: Vec<MinimumUtilisation>,
}

/// `mutator_share` is null where the run was shorter than the window.
#[derive(Serialize)]
struct MinimumUtilisation {
    #[serde(with = "NanosDef")]
    window_ns: Nanos,
    mutator_share: Option<f64>,
    worst_window_start_ns: Option<u64>,
}

#[derive(Serialize)]
struct Pauses<'a> {
    all: &'a Percentiles,
    #[serde(serialize_with = "by_kind")]
    by_kind: &'a [(PauseKind, Percentiles)],
}

/// Of another runtime, `cause` is the nearest that Tenure has, and `words` are what its log says.
#[derive(Serialize)]
struct Collections<'a> {
    #[serde(with = "PauseKindDef")]
    kind: PauseKind,
    #[serde(with = "CauseDef")]
    cause: Cause,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<&'a str>,
    count: u64,
    #[serde(with = "NanosDef")]
    total_ns: Nanos,
}

#[derive(Serialize)]
struct PhaseTime {
    #[serde(with = "PauseKindDef")]
    kind: PauseKind,
    #[serde(with = "PhaseDef")]
    phase: Phase,
    #[serde(with = "NanosDef")]
    total_ns: Nanos,
}

/// What was done in the program's idle time, in pauses that count in `pauses` and `utilisation` too. A share is null
/// where there is nothing to have a share of.
#[derive(Serialize)]
struct Idle {
    count: u64,
    #[serde(with = "NanosDef")]
    total_ns: Nanos,
    pause_time_share: Option<f64>,
    marked_bytes: u64,
    marked_bytes_share: Option<f64>,
}

#[derive(Serialize)]
struct Compactions {
    slides: CompactionsOfOneWay,
    evacuations: CompactionsOfOneWay,
}

/// Shares of old space's pages that hold no live object; null where there was no such compaction.
#[derive(Serialize)]
struct CompactionsOfOneWay {
    count: u64,
    #[serde(with = "NanosDef")]
    total_ns: Nanos,
    moved_objects: u64,
    moved_bytes: u64,
    fragmentation_before_share: Option<f64>,
    fragmentation_after_share: Option<f64>,
}

/// Index 0 of the list is what survived its first scavenge.
#[derive(Serialize)]
struct Survival {
    survived_bytes_by_age: Option<Vec<u64>>,
    copied_bytes: Option<u64>,
    promoted_bytes: Option<u64>,
    freed_bytes: u64,
}

#[derive(Serialize)]
struct Heap<'a> {
    peak_used_bytes: u64,
    peak_total_bytes: Option<u64>,
    peak_external_bytes: Option<u64>,
    heap_used_bytes: u64,
    heap_total_bytes: Option<u64>,
    external_bytes: Option<u64>,
    committed_bytes: Option<u64>,
    by_space: Option<BySpace>,
    new_space_resizes: u64,
    new_space_capacity_bytes: Option<u64>,
    old_limit_bytes: Option<u64>,
    max_old_raised_to_bytes: Option<u64>,
    fragmentation_ppm: Option<u32>,
    peak_remembered_entries: Option<u64>,
    refused_allocations: u64,
    curve: &'a [CurvePoint],
}

#[derive(Serialize)]
struct BySpace(#[serde(with = "UsageDef")] Usage);

/// What was alive at the end; null where nobody looked.
#[derive(Serialize)]
struct Live<'a> {
    types: usize,
    objects: u64,
    size_bytes: u64,
    largest: Vec<LiveType<'a>>,
    others: LiveOthers,
}

#[derive(Serialize)]
struct LiveType<'a> {
    name: &'a str,
    objects: u64,
    size_bytes: u64,
    size_share: f64,
}

/// All types but the largest.
#[derive(Serialize)]
struct LiveOthers {
    types: usize,
    objects: u64,
    size_bytes: u64,
    size_share: f64,
}

impl<'a> Run<'a> {
    fn of(report: &'a PauseReport) -> Self {
        Run {
            workload: &report.run.workload,
            collector: report.run.collector.as_ref(),
            parameters: by_name(&report.run.parameters),
            clock: report.run.clock,
            settings: by_name(&report.run.settings),
            verdict: report.run.collector.is_none().then_some(&report.end.verdict),
            elapsed_ns: report.end.at,
            findings: Diagnosis::of(report).findings,
            treatment: report.treatment.as_deref(),
            throughput: Throughput::of(report),
            utilisation: Utilisation::of(report),
            pauses: Pauses { all: &report.pauses, by_kind: &report.pauses_by_kind },
            collections: collections(report),
            phases: phases(report),
            idle: Idle::of(&report.idle),
            compactions: Compactions::of(&report.compactions),
            survival: Survival::of(report),
            heap: Heap::of(report),
            live: report.end.live.as_ref().map(Live::of),
            leaks: report.end.leaks.as_ref(),
            latencies: report.end.latencies.as_ref(),
            pauses_in_latencies: report.end.pauses_in_latencies.as_deref(),
            workers: &report.end.workers,
            machine: report.end.machine,
            unread_lines: report.end.unread_lines.as_ref(),
        }
    }
}

impl<'a> Throughput<'a> {
    fn of(report: &'a PauseReport) -> Self {
        let counted = report.end.counts_operations();
        Throughput {
            operation: counted.then_some(&report.end.operation),
            operations: counted.then_some(report.end.operations),
            operations_per_second: report.operations_per_second(),
            allocated_bytes: report.end.allocated_bytes,
            allocated_bytes_per_second: report.allocated_bytes_per_second(),
        }
    }
}

impl<'a> Collections<'a> {
    fn of(kind: PauseKind, cause: &'a PauseCause, tally: &Tally) -> Self {
        let words = cause.words.as_deref();
        Collections { kind, cause: cause.nearest, words, count: tally.count, total_ns: tally.total }
    }
}

impl Utilisation {
    fn of(report: &PauseReport) -> Self {
        let minimum = report.worst_windows.iter().map(|(window, worst)| MinimumUtilisation {
            window_ns: *window,
            mutator_share: worst.as_ref().map(WorstWindow::mutator_share),
            worst_window_start_ns: worst.map(|worst| worst.start.0),
        });
        Utilisation { mutator_share: report.mutator_share, minimum: minimum.collect() }
    }
}

impl Idle {
    fn of(work: &IdleWork) -> Self {
        Idle {
            count: work.idle.pauses.count,
            total_ns: work.idle.pauses.total,
            pause_time_share: work.time_share(),
            marked_bytes: work.idle.marked_bytes,
            marked_bytes_share: work.marked_share(),
        }
    }
}

impl Compactions {
    fn of(compactions: &super::Compactions) -> Self {
        Compactions {
            slides: CompactionsOfOneWay::of(&compactions.slides),
            evacuations: CompactionsOfOneWay::of(&compactions.evacuations),
        }
    }
}

impl CompactionsOfOneWay {
    fn of(way: &Compaction) -> Self {
        CompactionsOfOneWay {
            count: way.tally.count,
            total_ns: way.tally.total,
            moved_objects: way.moved_objects,
            moved_bytes: way.moved_bytes,
            fragmentation_before_share: way.before.fragmentation_share(),
            fragmentation_after_share: way.after.fragmentation_share(),
        }
    }
}

impl Survival {
    fn of(report: &PauseReport) -> Self {
        let survival = &report.survival;
        Survival {
            survived_bytes_by_age: told(report, Figure::Ages, survival.survived_bytes_by_age.to_vec()),
            copied_bytes: told(report, Figure::Promotion, survival.copied_bytes),
            promoted_bytes: told(report, Figure::Promotion, survival.promoted_bytes),
            freed_bytes: report.survival.freed_bytes,
        }
    }
}

impl<'a> Heap<'a> {
    fn of(report: &'a PauseReport) -> Self {
        let (heap, usage) = (&report.heap, report.end.usage);
        Heap {
            peak_used_bytes: heap.peak.used_bytes,
            peak_total_bytes: told(report, Figure::Capacity, heap.peak.total_bytes),
            peak_external_bytes: told(report, Figure::External, heap.peak.external_bytes),
            heap_used_bytes: usage.heap_used(),
            heap_total_bytes: told(report, Figure::Capacity, usage.heap_total()),
            external_bytes: told(report, Figure::External, usage.external),
            committed_bytes: told(report, Figure::Committed, report.end.committed_bytes),
            by_space: told(report, Figure::Spaces, BySpace(usage)),
            new_space_resizes: heap.new_space.map_or(0, |resizes| resizes.count),
            new_space_capacity_bytes: heap.new_space.map(|resizes| resizes.last_bytes),
            old_limit_bytes: heap.old_limit_bytes,
            max_old_raised_to_bytes: heap.max_old_raised_to_bytes,
            fragmentation_ppm: told(report, Figure::Fragmentation, heap.fragmentation_ppm).flatten(),
            peak_remembered_entries: told(report, Figure::Remembered, heap.peak_remembered_entries),
            refused_allocations: heap.refused_allocations,
            curve: heap.curve.points(),
        }
    }
}

impl<'a> Live<'a> {
    fn of(live: &'a LiveHeap) -> Self {
        let LiveSum { types, objects, size_bytes } = live.sum();
        let others = live.others();
        Live {
            types,
            objects,
            size_bytes,
            largest: live.largest().iter().map(|of| LiveType::new(of, size_bytes)).collect(),
            others: LiveOthers {
                types: others.types,
                objects: others.objects,
                size_bytes: others.size_bytes,
                size_share: Share::of(others.size_bytes, size_bytes).0,
            },
        }
    }
}

impl<'a> LiveType<'a> {
    fn new(of: &'a crate::live::LiveType, all_bytes: u64) -> Self {
        LiveType {
            name: &of.name,
            objects: of.objects,
            size_bytes: of.size_bytes,
            size_share: Share::of(of.size_bytes, all_bytes).0,
        }
    }
}

/// A figure, if the run tells it: null in a log of another runtime that does not.
fn told<T>(report: &PauseReport, figure: Figure, value: T) -> Option<T> {
    report.run.tells(figure).then_some(value)
}

fn by_name(settings: &[Setting]) -> BTreeMap<&str, &SettingValue> {
    settings.iter().map(|setting| (setting.name.as_str(), &setting.value)).collect()
}

fn collections(report: &PauseReport) -> Vec<Collections<'_>> {
    report.collections.iter().map(|((kind, cause), tally)| Collections::of(*kind, cause, tally)).collect()
}

fn phases(report: &PauseReport) -> Vec<PhaseTime> {
    let rows = report.phases.iter();
    rows.map(|&((kind, phase), tally)| PhaseTime { kind, phase, total_ns: tally.total }).collect()
}

fn by_kind<S: Serializer>(rows: &[(PauseKind, Percentiles)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(rows.iter().map(|(kind, percentiles)| (kind.name(), percentiles)))
}

#[cfg(test)]
mod tests {
    use super::Json;
    use crate::live::LiveHeap;
    use crate::report::PauseReport;
    use crate::report::tests::{eventful_report, report_with_workers, sample_report};
    use serde_json::{Value, json};

    fn document() -> Value {
        document_of(sample_report())
    }

    fn document_of(report: PauseReport) -> Value {
        serde_json::from_str(&Json(&[report]).to_string()).expect("a JSON document")
    }

    #[track_caller]
    fn check_fields<const N: usize>(document: &Value, fields: [(&str, Value); N]) {
        for (pointer, value) in fields {
            assert_eq!(document["runs"][0].pointer(pointer), Some(&value), "{pointer}");
        }
    }

    #[test]
    fn the_document_names_schema_and_version() {
        assert_eq!(document()["schema"], "tenure.report/1");
        assert_eq!(document()["version"], env!("CARGO_PKG_VERSION"));
    }

    /// The stable schema: these fields stay.
    #[test]
    fn fields_of_a_run_are_where_programs_look_for_them() {
        let fields = [
            ("/workload", json!("ring")),
            ("/parameters/slots", json!(200_000)),
            ("/clock", json!("measured")),
            ("/settings/new_space.max_bytes", json!(4 << 20)),
            ("/verdict/status", json!("passed")),
            ("/verdict/checksum", json!("000000000000feed")),
            ("/elapsed_ns", json!(102_000_000)),
            ("/throughput/operation", json!("push")),
            ("/throughput/allocated_bytes", json!(50 << 20)),
            ("/utilisation/minimum/0/window_ns", json!(1_000_000)),
            ("/utilisation/minimum/0/mutator_share", json!(0.0)),
            ("/pauses/all/count", json!(50)),
            ("/pauses/by_kind/full/max_ns", json!(1_050_000)),
            ("/collections/0/kind", json!("minor")),
            ("/collections/0/cause", json!("new_space_full")),
            ("/phases/1/phase", json!("mark")),
            ("/survival/survived_bytes_by_age/1", json!(45 << 15)),
            ("/heap/peak_total_bytes", json!(16 << 20)),
            ("/heap/by_space/external_bytes", json!(1 << 19)),
            ("/heap/new_space_capacity_bytes", json!(2 << 20)),
            ("/heap/fragmentation_ppm", json!(12_345)),
            ("/heap/peak_remembered_entries", json!(49)),
            ("/heap/refused_allocations", json!(1)),
            ("/heap/curve/0/at_ns", json!(1_000_000)),
            ("/live/types", json!(10)),
            ("/live/objects", json!(38_500)),
            ("/live/size_bytes", json!(616_000)),
            ("/live/largest/1/name", json!("broker::Message")),
            ("/live/largest/1/objects", json!(8_100)),
            ("/live/largest/1/size_bytes", json!(129_600)),
            ("/live/largest/0/size_share", json!(160.0 / 616.0)),
            ("/live/others/types", json!(2)),
            ("/live/others/objects", json!(500)),
            ("/latencies/p50_ns", json!(70)),
            ("/pauses_in_latencies/without/max_ns", json!(300)),
            ("/pauses_in_latencies/share", json!(0.25)),
            ("/pauses_in_latencies/slowest_hundredth_share", json!(0.75)),
            ("/machine/process_rss_bytes", json!(30 << 20)),
        ];
        check_fields(&document(), fields);
    }

    #[test]
    fn idle_work_and_compactions_are_there_whether_there_were_any_or_not() {
        let none = [
            ("/idle/count", json!(0)),
            ("/idle/pause_time_share", json!(0.0)),
            ("/idle/marked_bytes_share", json!(null)),
            ("/compactions/slides/moved_bytes", json!(0)),
            ("/compactions/evacuations/fragmentation_before_share", json!(null)),
        ];
        check_fields(&document(), none);
        let some = [
            ("/idle/count", json!(1)),
            ("/idle/total_ns", json!(100_000)),
            ("/idle/marked_bytes", json!(3 << 20)),
            ("/idle/marked_bytes_share", json!(0.5)),
            ("/compactions/slides/count", json!(1)),
            ("/compactions/slides/total_ns", json!(50_000)),
            ("/compactions/evacuations/moved_objects", json!(1_000)),
            ("/compactions/evacuations/moved_bytes", json!(1 << 20)),
            ("/compactions/slides/fragmentation_before_share", json!(0.6)),
            ("/compactions/slides/fragmentation_after_share", json!(0.2)),
        ];
        check_fields(&document_of(eventful_report()), some);
    }

    #[test]
    fn workers_are_told_one_by_one() {
        check_fields(&document(), [("/workers", json!([]))]);
        let report = report_with_workers();
        let fields = [
            ("/workers/0/jobs", json!(500)),
            ("/workers/0/replaced_at_jobs", json!([120, 371])),
            ("/workers/0/longest_ns", json!(1_200_000)),
            ("/workers/0/slowest_start_ns", json!(40_000)),
            ("/workers/1/heaps", json!(1)),
            ("/workers/1/slowest_start_ns", json!(null)),
        ];
        check_fields(&document_of(report), fields);
    }

    #[test]
    fn a_heap_that_ends_empty_is_not_one_that_nobody_looked_at() {
        let mut report = sample_report();
        report.end.live = Some(LiveHeap::default());
        let empty =
            [("/live/objects", json!(0)), ("/live/largest", json!([])), ("/live/others/types", json!(0))];
        check_fields(&document_of(report.clone()), empty);
        report.end.live = None;
        check_fields(&document_of(report), [("/live", json!(null))]);
    }

    #[test]
    fn without_a_machine_there_is_no_word_of_it() {
        let mut report = sample_report();
        report.end.machine = None;
        assert!(!Json(&[report]).to_string().contains("machine"));
    }
}
