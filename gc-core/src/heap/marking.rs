//! Collecting the old generation in steps.
//!
//! ```text
//!          start (in a scavenge)      finish (in a scavenge)       all pages examined
//! Idle  ------------------------> Marking ----------------> Sweeping ----------------> Idle
//!                                 step, step, ...           step, step, ...
//! ```
//!
//! Steps are paid for by allocation: while there is something to do, new space lets the program allocate
//! `marking.step_bytes` at a time ([`Heap::set_allowance`]), and between two such portions it does the share of the
//! work that is due (policy [`MarkingPacing`](crate::policy::MarkingPacing)). Idle time pays for them too
//! ([`Heap::step`]).

use super::Heap;
use super::pause::OpenPause;
use crate::collect::{Marker, Progress, Scope, begin_sweep, forget_marks, sweep_step};
use crate::event::{Cause, Event, Nanos, PauseKind, Phase};
use crate::fault::Fault;
use crate::memory::Granules;
use crate::object::ObjectRef;
use crate::policy::{Course, MarkingPace, MarkingPacing};

/// Pieces of marking work between two looks at how much has been done.
const PIECES: u64 = 128;
/// Pages examined in a step of sweeping, or large objects freed: some ten microseconds.
const SWEPT_PER_STEP: u64 = 32;
/// Pages given back to the system in a step of sweeping.
const RELEASED_PER_STEP: usize = 4;

/// Where the collection of the old generation stands.
#[derive(Debug, Default)]
pub(super) enum OldCycle {
    /// It has not started.
    #[default]
    Idle,
    /// Objects are being marked.
    Marking(Marking),
    /// What is free is being found.
    Sweeping,
}

/// A marking under way.
#[derive(Debug)]
pub(super) struct Marking {
    pub(super) marker: Marker,
    pace: MarkingPace,
    /// Scavenges since it started.
    minors: u64,
}

impl OldCycle {
    pub(super) fn is_marking(&self) -> bool {
        matches!(self, OldCycle::Marking(_))
    }

    /// Whether nothing is left but the final pause.
    pub(super) fn is_marked(&self) -> bool {
        matches!(self, OldCycle::Marking(marking) if marking.marker.is_done())
    }
}

impl Heap {
    /// After a scavenge: starts a marking if that is due.
    pub(super) fn start_marking_if_due(&mut self, pause: &mut OpenPause, cause: Cause) {
        if let OldCycle::Marking(marking) = &mut self.old_cycle {
            marking.minors += 1;
        } else if self.is_marking_due(cause) {
            self.start_marking(pause);
        }
    }

    /// Whether a scavenge for this cause starts a marking: one in idle time does so earlier than others.
    pub(super) fn is_marking_due(&self, cause: Cause) -> bool {
        let policy = &self.config.marking;
        let percent = if cause == Cause::Idle { policy.idle_start_percent } else { policy.start_percent };
        let is_due = |[now, live, limit]: [u64; 3]| now >= MarkingPacing::start_bytes(live, limit, percent);
        let old = [self.spaces.old_generation_bytes(), self.live_bytes.old, self.old_limit_bytes];
        let external = [self.spaces.external.bytes(), self.live_bytes.external, self.external_limit_bytes];
        policy.incremental && (is_due(old) || is_due(external) || self.is_stressed())
    }

    /// Starts a marking from the survivors of the scavenge just done, unless there is no room for its steps.
    pub(super) fn start_marking(&mut self, pause: &mut OpenPause) {
        let Some(pace) = self.raise_limit_for_marking() else { return };
        self.finish_sweeping(pause);
        let mut marker = Marker::start(Scope::OldGeneration, &mut self.spaces, &self.roots, &self.remembered);
        self.ledger.end_phase(pause, Phase::Snapshot, marker.take_work());
        self.old_cycle = OldCycle::Marking(Marking { marker, pace, minors: 0 });
    }

    /// The pace of a marking that starts now, for which the limit of the old generation may have to be raised.
    fn raise_limit_for_marking(&mut self) -> Option<MarkingPace> {
        let old_bytes = self.spaces.old_generation_bytes();
        let limit_bytes = self.limit_while_marking()?;
        let from_bytes = self.spaces.external.bytes();
        self.external_limit_bytes =
            self.external_limit_bytes.max(from_bytes + 2 * self.config.pacing.young_external_bytes);
        let until_bytes = self.external_limit_bytes - self.config.pacing.young_external_bytes;
        let external = Course { from_bytes, until_bytes };
        let pace = self.config.marking.pace(old_bytes, limit_bytes, self.reserve_bytes(), external);
        if limit_bytes != self.old_limit_bytes {
            self.old_limit_bytes = limit_bytes;
            let at = self.ledger.now();
            self.ledger.tell(|| Event::OldLimitSet { at, limit_bytes });
        }
        Some(pace)
    }

    /// Between two portions of allocation: does the share of the work that is due.
    pub(super) fn step_for_allocation(&mut self) {
        match self.old_cycle {
            OldCycle::Idle => {}
            OldCycle::Marking(_) => self.mark_what_is_due(),
            OldCycle::Sweeping => self.pause_for_step(Cause::SweepingDue, Heap::sweep_a_step),
        }
    }

    fn mark_what_is_due(&mut self) {
        let OldCycle::Marking(marking) = &self.old_cycle else { return };
        let (old_bytes, external_bytes) = (self.spaces.old_generation_bytes(), self.spaces.external.bytes());
        let due_bytes = marking.pace.due_bytes(old_bytes, external_bytes, marking.minors + 1);
        let missing_bytes = due_bytes.saturating_sub(marking.marker.marked_bytes());
        let steps_left = (self.spaces.new.free().bytes() / self.config.marking.step_bytes).max(1);
        let step_bytes = missing_bytes.div_ceil(steps_left);
        let goal_bytes = marking.marker.effort_bytes() + step_bytes;
        // What ephemerons still take is not known in advance: a batch each time, once all else is done.
        let is_due = step_bytes > 0 || marking.marker.is_traced();
        if is_due && !marking.marker.is_done() {
            self.pause_for_step(Cause::MarkingDue, |heap, pause| {
                heap.mark_while(pause, PIECES, |effort_bytes, _| effort_bytes < goal_bytes);
            });
        }
    }

    /// A pause in which no object moves.
    pub(super) fn pause_for_step(&mut self, cause: Cause, step: impl FnOnce(&mut Heap, &mut OpenPause)) {
        self.account_allocation();
        let mut pause = self.ledger.open(PauseKind::Step, cause, self.usage(), self.remembered.len());
        step(self, &mut pause);
        let fragmentation_ppm = self.fragmentation_ppm();
        self.ledger.close(pause, self.usage(), Default::default(), fragmentation_ppm);
    }

    /// Marks `pieces` objects, or pieces of arrays, at a time, for as long as `go_on` says so, given the effort so far and
    /// the time.
    pub(super) fn mark_while(
        &mut self,
        pause: &mut OpenPause,
        pieces: u64,
        mut go_on: impl FnMut(u64, Nanos) -> bool,
    ) {
        let OldCycle::Marking(Marking { marker, .. }) = &mut self.old_cycle else { return };
        while marker.step(&mut self.spaces, pieces) == Progress::More {
            let now = self.ledger.time(&(self.ledger.work + marker.work()));
            if !go_on(marker.effort_bytes(), now) {
                break;
            }
        }
        let work = marker.take_work();
        self.ledger.end_phase(pause, Phase::Mark, work);
    }

    /// An object that the program has got by a weak way may have been out of reach when the marking started.
    #[inline]
    pub(super) fn shade_weakly_reached(&mut self, object: ObjectRef) {
        if let OldCycle::Marking(marking) = &mut self.old_cycle
            && !self.spaces.faults.make(Fault::WeakReadUnshaded)
        {
            marking.marker.shade(&self.spaces, object);
        }
    }

    /// Whether there is room for a marking in steps.
    pub(super) fn may_mark_in_steps(&self) -> bool {
        let policy = &self.config.marking;
        policy.incremental && self.limit_while_marking().is_some()
    }

    fn limit_while_marking(&self) -> Option<u64> {
        let old_bytes = self.spaces.old_generation_bytes();
        let max_bytes = self.config.max_old_bytes;
        let reserve_bytes = self.reserve_bytes();
        self.config.marking.limit_while_marking(old_bytes, self.old_limit_bytes, reserve_bytes, max_bytes)
    }

    /// Most that one scavenge adds to the old generation: new space, and as much of young large objects.
    fn reserve_bytes(&self) -> u64 {
        2 * self.spaces.new.capacity().bytes()
    }

    /// The final pause of an incremental marking: what the barrier has shaded since the last step, then the end.
    pub(super) fn finish_marking(&mut self, pause: &mut OpenPause) {
        let OldCycle::Marking(Marking { mut marker, .. }) = std::mem::take(&mut self.old_cycle) else {
            return;
        };
        self.drain(pause, &mut marker);
        self.end_marking(pause, marker);
    }

    /// Marks all that is left; values of ephemerons are a phase of their own.
    fn drain(&mut self, pause: &mut OpenPause, marker: &mut Marker) {
        let is_early = self.spaces.faults.make(Fault::FinishedEarly);
        while !is_early && marker.trace(&mut self.spaces, PIECES) == 0 {}
        self.ledger.end_phase(pause, Phase::Mark, marker.take_work());
        if !is_early && !marker.is_done() {
            while marker.step(&mut self.spaces, PIECES) == Progress::More {}
            self.ledger.end_phase(pause, Phase::Ephemerons, marker.take_work());
        }
    }

    /// A whole marking in one pause, through both generations.
    ///
    /// Going through the young objects too, it is exact: garbage that refers to itself across the two generations is
    /// found, and the scavenge that follows starts from live remembered objects only. A marking under way is given up.
    pub(super) fn mark_at_once(&mut self, pause: &mut OpenPause) {
        self.finish_sweeping(pause);
        if std::mem::take(&mut self.old_cycle).is_marking() {
            forget_marks(&mut self.spaces);
        }
        let mut marker = Marker::start(Scope::WholeHeap, &mut self.spaces, &self.roots, &self.remembered);
        self.ledger.end_phase(pause, Phase::Roots, marker.take_work());
        self.drain(pause, &mut marker);
        self.end_marking(pause, marker);
        self.finish_sweeping(pause);
    }

    /// What is unmarked is dead: tells all that must know.
    fn end_marking(&mut self, pause: &mut OpenPause, marker: Marker) {
        self.verify_marks_if_asked(marker.scope());
        self.bury_unmarked(pause, marker);
        let work = begin_sweep(&mut self.spaces);
        self.old_cycle = OldCycle::Sweeping;
        self.ledger.end_phase(pause, Phase::Sweep, work);
    }

    /// A step of sweeping: examines pages, then frees large objects, then gives pages back to the system.
    pub(super) fn sweep_a_step(&mut self, pause: &mut OpenPause) {
        let (progress, work) = sweep_step(&mut self.spaces, SWEPT_PER_STEP);
        if progress == Progress::Done && self.release_pages(RELEASED_PER_STEP) == Progress::Done {
            self.old_cycle = OldCycle::Idle;
        }
        self.ledger.end_phase(pause, Phase::Sweep, work);
    }

    /// Does what is left of sweeping.
    fn finish_sweeping(&mut self, pause: &mut OpenPause) {
        if matches!(self.old_cycle, OldCycle::Sweeping) {
            let (_, work) = sweep_step(&mut self.spaces, u64::MAX);
            self.ledger.end_phase(pause, Phase::Sweep, work);
            self.old_cycle = OldCycle::Idle;
        }
    }

    /// Under stress: the smallest step that there is.
    pub(super) fn step_under_stress(&mut self) {
        match self.old_cycle {
            OldCycle::Idle => self.collect_minor_for(Cause::Stress),
            OldCycle::Marking(_) if self.old_cycle.is_marked() => self.collect_minor_for(Cause::Stress),
            OldCycle::Marking(_) => {
                self.pause_for_step(Cause::Stress, |heap, pause| heap.mark_while(pause, 1, |_, _| false))
            }
            OldCycle::Sweeping => self.pause_for_step(Cause::Stress, Heap::sweep_a_step),
        }
    }

    /// Lets the program allocate up to the next step: all of new space if there is nothing to do.
    pub(super) fn set_allowance(&mut self) {
        if self.is_stressed() {
            self.spaces.new.hold();
        } else if matches!(self.old_cycle, OldCycle::Idle) {
            self.spaces.new.allow_all();
        } else {
            self.spaces.new.allow(Granules::holding(self.config.marking.step_bytes));
        }
    }
}
