//! The time that single phases of a collection take.

use gc_core::Heap;
use gc_core::event::{Event, Phase, Recorder};
use std::time::Duration;

/// Makes a full collection of `heap`, whose events go to `recorder`; the time that `phase` took.
pub fn time_of_full(heap: &mut Heap, recorder: &Recorder, phase: Phase) -> Duration {
    drop(recorder.take());
    heap.collect_full();
    let nanos = recorder.take().iter().map(|event| nanos_in(event, phase)).sum();
    Duration::from_nanos(nanos)
}

fn nanos_in(event: &Event, phase: Phase) -> u64 {
    match event {
        Event::PhaseEnded(end) if end.phase == phase => end.duration.0,
        _ => 0,
    }
}
