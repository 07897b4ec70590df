//! Where events go, besides the timeline that the report is made from.

use super::failure::Failure;
use super::plan::RunPlan;
use gc_core::event::{EventSink, Tee, TracingSink};
use heap_viz::log::{self, LogLevel};
use heap_viz::{EventsWriter, RunEnd, RunInfo, RunSink, Shared, Timeline, WholeFile};
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

/// The sinks that all runs of a plan share.
#[derive(Debug)]
pub(crate) struct Recording {
    events: Option<EventsRecording>,
    log: Option<LogLevel>,
}

#[derive(Debug)]
struct EventsRecording {
    /// As the user wrote it.
    path: PathBuf,
    file: WholeFile,
    writer: Shared<EventsWriter<BufWriter<File>>>,
}

impl Recording {
    /// Opens what the plan asks for: a file that cannot be written had better be known before the runs.
    pub(crate) fn start(plan: &RunPlan) -> Result<Self, Failure> {
        if let Some(level) = plan.log {
            log::start(level);
        }
        let events = plan.events.clone().map(EventsRecording::start).transpose()?;
        Ok(Recording { events, log: plan.log })
    }

    /// The sink for one run.
    pub(crate) fn sink(&self, timeline: Shared<Timeline>) -> Box<dyn EventSink> {
        let mut sink: Box<dyn EventSink> = Box::new(timeline);
        if let Some(events) = &self.events {
            sink = Box::new(Tee(sink, events.writer.clone()));
        }
        if self.log.is_some() {
            sink = Box::new(Tee(sink, TracingSink::default()));
        }
        sink
    }

    /// Records that a run starts.
    pub(crate) fn run_started(&self, info: &RunInfo) {
        self.events.iter().for_each(|events| events.writer.lock().run_started(info));
    }

    /// Records that the run has ended.
    pub(crate) fn run_ended(&self, end: &RunEnd) {
        self.events.iter().for_each(|events| events.writer.lock().run_ended(end));
    }

    /// Completes the file of events, once all heaps are gone.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        self.events.map_or(Ok(()), EventsRecording::finish)
    }
}

impl EventsRecording {
    fn start(path: PathBuf) -> Result<Self, Failure> {
        match WholeFile::create(&path) {
            Ok((file, out)) => {
                Ok(EventsRecording { path, file, writer: Shared::new(EventsWriter::new(out)) })
            }
            Err(source) => Err(Failure::Write { path, source }),
        }
    }

    fn finish(self) -> Result<(), Failure> {
        let written = self.writer.into_inner().map_or(Ok(()), |writer| writer.finish().map(drop));
        let committed = written.and_then(|()| self.file.commit());
        committed.map_err(|source| Failure::Write { path: self.path, source })
    }
}
