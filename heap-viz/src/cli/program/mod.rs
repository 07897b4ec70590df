//! What a run runs.

mod lox;
mod trace;
mod workload;

use super::allocation_sites::SiteSampler;
use super::failure::Failure;
use super::progress::Progress;
use super::trace_recording::TraceRecording;
use gc_core::event::EventSink;
use gc_core::snapshot::{Snapshot, TypeTotal};
use gc_core::{ClockSource, Config, Heap, Watcher};
use heap_viz::{LiveHeap, LiveType, MachineMemory, PauseReport, RunEnd};
pub(crate) use lox::Script;
pub(crate) use trace::Recorded;
use workloads::Workload;

/// What a run runs.
#[derive(Debug)]
pub(crate) enum Program {
    /// One of the workloads.
    Workload(Box<dyn Workload>),
    /// A program in Lox.
    Lox(Script),
    /// What a trace tells.
    Trace(Recorded),
}

/// Who looks on while a program runs.
pub(crate) struct Onlookers<'r> {
    /// Gets the events of the heap.
    pub(crate) sink: Box<dyn EventSink>,
    /// Look at the heap around each pause.
    pub(crate) watchers: Vec<Box<dyn Watcher>>,
    /// Gets what is alive when the program ends.
    pub(crate) last_look: Option<LastLook<'r>>,
    /// Gets to know who allocates, if the program can tell.
    pub(crate) sites: Option<SiteSampler>,
}

/// Looks at what is alive when a program ends, and adds to what is told of its run.
pub(crate) type LastLook<'r> = &'r mut dyn FnMut(&Snapshot, &mut RunEnd);

impl<'r> Onlookers<'r> {
    /// From now on they look at `heap`, but for who has a last look.
    fn attend(self, heap: &mut Heap) -> Option<LastLook<'r>> {
        heap.set_sink(self.sink);
        if !self.watchers.is_empty() {
            heap.watch(Box::new(self.watchers));
        }
        self.last_look
    }
}

impl Program {
    /// Runs it on a heap of its own, which is recorded if there is a `trace` to be made.
    pub(crate) fn run(
        &self,
        config: Config,
        onlookers: Onlookers<'_>,
        trace: Option<&mut TraceRecording>,
        progress: &Progress,
    ) -> Result<RunEnd, Failure> {
        match self {
            Program::Workload(workload) => workload::run(&**workload, config, onlookers, trace, progress),
            Program::Lox(script) => script.run(config, onlookers, trace),
            Program::Trace(recorded) => recorded.run(config, onlookers, trace, progress),
        }
    }

    /// What to do about a run that failed, if there is anything to be done.
    pub(crate) fn tip(&self, report: &PauseReport) -> Option<String> {
        match self {
            Program::Workload(workload) => Some(workload::tip(&**workload, report)),
            Program::Lox(_) => lox::tip(report),
            Program::Trace(recorded) => Some(recorded.tip()),
        }
    }
}

/// The machine's memory, unless under a modelled clock, which knows no machine.
fn machine_memory(clock: &ClockSource) -> Option<MachineMemory> {
    (*clock == ClockSource::Measured).then(super::machine::machine_memory)
}

/// What is told of a run, with what was alive in the end.
fn with_live_heap(mut end: RunEnd, snapshot: &Snapshot, last_look: Option<LastLook<'_>>) -> RunEnd {
    end.live = Some(live_heap(snapshot));
    if let Some(last_look) = last_look {
        last_look(snapshot, &mut end);
    }
    end
}

fn live_heap(snapshot: &Snapshot) -> LiveHeap {
    let live_type = |total: &TypeTotal<'_>| LiveType {
        name: total.of.name().into(),
        objects: total.count,
        size_bytes: total.bytes,
    };
    LiveHeap { types: snapshot.census().iter().map(live_type).collect() }
}
