//! What is predicted of a run.

use gc_core::event::{Event, EventSink, PauseKind};
use std::sync::{Arc, Mutex};

/// Collections of a run, and what its scavenges did.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Counts {
    /// Collections of new space alone.
    pub(crate) scavenges: u64,
    /// Collections of the old generation, which V8 calls mark-compacts.
    pub(crate) mark_compacts: u64,
    /// What scavenges have copied within new space.
    pub(crate) copied_mib: f64,
    /// What scavenges have promoted. What a mark-compact promotes is not counted.
    pub(crate) promoted_mib: f64,
}

/// Counts the collections of a heap.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counter(Arc<Mutex<Counts>>);

impl Counter {
    /// What has been counted so far.
    pub(crate) fn counts(&self) -> Counts {
        *self.0.lock().expect("no counter panicked")
    }
}

const MIB: f64 = (1 << 20) as f64;

impl EventSink for Counter {
    fn event(&mut self, event: &Event) {
        let Event::PauseEnded(pause) = event else { return };
        let mut counts = self.0.lock().expect("no counter panicked");
        match pause.kind {
            PauseKind::Minor => {
                counts.scavenges += 1;
                counts.copied_mib += pause.work.copied_bytes as f64 / MIB;
                counts.promoted_mib += pause.work.promoted_bytes as f64 / MIB;
            }
            PauseKind::Full | PauseKind::Finish => counts.mark_compacts += 1,
            PauseKind::Step => {}
        }
    }
}
