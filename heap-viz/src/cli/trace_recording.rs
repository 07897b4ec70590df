//! The trace that a run makes.

use super::failure::Failure;
use gc_core::record::MutationLog;
use heap_viz::{RunInfo, WholeFile};
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use workloads::trace::TraceRecorder;

/// What traces are written to.
type Out = BufWriter<File>;

/// A trace that is being written.
#[derive(Debug)]
pub(crate) struct TraceRecording {
    /// As the user wrote it.
    path: PathBuf,
    file: WholeFile,
    recorder: Recorder,
}

/// Where the recorder is.
#[derive(Debug)]
enum Recorder {
    /// Waiting for a heap.
    Ready(Box<TraceRecorder<Out>>),
    /// With the heap, or gone with it.
    Lent,
    /// Back, with all that the heap has told.
    Done(Box<dyn MutationLog>),
}

impl TraceRecording {
    /// Opens the file of a trace.
    pub(crate) fn start(path: &Path, run: &RunInfo) -> Result<Self, Failure> {
        let created = WholeFile::create(path);
        let (file, out) = created.map_err(|source| Failure::Write { path: path.into(), source })?;
        let parameters = run.parameters.iter().map(|one| (one.name.clone(), one.value.to_string())).collect();
        let recorder = Recorder::Ready(Box::new(TraceRecorder::new(out, &run.workload, parameters)));
        Ok(TraceRecording { path: path.into(), file, recorder })
    }

    /// What a heap is to tell.
    ///
    /// # Panics
    /// If another heap has it.
    pub(crate) fn log(&mut self) -> Box<dyn MutationLog> {
        match std::mem::replace(&mut self.recorder, Recorder::Lent) {
            Recorder::Ready(recorder) => recorder,
            other => panic!("one heap is recorded, but the log is {other:?}"),
        }
    }

    /// Takes the log back.
    pub(crate) fn take(&mut self, log: Option<Box<dyn MutationLog>>) {
        self.recorder = log.map_or(Recorder::Lent, Recorder::Done);
    }

    /// Completes the file.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let Recorder::Done(log) = self.recorder else { return Ok(()) };
        let written = TraceRecorder::<Out>::finish(log).map(drop as fn(Out));
        let committed: io::Result<()> = written.and_then(|()| self.file.commit());
        committed.map_err(|source| Failure::Write { path: self.path, source })
    }
}
