//! What a workload is.

use crate::{Checksum, Latencies, Progress, WorkerSummary};
use gc_core::event::Nanos;
use gc_core::{Heap, HeapFull};
use std::fmt;

/// A program that drives a heap, and knows what it must find there.
///
/// Implementers say what to do ([`Workload::drive`]) and what must come out ([`Workload::expected_checksum`]);
/// callers use [`Workload::run`], which does the one, times it, and compares it with the other.
///
/// Rules for implementers:
///
/// 1. The same parameters make the same calls to the heap, whatever its configuration.
/// 2. A refused allocation is passed on at once; nothing panics.
/// 3. Handles are made in scopes, so that the handle stack does not grow with the number of operations.
/// 4. Nothing recurses deeper than a parameter bounds.
pub trait Workload: fmt::Debug + Send + Sync {
    /// What one operation is: "node", "push".
    fn operation(&self) -> &'static str;

    /// How many operations a run makes.
    fn operations(&self) -> u64;

    /// Bytes of heap objects alive when most are, headers included: an estimate to size heaps by.
    fn live_bytes(&self) -> u64;

    /// What a run must find, computed without a heap.
    fn expected_checksum(&self) -> u64;

    /// Makes the run, counting each operation in `progress`, and reports what it found on the heap.
    ///
    /// # Errors
    /// If the heap refuses an allocation.
    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull>;

    /// Makes a run and checks its result. `report` is given the share that is done, at most 200 times.
    ///
    /// No handle and no root outlives the run: after it, whatever the outcome, all its objects are garbage.
    ///
    /// # Errors
    /// If the heap refuses an allocation, or if the run did not find what it must.
    fn run(&self, heap: &mut Heap, report: &mut dyn FnMut(f64)) -> Result<Outcome, WorkloadError> {
        self.run_and_look(heap, report, &mut |_| ())
    }

    /// Makes a run like [`Workload::run`], and shows the heap to `look` once all operations are done, or one was refused.
    ///
    /// What the run keeps is alive at that moment, and afterwards it is not. The time that `look` takes is none of the run's.
    ///
    /// # Errors
    /// As [`Workload::run`].
    fn run_and_look(
        &self,
        heap: &mut Heap,
        report: &mut dyn FnMut(f64),
        look: &mut dyn FnMut(&Heap),
    ) -> Result<Outcome, WorkloadError> {
        self.run_and_end(heap, report, &mut |heap| look(heap))
    }

    /// Makes a run like [`Workload::run_and_look`], but what is shown the heap may change it: end its recording, say.
    ///
    /// # Errors
    /// As [`Workload::run`].
    fn run_and_end(
        &self,
        heap: &mut Heap,
        report: &mut dyn FnMut(f64),
        end: &mut dyn FnMut(&mut Heap),
    ) -> Result<Outcome, WorkloadError> {
        let mut progress = Progress::new(self.operations(), report);
        let start = heap.now();
        let (found, elapsed) = heap.scope(|heap| {
            let found = self.drive(heap, &mut progress);
            let elapsed = heap.now().since(start);
            end(heap);
            (found, elapsed)
        });
        let found = found?;
        check(self.expected_checksum(), found.checksum)?;
        Ok(Outcome {
            checksum: found.checksum,
            operations: progress.done(),
            operation: self.operation(),
            elapsed,
            latencies: found.latencies,
            workers: found.workers,
        })
    }
}

fn check(expected: u64, found: u64) -> Result<(), WorkloadError> {
    if expected == found { Ok(()) } else { Err(WorkloadError::WrongResult { expected, found }) }
}

/// What a run found on the heap, not yet checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Everything the run read back, in one number.
    pub checksum: u64,
    /// The latency of every operation, if the workload measures them.
    pub latencies: Option<Latencies>,
    /// Its workers, if it has any, in order.
    pub workers: Vec<WorkerSummary>,
}

impl From<Checksum> for Found {
    fn from(checksum: Checksum) -> Self {
        Found { checksum: checksum.value(), latencies: None, workers: Vec::new() }
    }
}

/// A run whose result was right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Everything the run read back, in one number: a function of the parameters.
    pub checksum: u64,
    /// How many operations were made.
    pub operations: u64,
    /// What one operation is: "node", "push".
    pub operation: &'static str,
    /// How long the run took by the heap's clock, collections included, the check excluded.
    pub elapsed: Nanos,
    /// The latency of every operation by the heap's clock, if the workload measures them.
    pub latencies: Option<Latencies>,
    /// Its workers with heaps of their own, if it has any, in order.
    pub workers: Vec<WorkerSummary>,
}

/// A run that came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WorkloadError {
    /// The heap refused an allocation: it is too small for this workload. The heap remains usable.
    HeapFull(HeapFull),
    /// The run did not find on the heap what it had put there: the collector is wrong.
    WrongResult {
        /// The checksum computed without a heap.
        expected: u64,
        /// The checksum of what was found.
        found: u64,
    },
}

impl From<HeapFull> for WorkloadError {
    fn from(full: HeapFull) -> Self {
        WorkloadError::HeapFull(full)
    }
}

impl fmt::Display for WorkloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WorkloadError::HeapFull(_) => write!(f, "the heap is too small for the workload"),
            WorkloadError::WrongResult { expected, found } => {
                write!(f, "the workload found {found:#018x} on the heap instead of {expected:#018x}")
            }
        }
    }
}

impl std::error::Error for WorkloadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            WorkloadError::HeapFull(full) => Some(full),
            WorkloadError::WrongResult { .. } => None,
        }
    }
}
