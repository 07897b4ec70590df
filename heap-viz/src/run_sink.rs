//! Runs on their way from whoever makes or reads them to whoever reports on them or writes them down.

use crate::report::PauseReport;
use crate::run::{RunEnd, RunInfo};
use crate::timeline::Timeline;
use gc_core::event::{Event, EventSink, Pause};

/// Takes whole runs, one after the other: a start, the [events](gc_core::event), an end.
pub trait RunSink: EventSink {
    /// Takes note that a run starts.
    fn run_started(&mut self, info: &RunInfo);

    /// Takes a pause of another runtime, which its log tells all at once. `words` are that runtime's own for what the
    /// pause was and why; [`Pause::cause`] is the nearest that Tenure has.
    fn foreign_pause(&mut self, pause: &Pause, words: &str);

    /// Takes note that the run has ended.
    fn run_ended(&mut self, end: &RunEnd);
}

/// Makes a report of every run.
#[derive(Debug, Default)]
pub(crate) struct Reports {
    done: Vec<PauseReport>,
    info: RunInfo,
    timeline: Timeline,
}

impl Reports {
    /// The reports on the runs that have ended.
    pub(crate) fn finish(self) -> Vec<PauseReport> {
        self.done
    }
}

impl EventSink for Reports {
    fn event(&mut self, event: &Event) {
        self.timeline.event(event);
    }
}

impl RunSink for Reports {
    fn run_started(&mut self, info: &RunInfo) {
        self.info = info.clone();
        self.timeline = Timeline::default();
    }

    fn foreign_pause(&mut self, pause: &Pause, words: &str) {
        self.timeline.foreign_pause(pause, words);
    }

    fn run_ended(&mut self, end: &RunEnd) {
        self.done.push(PauseReport::new(std::mem::take(&mut self.info), &self.timeline, end.clone()));
    }
}
