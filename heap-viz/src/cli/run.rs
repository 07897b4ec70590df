//! `tenure run`.

use super::failure::{FailedRun, Failure};
use super::machine::machine_memory;
use super::plan::{PlannedRun, RunPlan};
use super::progress::Progress;
use super::recording::Recording;
use super::report::{print_all, print_one};
use super::stdout::Stdout;
use gc_core::Heap;
use gc_core::event::Nanos;
use heap_viz::quantity::{Bytes, Size};
use heap_viz::{ClockKind, Durations, PauseReport, Percentiles, RunEnd, Shared, Timeline, Verdict};
use workloads::{Latencies, Outcome, Workload, WorkloadError};

/// Makes the runs of a plan and reports on each.
pub(crate) fn run(plan: &RunPlan, stdout: &mut Stdout) -> Result<(), Failure> {
    advise(plan);
    let recording = Recording::start(plan)?;
    let mut reports = Vec::new();
    for (index, planned) in plan.runs.iter().enumerate() {
        let report = planned.make(plan, &recording, &progress(plan, index))?;
        print_one(index, &report, plan.format, stdout)?;
        reports.push(report);
        if !stdout.is_open() && plan.events.is_none() {
            break;
        }
    }
    recording.finish()?;
    print_all(&reports, plan.format, stdout)?;
    verdict(plan, &reports)
}

/// Says what is wrong with the measurements to come, if anything.
fn advise(plan: &RunPlan) {
    if cfg!(debug_assertions) && plan.heap.clock() == ClockKind::Measured {
        eprintln!("note: this is an unoptimised build: times mean little, take a `--release` one");
    }
}

/// A bar, unless a log scrolls by: that shows that something happens.
fn progress(plan: &RunPlan, index: usize) -> Progress {
    match plan.log {
        Some(_) => Progress::hidden(),
        None => Progress::new(&plan.runs[index].info.workload, index + 1, plan.runs.len()),
    }
}

fn verdict(plan: &RunPlan, reports: &[PauseReport]) -> Result<(), Failure> {
    let runs = plan.runs.iter().zip(reports);
    let failed: Vec<_> = runs.filter_map(|(planned, report)| planned.failure(report)).collect();
    if failed.is_empty() { Ok(()) } else { Err(Failure::Runs(failed)) }
}

impl PlannedRun {
    fn make(
        &self,
        plan: &RunPlan,
        recording: &Recording,
        progress: &Progress,
    ) -> Result<PauseReport, Failure> {
        let timeline = Shared::new(Timeline::default());
        let mut heap = Heap::new(plan.heap.config()).map_err(Failure::Heap)?;
        heap.set_sink(recording.sink(timeline.clone()));
        recording.run_started(&self.info);
        let end = self.drive(&mut heap, progress);
        recording.run_ended(&end);
        let report = PauseReport::new(self.info.clone(), &timeline.lock(), end);
        Ok(report)
    }

    fn drive(&self, heap: &mut Heap, progress: &Progress) -> RunEnd {
        let start = heap.now();
        let mut share_done = 0.0;
        let outcome = self.workload.run(heap, &mut |share| {
            share_done = share;
            progress.show(share);
        });
        let common = RunEnd {
            at: heap.now(),
            operation: self.workload.operation().into(),
            allocated_bytes: heap.stats().work.allocated_bytes,
            usage: heap.usage(),
            committed_bytes: heap.memory_usage().rss,
            machine: (self.info.clock == ClockKind::Measured).then(machine_memory),
            ..RunEnd::default()
        };
        match outcome {
            Ok(outcome) => passed(common, start, &outcome),
            Err(error) => {
                let limit = Bytes(heap.config().max_old_bytes);
                failed(common, &error, limit, share_done, &*self.workload)
            }
        }
    }

    /// What to tell of the run, if it failed.
    fn failure(&self, report: &PauseReport) -> Option<FailedRun> {
        let Verdict::Failed { reason } = &report.end.verdict else { return None };
        let tip = match report.heap.refused_allocations {
            0 => "the collector is wrong, not the settings: please report it".into(),
            _ => self.larger_heap(),
        };
        Some(FailedRun { workload: self.info.workload.clone(), reason: reason.clone(), tip })
    }

    fn larger_heap(&self) -> String {
        let live_bytes = self.workload.live_bytes();
        let enough = Size(live_bytes.saturating_mul(2).checked_next_power_of_two().unwrap_or(u64::MAX));
        format!("it keeps about {} alive: try `--max-old {enough}`", Bytes(live_bytes))
    }
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
