//! A run that is made again under other settings.

use super::effective::Effective;
use super::failure::Failure;
use super::plan::PlannedRun;
use super::program::Onlookers;
use super::progress::Progress;
use super::trace_recording::TraceRecording;
use gc_core::event::{EventSink, Tee};
use heap_viz::{PauseReport, RunInfo, Shared, Timeline};

impl PlannedRun {
    /// Makes the run on such a heap, which `more` looks at and which is recorded if there is a `trace` to be made.
    pub(crate) fn again(
        &self,
        heap: &Effective,
        more: Option<Box<dyn EventSink>>,
        trace: Option<&mut TraceRecording>,
    ) -> Result<PauseReport, Failure> {
        let timeline = Shared::new(Timeline::default());
        let sink: Box<dyn EventSink> = match more {
            Some(more) => Box::new(Tee(timeline.clone(), more)),
            None => Box::new(timeline.clone()),
        };
        let onlookers = Onlookers { sink, watchers: Vec::new(), last_look: None, sites: None };
        let end = self.program.run(heap.config(), onlookers, trace, &Progress::hidden())?;
        let info = RunInfo { settings: heap.settings(), clock: heap.clock(), ..self.info.clone() };
        Ok(PauseReport::new(info, &timeline.lock(), end))
    }
}
