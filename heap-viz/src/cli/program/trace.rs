//! Traces.

use super::super::failure::Failure;
use super::super::mapped_file::MappedFile;
use super::super::progress::Progress;
use super::super::trace_recording::TraceRecording;
use super::Onlookers;
use super::workload::{finish, larger_heap, no_room};
use gc_core::{Config, Heap};
use heap_viz::quantity::Bytes;
use heap_viz::{Origin, RunEnd, Setting, SettingValue, Verdict};
use std::path::{Path, PathBuf};
use workloads::trace::{Replay, ReplayError, Replayed, Totals, TraceFile, TraceHeader};

/// A program that was recorded.
#[derive(Debug)]
pub(crate) struct Recorded {
    path: PathBuf,
    file: MappedFile,
    header: TraceHeader,
    totals: Totals,
}

impl Recorded {
    /// Opens a trace, of which start and end are read.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let file = MappedFile::open(path)?;
        let trace =
            TraceFile::open(&file).map_err(|problem| Failure::Trace { path: path.into(), problem })?;
        let (header, totals) = (trace.header().clone(), *trace.totals());
        Ok(Recorded { path: path.into(), file, header, totals })
    }

    /// What was recorded, as parameters of the run.
    pub(crate) fn settings(&self) -> Vec<Setting> {
        let setting = |name: &str, value: &str| Setting {
            name: name.into(),
            value: SettingValue::Word(value.into()),
            origin: Origin::Default,
        };
        let source = setting("source", &self.header.source);
        let parameters = self.header.parameters.iter().map(|(name, value)| setting(name, value));
        std::iter::once(source).chain(parameters).collect()
    }

    /// Does it again on a heap of its own.
    pub(super) fn run(
        &self,
        config: Config,
        onlookers: Onlookers<'_>,
        mut recording: Option<&mut TraceRecording>,
        progress: &Progress,
    ) -> Result<RunEnd, Failure> {
        let trace = TraceFile::open(&self.file).map_err(|problem| self.failure(problem))?;
        let mut heap = Heap::new(config).map_err(Failure::Heap)?;
        let mut last_look = onlookers.attend(&mut heap);
        if let Some(recording) = &mut recording {
            heap.record(recording.log());
        }
        let (mut end, mut share_done) = (RunEnd::default(), 0.0);
        let mut show = |share| {
            share_done = share;
            progress.show(share);
        };
        let outcome = Replay::new(trace).run_and_end(&mut heap, &mut show, &mut |heap| {
            let seen = finish(heap, last_look.take(), recording.as_deref_mut());
            end = RunEnd { operation: "operation".into(), ..seen };
        });
        match outcome {
            Ok(replayed) => Ok(passed(end, &replayed)),
            Err(ReplayError::HeapFull(full)) => {
                let reason = no_room(&full, Bytes(heap.config().max_old_bytes));
                let operations = (self.totals.operations() as f64 * share_done) as u64;
                Ok(RunEnd { verdict: Verdict::Failed { reason }, operations, ..end })
            }
            Err(ReplayError::Trace(problem)) => Err(self.failure(problem)),
            Err(other) => unreachable!("a replay fails for want of room or by its trace: {other}"),
        }
    }

    fn failure(&self, problem: workloads::trace::TraceError) -> Failure {
        Failure::Trace { path: self.path.clone(), problem }
    }

    /// What to do about a replay that failed: for want of memory.
    pub(super) fn tip(&self) -> String {
        larger_heap(self.totals.peak_bytes)
    }
}

fn passed(end: RunEnd, replayed: &Replayed) -> RunEnd {
    let verdict = Verdict::Passed { checksum: replayed.checksum() };
    RunEnd { verdict, operations: replayed.operations, ..end }
}
