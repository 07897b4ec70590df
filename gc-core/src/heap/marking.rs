//! Collecting the old generation in steps.
//!
//! ```text
//!          start (after a scavenge)   finish (in a scavenge)       all pages examined
//! Idle  ------------------------> Marking ----------------> Sweeping ----------------> Idle
//!                                 step, step, ...           step, step, ...
//! ```
//!
//! Steps are paid for by allocation: while there is something to do, new space lets the program allocate
//! `marking.step_bytes` at a time ([`Heap::set_allowance`]), and between two such portions it does the share of the
//! work that is due (policy [`MarkingPacing`]). Idle time pays for them too
//! ([`Heap::step`]).

use super::Heap;
use super::pause::OpenPause;
use super::sweeping::SWEPT_PER_STEP;
use super::watch::Moment;
use crate::collect::{Evacuation, Marker, Progress, Scope, end_compacted, forget_marks, slide};
use crate::event::{Cause, Event, Nanos, PauseKind, Phase, Usage};
use crate::fault::Fault;
use crate::memory::Granules;
use crate::object::ObjectRef;
use crate::policy::{Course, MarkingPace, MarkingPacing, Occupancy};
use crate::space::{PAGE_BYTES, Spaces};

/// Pieces of marking work between two looks at how much has been done.
pub(super) const PIECES: u64 = 128;
/// Steps that the buffers allocated between two scavenges pay for, if that many bytes of them are allowed.
const BUFFER_STEPS: u64 = 16;

/// Where the collection of the old generation stands.
#[derive(Debug, Default)]
pub(super) enum OldCycle {
    /// It has not started.
    #[default]
    Idle,
    /// Objects are being marked.
    Marking(Box<Marking>),
    /// What is free is being found.
    Sweeping {
        /// What pages of the old generation took before the marking ended.
        pages_before_bytes: u64,
    },
}

/// A marking under way.
#[derive(Debug)]
pub(super) struct Marking {
    pub(super) marker: Marker,
    pace: MarkingPace,
    /// Scavenges since it started.
    minors: u64,
    /// Whether nothing was left at some time since the last scavenge, and the program has found nothing white since: what
    /// is grey now was black before the write barrier shaded it.
    was_done: bool,
}

/// What a piece of allocation takes of that which is left until the next scavenge. It pays for the same share of the
/// marking that is due by then.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    pub(super) part: u64,
    pub(super) left: u64,
}

impl Share {
    /// All that is left.
    pub(super) const ALL: Share = Share { part: 1, left: 1 };

    fn is_all(self) -> bool {
        self.part >= self.left
    }

    /// The same share of `amount`, rounded up.
    pub(super) fn of(self, amount: u64) -> u64 {
        match self.is_all() {
            true => amount,
            false => (u128::from(amount) * u128::from(self.part)).div_ceil(self.left.into()) as u64,
        }
    }
}

impl Marking {
    /// Whether nothing is left, or so little of what the write barrier has shaded that it is no step of its own: a program
    /// that goes on would give such steps no end.
    fn is_all_but_done(&self) -> bool {
        self.marker.is_done() || self.was_done && self.marker.is_nearly_traced(PIECES as usize)
    }

    /// The effort up to which to mark for a share of what is due by the next scavenge.
    fn goal_bytes(&self, spaces: &Spaces, share: Share) -> u64 {
        let (old_bytes, external_bytes) = (spaces.old_generation_bytes(), spaces.external_bytes());
        let due_bytes = self.pace.due_bytes(old_bytes, external_bytes, self.minors + 1);
        if share.is_all() && self.pace.is_all(due_bytes) {
            // Bytes do not tell whether a marking is done: what is grey may be black already, or have no bytes.
            return u64::MAX;
        }
        let missing_bytes = share.of(due_bytes.saturating_sub(self.marker.marked_bytes()));
        // What ephemerons still take is not known in advance: a batch each time, once all else is done.
        self.marker.effort_bytes() + missing_bytes.max(self.marker.is_traced().into())
    }
}

impl OldCycle {
    /// Sweeping that starts in a pause before which so much was in use.
    pub(super) fn sweeping_since(before: &Usage) -> OldCycle {
        OldCycle::Sweeping { pages_before_bytes: before.old_total + before.large_total }
    }

    pub(super) fn is_marking(&self) -> bool {
        matches!(self, OldCycle::Marking(_))
    }

    /// The marking under way.
    pub(super) fn marker(&mut self) -> Option<&mut Marker> {
        match self {
            OldCycle::Marking(marking) => Some(&mut marking.marker),
            OldCycle::Idle | OldCycle::Sweeping { .. } => None,
        }
    }

    /// Whether nothing is left but the final pause.
    pub(super) fn is_marked(&self) -> bool {
        matches!(self, OldCycle::Marking(marking) if marking.is_all_but_done())
    }
}

impl Heap {
    /// After a scavenge: starts a marking if that is due. In idle time the start is a piece of work of its own.
    pub(super) fn start_marking_if_due(&mut self, pause: &mut OpenPause, cause: Cause) {
        if let OldCycle::Marking(marking) = &mut self.old_cycle {
            marking.minors += 1;
            marking.was_done = false;
        } else if !cause.is_idle() && self.is_marking_due() {
            self.start_marking(pause);
        }
    }

    /// Whether a scavenge is to start a marking. While pages wait to be swept only if the limit leaves no choice.
    pub(super) fn is_marking_due(&self) -> bool {
        let policy = &self.config.marking;
        let is_near_limit = self.growth_before_marking(policy.start_percent).contains(&0);
        let can_wait = matches!(self.old_cycle, OldCycle::Sweeping { .. }) && self.pressure().is_none();
        policy.incremental && (is_near_limit || self.is_stressed()) && !can_wait
    }

    /// How far old and external memory may grow before a marking is due that starts at `percent` of the way to their
    /// limits.
    pub(super) fn growth_before_marking(&self, percent: u8) -> [u64; 2] {
        let left =
            |now: u64, live, limit| MarkingPacing::start_bytes(live, limit, percent).saturating_sub(now);
        [
            left(self.spaces.old_generation_bytes(), self.live_bytes.old, self.old_limit_bytes),
            left(self.spaces.external_bytes(), self.live_bytes.external, self.external_limit_bytes),
        ]
    }

    /// What can be allocated before a marking is due, if all that is young becomes old.
    pub(super) fn room_before_marking(&self) -> u64 {
        let [old, external] = self.growth_before_marking(self.config.marking.start_percent);
        let young_bytes = self.spaces.new.active().used.bytes() + self.spaces.large.young_bytes();
        old.saturating_sub(young_bytes).min(external)
    }

    /// Starts a marking while few objects are young and none of them is large, unless there is no room for its steps.
    pub(super) fn start_marking(&mut self, pause: &mut OpenPause) {
        let Some(pace) = self.raise_limit_for_marking() else { return };
        self.sweep_rest(pause);
        self.end_sweeping();
        let evacuation = self.choose_evacuation();
        let mut marker = Marker::start(Scope::OldGeneration, &mut self.spaces, &self.roots, &self.remembered);
        marker.prepare_evacuation(evacuation);
        self.ledger.end_phase(pause, Phase::Snapshot, marker.take_work());
        self.old_cycle = OldCycle::Marking(Box::new(Marking { marker, pace, minors: 0, was_done: false }));
        self.set_allowance();
    }

    /// The sparse pages to be evacuated by a marking that starts now.
    fn choose_evacuation(&mut self) -> Option<Evacuation> {
        let policy = &self.config.compaction;
        policy.evacuates(self.occupancy()).then(|| Evacuation::choose(&mut self.spaces, policy)).flatten()
    }

    fn occupancy(&self) -> Occupancy {
        let old = &self.spaces.old;
        Occupancy { live_bytes: old.used_bytes(), total_bytes: old.total_bytes() }
    }

    /// The pace of a marking that starts now, for which the limit of the old generation may have to be raised.
    fn raise_limit_for_marking(&mut self) -> Option<MarkingPace> {
        let old_bytes = self.spaces.old_generation_bytes();
        let limit_bytes = self.limit_while_marking()?;
        let from_bytes = self.spaces.external_bytes();
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

    /// Between two portions of allocation in new space: does the share of the work that is due. `size` is to follow.
    pub(super) fn step_for_small(&mut self, size: Granules) {
        let part = self.config.marking.step_bytes.max(size.bytes());
        self.step_for_allocation(Share { part, left: self.spaces.new.free().bytes() });
    }

    /// Before a large object of this `size`: does the share of the work that is due.
    pub(super) fn step_for_large(&mut self, size: Granules) {
        let left = self.spaces.new.capacity().bytes().saturating_sub(self.spaces.large.young_bytes());
        self.step_for_allocation(Share { part: size.bytes(), left });
    }

    /// Before a buffer of so many bytes: does the share of the work that is due, once for several small buffers.
    pub(super) fn step_for_buffer(&mut self, bytes: u64) {
        let (young_bytes, max_bytes) =
            (self.spaces.young_external_bytes(), self.config.pacing.young_external_bytes);
        let portion_bytes = (max_bytes / BUFFER_STEPS).max(1);
        if (young_bytes + bytes) / portion_bytes > young_bytes / portion_bytes {
            let part = bytes.max(portion_bytes);
            self.step_for_allocation(Share { part, left: max_bytes.saturating_sub(young_bytes) });
        }
    }

    pub(super) fn step_for_allocation(&mut self, share: Share) {
        match self.old_cycle {
            OldCycle::Idle => {}
            OldCycle::Marking(_) => self.mark_what_is_due(share),
            OldCycle::Sweeping { .. } => self.sweep_what_is_due(share),
        }
    }

    /// Before a scavenge: marks what has not been paid for by allocation. Sweeping takes a step, for a program may ask for
    /// its scavenges so early that allocation never pays for one.
    pub(super) fn catch_up(&mut self) {
        match self.old_cycle {
            OldCycle::Idle => {}
            OldCycle::Marking(_) => self.mark_what_is_due(Share::ALL),
            OldCycle::Sweeping { .. } => self.sweep_for_allocation(SWEPT_PER_STEP),
        }
    }

    fn mark_what_is_due(&mut self, share: Share) {
        let OldCycle::Marking(marking) = &self.old_cycle else { return };
        let goal_bytes = marking.goal_bytes(&self.spaces, share);
        if marking.marker.effort_bytes() < goal_bytes && !marking.marker.is_done() {
            self.pause_for_step(Cause::MarkingDue, |heap, pause| {
                heap.mark_while(pause, |effort_bytes, _| if effort_bytes < goal_bytes { PIECES } else { 0 });
            });
        }
    }

    /// A pause in which no object moves.
    pub(super) fn pause_for_step(&mut self, cause: Cause, step: impl FnOnce(&mut Heap, &mut OpenPause)) {
        self.record_point();
        self.show(Moment::Before, PauseKind::Step, cause, None);
        self.account_allocation();
        let mut pause = self.ledger.open(PauseKind::Step, cause, self.usage(), self.remembered.len());
        step(self, &mut pause);
        self.futility.note_stop(pause.duration());
        let fragmentation_ppm = self.fragmentation_ppm();
        let account = self.ledger.close(pause, self.usage(), Default::default(), fragmentation_ppm);
        self.show(Moment::After, PauseKind::Step, cause, Some(&account));
    }

    /// Marks objects, or pieces of arrays: as many at a time as `pieces` says, given the effort so far and the time, until
    /// it says none.
    pub(super) fn mark_while(&mut self, pause: &mut OpenPause, mut pieces: impl FnMut(u64, Nanos) -> u64) {
        let OldCycle::Marking(marking) = &mut self.old_cycle else { return };
        let marker = &mut marking.marker;
        loop {
            let now = self.ledger.time(&(self.ledger.work + marker.work()));
            let next = pieces(marker.effort_bytes(), now);
            if next == 0 {
                break;
            }
            if marker.step(&mut self.spaces, next) == Progress::Done {
                marking.was_done = true;
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
            marking.was_done &= !marking.marker.shade_white(&self.spaces, object);
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
        let OldCycle::Marking(marking) = std::mem::take(&mut self.old_cycle) else { return };
        let mut marker = marking.marker;
        self.drain(pause, &mut marker);
        self.forget_dead(pause, &mut marker);
        if let Some(evacuation) = marker.take_evacuation() {
            let evacuated = evacuation.carry_out(&mut self.spaces, &mut self.roots, &mut self.remembered);
            self.watch.note_evacuated(&self.spaces, &evacuated.moves);
            self.ledger.end_phase(pause, Phase::Evacuate, evacuated.work);
        }
        self.begin_sweep(pause);
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
    pub(super) fn mark_at_once(&mut self, pause: &mut OpenPause, cause: Cause) {
        self.sweep_rest(pause);
        self.end_sweeping();
        if let OldCycle::Marking(mut marking) = std::mem::take(&mut self.old_cycle) {
            marking
                .marker
                .take_evacuation()
                .into_iter()
                .for_each(|evacuation| evacuation.cancel(&mut self.spaces));
            forget_marks(&mut self.spaces);
        }
        let mut marker = Marker::start(Scope::WholeHeap, &mut self.spaces, &self.roots, &self.remembered);
        self.ledger.end_phase(pause, Phase::Roots, marker.take_work());
        self.drain(pause, &mut marker);
        self.forget_dead(pause, &mut marker);
        let now = Occupancy { live_bytes: self.spaces.old.marked_bytes(), ..self.occupancy() };
        if self.config.compaction.slides(cause, now, PAGE_BYTES as u64) {
            self.slide(pause);
        } else {
            self.begin_sweep(pause);
        }
        self.sweep_rest(pause);
    }

    /// Compacts old space.
    fn slide(&mut self, pause: &mut OpenPause) {
        let used_before = self.spaces.old.used_bytes();
        let live = self.watch.live_before_slide(&self.spaces);
        let moved = slide(&mut self.spaces, &mut self.roots, &mut self.remembered);
        let freed = end_compacted(&mut self.spaces, used_before);
        self.watch.note_slid(&self.spaces, &live);
        self.old_cycle = OldCycle::sweeping_since(pause.before());
        self.ledger.end_phase(pause, Phase::Compact, moved + freed);
    }

    /// What is unmarked is dead: tells all that must know.
    fn forget_dead(&mut self, pause: &mut OpenPause, marker: &mut Marker) {
        self.verify_marks_if_asked(marker.scope());
        self.bury_unmarked(pause, marker);
    }

    /// The marking under way.
    pub(crate) fn marker(&self) -> Option<&Marker> {
        match &self.old_cycle {
            OldCycle::Marking(marking) => Some(&marking.marker),
            OldCycle::Idle | OldCycle::Sweeping { .. } => None,
        }
    }

    /// Under stress: the smallest step that there is.
    pub(super) fn step_under_stress(&mut self) {
        match self.old_cycle {
            OldCycle::Idle => self.collect_minor_for(Cause::Stress),
            OldCycle::Marking(_) if self.old_cycle.is_marked() => self.collect_minor_for(Cause::Stress),
            OldCycle::Marking(_) => self.pause_for_step(Cause::Stress, |heap, pause| {
                let mut pieces = 1;
                heap.mark_while(pause, |_, _| std::mem::take(&mut pieces));
            }),
            OldCycle::Sweeping { .. } => {
                self.pause_for_step(Cause::Stress, |heap, pause| heap.sweep_a_step(pause, SWEPT_PER_STEP));
            }
        }
    }

    /// Lets the program allocate up to the next step: all of new space if there is nothing to do.
    pub(super) fn set_allowance(&mut self) {
        self.allow(self.allowance());
    }

    /// What the program may allocate up to the next step; under stress nothing.
    pub(super) fn allowance(&self) -> Granules {
        match self.old_cycle {
            _ if self.is_stressed() => Granules(0),
            OldCycle::Idle => self.spaces.new.free(),
            OldCycle::Marking(_) | OldCycle::Sweeping { .. } => {
                Granules::holding(self.config.marking.step_bytes)
            }
        }
    }
}
