//! Collections as `tracing` spans.

use super::{Event, EventSink};
use tracing::{Span, debug, debug_span, info, warn};

/// Turns every pause into a span named `pause`, opened when the program is stopped and closed when it goes on,
/// with one event a phase inside. Works with any subscriber.
#[derive(Debug, Default)]
pub struct TracingSink {
    pause: Option<Span>,
}

impl EventSink for TracingSink {
    fn event(&mut self, event: &Event) {
        match event {
            Event::PauseStarted(start) => {
                let (kind, cause) = (start.kind.name(), start.cause.name());
                self.pause = Some(debug_span!("pause", id = start.id, kind, cause));
            }
            Event::PhaseEnded(end) => {
                let _in_pause = self.pause.as_ref().map(Span::enter);
                debug!(phase = end.phase.name(), ns = end.duration.0, slots = end.work.slots, "phase");
            }
            Event::PauseEnded(pause) => {
                let span = self.pause.take();
                let _in_pause = span.as_ref().map(Span::enter);
                info!(
                    id = pause.id,
                    kind = pause.kind.name(),
                    cause = pause.cause.name(),
                    ns = pause.duration.0,
                    used_before = pause.before.heap_used(),
                    used_after = pause.after.heap_used(),
                    copied = pause.work.copied_bytes,
                    promoted = pause.work.promoted_bytes,
                    freed = pause.work.freed_bytes,
                    "collected"
                );
            }
            Event::NewSpaceResized { from_bytes, to_bytes, .. } => {
                info!(from_bytes, to_bytes, "new space resized");
            }
            Event::OldLimitSet { limit_bytes, .. } => debug!(limit_bytes, "old limit set"),
            Event::MaximumRaised { from_bytes, to_bytes, .. } => {
                warn!(from_bytes, to_bytes, "maximum of old space raised");
            }
            Event::HeapFull { requested_bytes, limit_bytes, .. } => {
                warn!(requested_bytes, limit_bytes, "heap full");
            }
        }
    }
}
