//! Pauses as what the costs are fitted to: the work of each, and its time.

use super::thread_time::thread_time;
use gc_core::clock::CostModel;
use gc_core::event::{Event, EventSink, Nanos, Work};
use std::sync::{Arc, Mutex};

/// A kind of work: how much of it there is in a [`Work`], and where its cost stands in a [`CostModel`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct WorkKind {
    pub(crate) count: fn(&Work) -> u64,
    pub(crate) cost: fn(&mut CostModel) -> &mut u64,
}

macro_rules! work_kind {
    ($work:ident $cost:ident) => {
        WorkKind { count: |work| work.$work, cost: |model| &mut model.$cost }
    };
}

/// What pauses consist of. What the program allocates is no work of theirs.
pub(crate) const WORK_KINDS: [WorkKind; 12] = [
    work_kind!(pauses pause_ps),
    work_kind!(roots root_ps),
    work_kind!(remembered remembered_ps),
    work_kind!(slots slot_ps),
    work_kind!(copied_objects copied_object_ps),
    work_kind!(copied_bytes copied_byte_ps),
    work_kind!(promoted_objects promoted_object_ps),
    work_kind!(promoted_bytes promoted_byte_ps),
    work_kind!(marked_objects marked_object_ps),
    work_kind!(swept_pages swept_page_ps),
    work_kind!(moved_objects moved_object_ps),
    work_kind!(moved_bytes moved_byte_ps),
];

/// Work in the order of [`WORK_KINDS`], or what a unit of each costs in picoseconds.
pub(crate) type Vector = [f64; WORK_KINDS.len()];

/// A pause.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Observation {
    pub(crate) work: Vector,
    pub(crate) time_ps: f64,
}

impl Observation {
    /// What the pause takes by these costs, in picoseconds.
    pub(crate) fn predicted_ps(&self, costs: &Vector) -> f64 {
        self.work.iter().zip(costs).map(|(count, cost)| count * cost).sum()
    }

    /// How far that is off, as a share of the time that it took.
    pub(crate) fn relative_error(&self, costs: &Vector) -> f64 {
        (self.predicted_ps(costs) - self.time_ps) / self.time_ps.max(1.0)
    }
}

/// Takes down pauses. The time of one is that by the heap's clock, or that for which the thread had a processor meanwhile
/// if that is less: the machine did something else then. (It is not always less, since it takes time to ask for it.)
#[derive(Clone, Debug, Default)]
pub(crate) struct Observer(Arc<Mutex<Observed>>);

#[derive(Debug, Default)]
struct Observed {
    pauses: Vec<Observation>,
    /// What the thread had had of a processor when the current pause started.
    before: Option<Nanos>,
}

impl Observer {
    /// The pauses so far.
    pub(crate) fn take(&self) -> Vec<Observation> {
        std::mem::take(&mut self.0.lock().expect("no observer panicked").pauses)
    }
}

impl EventSink for Observer {
    fn event(&mut self, event: &Event) {
        let mut observed = self.0.lock().expect("no observer panicked");
        match event {
            Event::PauseStarted(_) => observed.before = thread_time(),
            Event::PauseEnded(pause) => {
                let had = thread_time().zip(observed.before).map(|(now, before)| now.since(before));
                let time = had.map_or(pause.duration, |had| had.min(pause.duration));
                let work = WORK_KINDS.map(|kind| (kind.count)(&pause.work) as f64);
                observed.pauses.push(Observation { work, time_ps: time.0 as f64 * 1_000.0 });
            }
            _ => {}
        }
    }
}
