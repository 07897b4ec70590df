//! What a run runs.

mod lox;
mod trace;
mod workload;

use super::failure::Failure;
use super::progress::Progress;
use super::trace_recording::TraceRecording;
use gc_core::event::EventSink;
use gc_core::snapshot::{Snapshot, TypeTotal};
use gc_core::{ClockSource, Config};
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

impl Program {
    /// Runs it on a heap of its own, whose events `sink` gets, and which is recorded if there is a `trace` to be made.
    pub(crate) fn run(
        &self,
        config: Config,
        sink: Box<dyn EventSink>,
        trace: Option<&mut TraceRecording>,
        progress: &Progress,
    ) -> Result<RunEnd, Failure> {
        match self {
            Program::Workload(workload) => workload::run(&**workload, config, sink, trace, progress),
            Program::Lox(script) => script.run(config, sink, trace),
            Program::Trace(recorded) => recorded.run(config, sink, trace, progress),
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

fn live_heap(snapshot: &Snapshot) -> LiveHeap {
    let live_type = |total: &TypeTotal<'_>| LiveType {
        name: total.of.name().into(),
        objects: total.count,
        size_bytes: total.bytes,
    };
    LiveHeap { types: snapshot.census().iter().map(live_type).collect() }
}
