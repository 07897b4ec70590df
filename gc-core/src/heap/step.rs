//! Collecting in the program's idle time.

use super::Heap;
use super::marking::{OldCycle, PIECES};
use super::sweeping::SWEPT_PER_STEP;
use crate::event::{Cause, Nanos};
use crate::record::Request;

/// Use of new space from which idle time scavenges it, in percent (V8, `minor-gc-job.cc`: 80 %).
const NEARLY_FULL_PERCENT: u64 = 80;

/// How much a step in idle time may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// Objects to mark, arrays counted by the piece, or pages to examine. A scavenge and the start of a marking count for
    /// one each.
    Work(u64),
    /// Time on the heap's clock.
    Time(Nanos),
}

/// What is left of a [`Budget`].
#[derive(Debug)]
struct Allowance {
    work: u64,
    until: Nanos,
}

impl Allowance {
    /// Takes up to `most` units of work: how many there were.
    fn take(&mut self, most: u64) -> u64 {
        let taken = self.work.min(most);
        self.work -= taken;
        taken
    }
}

/// A piece of work for idle time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chore {
    /// Go on sweeping.
    Sweep,
    /// Go on marking.
    Mark,
    /// Scavenge.
    Scavenge(Cause),
    /// Start a marking.
    Start(Cause),
    /// Scavenge, and end the marking.
    Finish,
}

impl Heap {
    /// Uses the program's idle time: does the most useful work that fits `budget`, and says whether there is more that
    /// another budget of this size would be good for.
    ///
    /// Pages found free are given back first, then a marking under way goes on, and ends if the pause that this takes
    /// is expected to fit. A new space that is nearly full is scavenged, so that the scavenge does not come at a worse
    /// time. A marking that is due soon is started early, and so is one that the
    /// [`Reducer`](crate::policy::Reducer) wants to give memory back. The work that was done is told as pauses with the
    /// cause [`Cause::Idle`]; those that start a marking for the reducer have the cause [`Cause::MemoryReducer`].
    ///
    /// ```
    /// use gc_core::{Budget, Config, Heap};
    /// use gc_core::event::Nanos;
    ///
    /// let mut heap = Heap::new(Config::default())?;
    /// while heap.step(Budget::Time(Nanos(500_000))) {}
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn step(&mut self, budget: Budget) -> bool {
        self.record_request(Request::Step(budget));
        let mut left = match budget {
            Budget::Work(work) => Allowance { work, until: Nanos(u64::MAX) },
            Budget::Time(time) => {
                Allowance { work: u64::MAX, until: Nanos(self.now().0.saturating_add(time.0)) }
            }
        };
        if self.may_mark_in_steps() {
            self.tick_reducer(matches!(self.old_cycle, OldCycle::Idle));
        }
        while left.work > 0 && self.now() < left.until {
            let Some(chore) = self.chore().filter(|chore| self.is_expected_to_fit(*chore, &left)) else {
                return false;
            };
            self.do_chore(chore, &mut left);
        }
        self.chore().is_some()
    }

    /// The most useful piece of work that there is.
    fn chore(&self) -> Option<Chore> {
        match self.old_cycle {
            OldCycle::Sweeping { .. } => Some(Chore::Sweep),
            OldCycle::Marking(_) if self.old_cycle.is_marked() => Some(Chore::Finish),
            OldCycle::Marking(_) => Some(Chore::Mark),
            OldCycle::Idle => self.first_chore(),
        }
    }

    /// The most useful piece of work while nothing is under way.
    fn first_chore(&self) -> Option<Chore> {
        if self.is_new_space_nearly_full() {
            return Some(Chore::Scavenge(Cause::Idle));
        }
        let cause = self.reason_to_mark()?;
        Some(if self.has_many_new_objects() { Chore::Scavenge(cause) } else { Chore::Start(cause) })
    }

    /// Whether new space is nearly full, and not only of what the last scavenge has left in it: that would survive once
    /// more, and idle time must have an end.
    fn is_new_space_nearly_full(&self) -> bool {
        let new = &self.spaces.new;
        let is_nearly_full = new.free().bytes() * 100 < new.capacity().bytes() * (100 - NEARLY_FULL_PERCENT);
        is_nearly_full && new.active().used > self.new_survivors
    }

    /// Whether so much has been made since the last scavenge that another one should come before a marking starts. It
    /// would keep what the dead among them refer to, and it does not start from young large objects.
    fn has_many_new_objects(&self) -> bool {
        let new_bytes = (self.spaces.new.active().used - self.new_survivors).bytes();
        new_bytes > self.config.marking.step_bytes || self.spaces.large.has_young()
    }

    /// Why a marking is to start in idle time, if it is.
    fn reason_to_mark(&self) -> Option<Cause> {
        let is_due_soon = self.growth_before_marking(self.config.marking.idle_start_percent).contains(&0)
            || self.is_stressed();
        let reason = match self.reducer.is_running() {
            true => Some(Cause::MemoryReducer),
            false => is_due_soon.then_some(Cause::Idle),
        };
        reason.filter(|_| self.may_mark_in_steps())
    }

    fn is_expected_to_fit(&self, chore: Chore, left: &Allowance) -> bool {
        let expected = match chore {
            Chore::Sweep | Chore::Mark => Nanos(0),
            Chore::Scavenge(_) => self.ledger.expected_scavenge(),
            Chore::Start(_) => self.ledger.expected_snapshot(),
            Chore::Finish => self.ledger.expected_finish(),
        };
        self.now().0.saturating_add(expected.0) <= left.until.0
    }

    fn do_chore(&mut self, chore: Chore, left: &mut Allowance) {
        match chore {
            Chore::Sweep => return self.sweep_within(left),
            Chore::Mark => return self.mark_within(left),
            Chore::Scavenge(cause) => self.collect_minor_for(cause),
            Chore::Start(cause) => self.start_marking_for(cause),
            Chore::Finish => self.collect_minor_for(Cause::Idle),
        }
        left.take(1);
    }

    /// Sweeps in one pause, for no longer than a step that allocation pays for.
    fn sweep_within(&mut self, left: &mut Allowance) {
        let units = left.take(SWEPT_PER_STEP);
        self.pause_for_step(Cause::Idle, |heap, pause| heap.sweep_a_step(pause, units));
    }

    /// Marks in one pause for as long as the budget lasts.
    fn mark_within(&mut self, left: &mut Allowance) {
        self.pause_for_step(Cause::Idle, |heap, pause| {
            heap.mark_while(pause, |_, now| if now < left.until { left.take(PIECES) } else { 0 });
        });
    }

    /// Starts a marking, in a pause of its own.
    fn start_marking_for(&mut self, cause: Cause) {
        self.roots.free_dropped();
        self.pause_for_step(cause, Heap::start_marking);
    }
}
