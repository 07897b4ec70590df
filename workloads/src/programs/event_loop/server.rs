//! What the loop serves.

use super::EventLoop;
use super::clock::VirtualClock;
use super::closure::{self, Closures};
use super::plan::Plan;
use super::session::{self, Sessions};
use super::turn::{Host, Loop};
use crate::{Checksum, Found, Latencies, Progress, Workload};
use gc_core::event::Nanos;
use gc_core::{Heap, HeapFull, Local};

/// Most latencies that room is made for before the loop begins.
const MOST_RESERVED: u64 = 1 << 26;

/// Serves input from a plan, and takes note of how late.
#[derive(Debug)]
pub(super) struct Server<'a, 'p> {
    plan: Plan,
    closures: Closures,
    sessions: Sessions,
    clock: VirtualClock,
    /// How many inputs have been taken.
    taken: u32,
    latencies: Latencies,
    checksum: Checksum,
    progress: &'a mut Progress<'p>,
}

impl<'a, 'p> Server<'a, 'p> {
    /// A server for the first input, whose handles live in the current scope.
    pub(super) fn new(
        heap: &mut Heap,
        workload: &EventLoop,
        progress: &'a mut Progress<'p>,
    ) -> Result<Self, HeapFull> {
        let closures = Closures::new(heap);
        let sessions = Sessions::new(heap, workload.sessions, workload.session_bytes)?;
        let latencies = Latencies::with_capacity(workload.operations().min(MOST_RESERVED) as usize);
        let clock = VirtualClock::new(heap, workload.is_idle_used);
        let (taken, checksum) = (0, Checksum::default());
        Ok(Server { plan: workload.plan(), closures, sessions, clock, taken, latencies, checksum, progress })
    }

    /// What all callbacks found, and what the sessions have come to.
    pub(super) fn found(mut self, heap: &Heap) -> Found {
        self.sessions.read(heap).flatten().for_each(|part| self.checksum.add(part));
        Found { latencies: Some(self.latencies), ..self.checksum.into() }
    }
}

impl Host for Server<'_, '_> {
    fn next_input(&self) -> Option<Nanos> {
        self.plan.due(self.taken)
    }

    fn take_input(&mut self, heap: &mut Heap) -> Result<Local, HeapFull> {
        let (task, session) = self.plan.event(self.taken);
        self.taken += 1;
        let session = self.sessions.get(heap, session);
        self.sessions.renew(heap, session)?;
        self.closures.make(heap, &self.plan, task, None, session)
    }

    fn wait_until(&mut self, heap: &mut Heap, due: Nanos) {
        self.clock.wait_until(heap, due);
    }

    fn starts(&mut self, heap: &Heap, due: Nanos) {
        self.latencies.record(self.clock.late(heap, due));
        self.progress.advance(1);
    }

    fn call(&mut self, heap: &mut Heap, queues: &mut Loop, callback: Local) -> Result<(), HeapFull> {
        let task = closure::task_of(heap.view(callback));
        let scope = closure::scope_of(heap, callback);
        let session = closure::session_of(heap, scope);
        self.checksum.add(task.number);
        closure::read(heap.view(scope)).into_iter().for_each(|part| self.checksum.add(part));
        session::fold(heap, session, task.number);
        for (when, scheduled) in self.plan.scheduled_by(task) {
            heap.scope(|heap| {
                let closure = self.closures.make(heap, &self.plan, scheduled, Some(scope), session)?;
                queues.schedule(heap, when, closure)
            })?;
        }
        Ok(())
    }
}
