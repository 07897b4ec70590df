//! Where events go, besides the timeline that the report is made from.

use super::args::LogLevel;
use super::events_file::EventsFile;
use super::failure::Failure;
use super::plan::RunPlan;
use gc_core::event::{EventSink, Tee, TracingSink};
use heap_viz::{EventsWriter, RunEnd, RunInfo, Shared, Timeline};
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal};
use std::path::PathBuf;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::time::uptime;

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
    file: EventsFile,
    writer: Shared<EventsWriter<BufWriter<File>>>,
}

impl Recording {
    /// Opens what the plan asks for: a file that cannot be written had better be known before the runs.
    pub(crate) fn start(plan: &RunPlan) -> Result<Self, Failure> {
        if let Some(level) = plan.log {
            start_log(level);
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
        match EventsFile::create(&path) {
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

fn start_log(level: LogLevel) {
    let level = match level {
        LogLevel::Collections => LevelFilter::INFO,
        LogLevel::Phases => LevelFilter::DEBUG,
    };
    let colour =
        io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let log = tracing_subscriber::fmt().with_max_level(level).with_ansi(colour).with_target(false);
    log.with_timer(uptime()).with_writer(io::stderr).init();
}
