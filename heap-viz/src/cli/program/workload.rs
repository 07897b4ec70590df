//! Workloads.

use super::super::failure::Failure;
use super::super::progress::Progress;
use super::super::trace_recording::TraceRecording;
use super::{LastLook, Onlookers, machine_memory, with_live_heap};
use gc_core::event::Nanos;
use gc_core::{Config, Heap, HeapFull};
use heap_viz::quantity::{Bytes, Share, Size};
use heap_viz::{Durations, PauseReport, PausesInLatencies, Percentiles, RunEnd, Verdict, WorkerReport};
use workloads::{Latencies, Latency, Outcome, WorkerSummary, Workload, WorkloadError};

/// Runs a workload on a heap of its own.
pub(super) fn run(
    workload: &dyn Workload,
    config: Config,
    onlookers: Onlookers<'_>,
    mut trace: Option<&mut TraceRecording>,
    progress: &Progress,
) -> Result<RunEnd, Failure> {
    let mut heap = Heap::new(config).map_err(Failure::Heap)?;
    let last_look = onlookers.attend(&mut heap);
    if let Some(trace) = &mut trace {
        heap.record(trace.log());
    }
    Ok(drive(workload, &mut heap, trace, last_look, progress))
}

fn drive(
    workload: &dyn Workload,
    heap: &mut Heap,
    mut trace: Option<&mut TraceRecording>,
    mut last_look: Option<LastLook<'_>>,
    progress: &Progress,
) -> RunEnd {
    let mut share_done = 0.0;
    let mut end = RunEnd::default();
    let mut show = |share| {
        share_done = share;
        progress.show(share);
    };
    let outcome = workload.run_and_end(heap, &mut show, &mut |heap| {
        let seen = finish(heap, last_look.take(), trace.as_deref_mut());
        end = RunEnd { operation: workload.operation().into(), ..seen };
    });
    match outcome {
        Ok(outcome) => passed(end, &outcome),
        Err(error) => {
            let limit = Bytes(heap.config().max_old_bytes);
            failed(end, &error, limit, share_done, workload)
        }
    }
}

/// What there is to see in a heap when its run ends, and then the end of its recording, whose time is none of the run's.
pub(super) fn finish(
    heap: &mut Heap,
    last_look: Option<LastLook<'_>>,
    trace: Option<&mut TraceRecording>,
) -> RunEnd {
    let end = look(heap, last_look);
    if let Some(trace) = trace {
        trace.take(heap.stop_recording());
    }
    end
}

/// What there is to see in a heap. The census comes last: it takes time and memory.
fn look(heap: &Heap, last_look: Option<LastLook<'_>>) -> RunEnd {
    let end = RunEnd {
        at: heap.now(),
        allocated_bytes: heap.stats().work.allocated_bytes,
        usage: heap.usage(),
        committed_bytes: heap.memory_usage().rss,
        machine: machine_memory(&heap.config().clock),
        ..RunEnd::default()
    };
    with_live_heap(end, &heap.snapshot(), last_look)
}

/// What to do about a run that failed.
pub(super) fn tip(workload: &dyn Workload, report: &PauseReport) -> String {
    match report.heap.refused_allocations {
        0 => "the collector is wrong, not the settings: please report it".into(),
        _ => larger_heap(workload.live_bytes()),
    }
}

/// What to do about a heap that was too small for a program that keeps so much alive.
pub(super) fn larger_heap(live_bytes: u64) -> String {
    let enough = Size(live_bytes.saturating_mul(2).checked_next_power_of_two().unwrap_or(u64::MAX));
    match live_bytes {
        0 => "the machine may have refused memory: `--max-old` and the limits of the process say how much there may be".into(),
        _ => format!("it keeps about {} alive: try `--max-old {enough}`", Bytes(live_bytes)),
    }
}

fn passed(end: RunEnd, outcome: &Outcome) -> RunEnd {
    RunEnd {
        verdict: Verdict::Passed { checksum: outcome.checksum },
        operations: outcome.operations,
        latencies: outcome.latencies.as_ref().map(percentiles),
        pauses_in_latencies: outcome.latencies.as_ref().map(pauses_in_latencies).map(Box::new),
        workers: outcome.workers.iter().map(worker).collect(),
        ..end
    }
}

/// What is said of a refused allocation.
pub(super) fn no_room(full: &HeapFull, limit: Bytes) -> String {
    format!("no room for {:#} in an old space of {limit:#}", Bytes(full.requested_bytes()))
}

fn failed(
    end: RunEnd,
    error: &WorkloadError,
    limit: Bytes,
    share_done: f64,
    workload: &dyn Workload,
) -> RunEnd {
    let reason = match error {
        WorkloadError::HeapFull(full) => no_room(full, limit),
        other => other.to_string(),
    };
    let operations = (workload.operations() as f64 * share_done) as u64;
    RunEnd { verdict: Verdict::Failed { reason }, operations, ..end }
}

fn percentiles(latencies: &Latencies) -> Percentiles {
    let times = durations(latencies.iter().map(|latency| latency.time));
    Percentiles { max: latencies.worst(), ..times.percentiles() }
}

fn durations(times: impl Iterator<Item = Nanos>) -> Durations {
    let mut durations = Durations::default();
    times.for_each(|time| durations.record(time));
    durations
}

fn pauses_in_latencies(latencies: &Latencies) -> PausesInLatencies {
    let without = durations(latencies.iter().map(Latency::without_pauses));
    PausesInLatencies {
        without: Percentiles { max: latencies.worst_without_pauses(), ..without.percentiles() },
        share: share_of_pauses(latencies.iter()),
        slowest_hundredth_share: share_of_pauses(latencies.slowest_hundredth().into_iter()),
    }
}

fn worker(worker: &WorkerSummary) -> WorkerReport {
    WorkerReport {
        jobs: worker.jobs,
        heaps: worker.heaps,
        replaced_at_jobs: worker.replaced_at.clone(),
        minor_collections: worker.minor_collections,
        full_collections: worker.full_collections,
        pauses: worker.pauses,
        total: worker.time_in_pauses,
        longest: worker.longest_pause,
        peak_total_bytes: worker.peak_total_bytes,
        slowest_start_ns: worker.slowest_start.map(|start| start.0),
    }
}

/// Share of these latencies together that is due to pauses; none of nothing.
fn share_of_pauses(latencies: impl Iterator<Item = Latency>) -> f64 {
    let add =
        |(all, pauses): (u64, u64), latency: Latency| (all + latency.time.0, pauses + latency.by_pauses.0);
    let (all, pauses) = latencies.fold((0, 0), add);
    Share::of(pauses, all).0
}

#[cfg(test)]
mod tests {
    use super::super::Onlookers;
    use super::run;
    use crate::cli::progress::Progress;
    use gc_core::{ClockSource, Config, Heap, HeapFull};
    use heap_viz::{EventsWriter, RunInfo, RunSink, Shared, read_reports};
    use std::thread;
    use std::time::Duration;
    use workloads::{Checksum, Found, Workload};

    /// Ends with a collection, and is taken away the processor before it begins.
    #[derive(Debug)]
    struct Interrupted;

    impl Workload for Interrupted {
        fn operation(&self) -> &'static str {
            "collection"
        }

        fn operations(&self) -> u64 {
            thread::sleep(Duration::from_millis(20));
            1
        }

        fn live_bytes(&self) -> u64 {
            0
        }

        fn expected_checksum(&self) -> u64 {
            Checksum::default().value()
        }

        fn drive(&self, heap: &mut Heap, _: &mut workloads::Progress<'_>) -> Result<Found, HeapFull> {
            heap.collect_full();
            Ok(Checksum::default().into())
        }
    }

    #[test]
    fn the_events_of_a_run_that_is_interrupted_before_it_begins_can_be_read() {
        let events = Shared::new(EventsWriter::new(Vec::new()));
        events.lock().run_started(&RunInfo::default());
        let sink = Box::new(events.clone());
        let onlookers = Onlookers { sink, watchers: Vec::new(), last_look: None, sites: None };
        let config = Config { clock: ClockSource::Measured, ..Config::default() };
        let end = run(&Interrupted, config, onlookers, None, &Progress::hidden()).expect("there is room");
        events.lock().run_ended(&end);
        let written =
            events.into_inner().expect("the heap is gone").finish().expect("memory takes everything");
        let reports = read_reports(&written[..]).expect("no pause ends after the run");
        assert_eq!(reports[0].pauses.count, 1);
    }
}
