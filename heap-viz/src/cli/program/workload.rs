//! Workloads.

use super::super::failure::Failure;
use super::super::progress::Progress;
use super::{Onlookers, live_heap, machine_memory};
use gc_core::event::Nanos;
use gc_core::{Config, Heap};
use heap_viz::quantity::{Bytes, Size};
use heap_viz::{Durations, PauseReport, Percentiles, RunEnd, Verdict};
use workloads::{Latencies, Outcome, Workload, WorkloadError};

/// Runs a workload on a heap of its own.
pub(super) fn run(
    workload: &dyn Workload,
    config: Config,
    onlookers: Onlookers,
    progress: &Progress,
) -> Result<RunEnd, Failure> {
    let mut heap = Heap::new(config).map_err(Failure::Heap)?;
    heap.set_sink(onlookers.sink);
    onlookers.watcher.into_iter().for_each(|watcher| heap.watch(watcher));
    Ok(drive(workload, &mut heap, progress))
}

fn drive(workload: &dyn Workload, heap: &mut Heap, progress: &Progress) -> RunEnd {
    let start = heap.now();
    let mut share_done = 0.0;
    let mut end = RunEnd::default();
    let mut show = |share| {
        share_done = share;
        progress.show(share);
    };
    let outcome = workload.run_and_look(heap, &mut show, &mut |heap| end = look(workload, heap));
    match outcome {
        Ok(outcome) => passed(end, start, &outcome),
        Err(error) => {
            let limit = Bytes(heap.config().max_old_bytes);
            failed(end, &error, limit, share_done, workload)
        }
    }
}

/// What there is to see in a heap when its run ends. The census comes last: it takes time and memory.
fn look(workload: &dyn Workload, heap: &Heap) -> RunEnd {
    let end = RunEnd {
        at: heap.now(),
        operation: workload.operation().into(),
        allocated_bytes: heap.stats().work.allocated_bytes,
        usage: heap.usage(),
        committed_bytes: heap.memory_usage().rss,
        machine: machine_memory(&heap.config().clock),
        ..RunEnd::default()
    };
    RunEnd { live: Some(live_heap(&heap.snapshot())), ..end }
}

/// What to do about a run that failed.
pub(super) fn tip(workload: &dyn Workload, report: &PauseReport) -> String {
    match report.heap.refused_allocations {
        0 => "the collector is wrong, not the settings: please report it".into(),
        _ => larger_heap(workload),
    }
}

fn larger_heap(workload: &dyn Workload) -> String {
    let live_bytes = workload.live_bytes();
    let enough = Size(live_bytes.saturating_mul(2).checked_next_power_of_two().unwrap_or(u64::MAX));
    format!("it keeps about {} alive: try `--max-old {enough}`", Bytes(live_bytes))
}

/// The time of a run ends with its last operation: the check of its result is not the program's work.
fn passed(end: RunEnd, start: Nanos, outcome: &Outcome) -> RunEnd {
    RunEnd {
        at: Nanos(start.0 + outcome.elapsed.0),
        verdict: Verdict::Passed { checksum: outcome.checksum },
        operations: outcome.operations,
        latencies: outcome.latencies.as_ref().map(percentiles),
        ..end
    }
}

fn failed(
    end: RunEnd,
    error: &WorkloadError,
    limit: Bytes,
    share_done: f64,
    workload: &dyn Workload,
) -> RunEnd {
    let reason = match error {
        WorkloadError::HeapFull(full) => {
            let requested = Bytes(full.requested_bytes());
            format!("no room for {requested:#} in an old space of {limit:#}")
        }
        other => other.to_string(),
    };
    let operations = (workload.operations() as f64 * share_done) as u64;
    RunEnd { verdict: Verdict::Failed { reason }, operations, ..end }
}

fn percentiles(latencies: &Latencies) -> Percentiles {
    let mut durations = Durations::default();
    latencies.iter().for_each(|latency| durations.record(latency));
    Percentiles { max: latencies.worst(), ..durations.percentiles() }
}
