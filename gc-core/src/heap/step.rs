//! Collecting in the program's idle time.

use super::Heap;
use super::marking::{OldCycle, PIECES, SWEPT_PER_STEP};
use crate::event::{Cause, Nanos};

/// Use of new space from which idle time scavenges it, in percent (V8, `minor-gc-job.cc`: 80 %).
const NEARLY_FULL_PERCENT: u64 = 80;

/// How much a step in idle time may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// Objects to mark, arrays counted by the piece, or pages to examine.
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

impl Heap {
    /// Uses the program's idle time: does the most useful work that fits `budget`, and says whether there is more that
    /// another budget of this size would be good for.
    ///
    /// Pages found free are given back first, then a marking under way goes on, and ends if the pause that this takes
    /// is expected to fit. A marking that is due soon is started early. A new space that is nearly full is scavenged,
    /// so that the scavenge does not come at a worse time. The work that was done is told as pauses with the cause
    /// [`Cause::Idle`].
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
        let mut left = match budget {
            Budget::Work(work) => Allowance { work, until: Nanos(u64::MAX) },
            Budget::Time(time) => {
                Allowance { work: u64::MAX, until: Nanos(self.now().0.saturating_add(time.0)) }
            }
        };
        while left.work > 0 && self.now() < left.until {
            if !self.idle_step(&mut left) {
                return false;
            }
        }
        self.has_idle_work()
    }

    /// Whether there is work for idle time.
    fn has_idle_work(&self) -> bool {
        !matches!(self.old_cycle, OldCycle::Idle) || self.is_scavenge_due_soon()
    }

    /// One piece of idle work; false if there is none that fits.
    fn idle_step(&mut self, left: &mut Allowance) -> bool {
        match self.old_cycle {
            OldCycle::Sweeping => self.idle_sweep(left),
            OldCycle::Marking(_) if !self.old_cycle.is_marked() => self.idle_mark(left),
            OldCycle::Marking(_) => self.idle_scavenge(left),
            OldCycle::Idle => self.is_scavenge_due_soon() && self.idle_scavenge(left),
        }
    }

    /// Whether new space is nearly full, or a scavenge would start a marking early.
    fn is_scavenge_due_soon(&self) -> bool {
        let new = &self.spaces.new;
        let is_nearly_full = new.free().bytes() * 100 < new.capacity().bytes() * (100 - NEARLY_FULL_PERCENT);
        is_nearly_full || self.is_marking_due(Cause::Idle) && self.may_mark_in_steps()
    }

    fn idle_sweep(&mut self, left: &mut Allowance) -> bool {
        let pages = left.take(SWEPT_PER_STEP);
        self.pause_for_step(Cause::Idle, |heap, pause| heap.sweep_a_step(pause, pages));
        true
    }

    /// Marks in one pause for as long as the budget lasts.
    fn idle_mark(&mut self, left: &mut Allowance) -> bool {
        self.pause_for_step(Cause::Idle, |heap, pause| {
            heap.mark_while(pause, |_, now| if now < left.until { left.take(PIECES) } else { 0 });
        });
        true
    }

    /// Scavenges if that is expected to fit; it ends a marking that has nothing left to mark.
    fn idle_scavenge(&mut self, left: &mut Allowance) -> bool {
        let fits = self.now().0.saturating_add(self.ledger.expected_scavenge().0) <= left.until.0;
        if fits {
            left.take(1);
            self.collect_minor_for(Cause::Idle);
        }
        fits
    }
}
