//! Sweeping in steps.
//!
//! Allocation pays for them, as for those of marking, and they are large enough for sweeping to end before the next
//! marking can be due: so no pause has to sweep what is left. Only a program that asks for scavenges which promote much,
//! or makes one object larger than all that is left up to the limit, can be faster than that.

use super::Heap;
use super::marking::{OldCycle, Share};
use super::pause::OpenPause;
use crate::collect::{Progress, begin_sweep, sweep_step};
use crate::event::{Cause, Phase};
use crate::space::PAGE_BYTES;

/// Least that a step of sweeping does: pages examined, or pages of large objects given back.
pub(super) const SWEPT_PER_STEP: u64 = 32;
/// Giving a page back to the system takes as long as examining so many.
const EXAMINED_PER_RELEASE: u64 = 8;

impl Heap {
    /// Ends a marking: pages wait to be swept.
    pub(super) fn begin_sweep(&mut self, pause: &mut OpenPause) {
        let work = begin_sweep(&mut self.spaces);
        self.old_cycle = OldCycle::sweeping_since(pause.before());
        self.ledger.end_phase(pause, Phase::Sweep, work);
    }

    /// The share of the sweeping left that `share` is of what can be allocated before the next marking is due, and no
    /// less than the least.
    pub(super) fn sweep_what_is_due(&mut self, share: Share) {
        let left = share.left.max(self.room_before_marking());
        let units = Share { left, ..share }.of(self.left_to_sweep()).max(SWEPT_PER_STEP);
        self.sweep_for_allocation(units);
    }

    /// A step of sweeping that allocation pays for.
    pub(super) fn sweep_for_allocation(&mut self, units: u64) {
        self.pause_for_step(Cause::SweepingDue, |heap, pause| heap.sweep_a_step(pause, units));
    }

    /// If pages are short: sweeps until `pages` can be taken, or nothing is left to be found free.
    pub(super) fn sweep_for_pages(&mut self, pages: u64) {
        while (self.spaces.pages.room_left() as u64) < pages && self.left_to_examine() > 0 {
            self.sweep_for_allocation(SWEPT_PER_STEP);
        }
    }

    /// Pages that everything in new space may take in old space: objects may be half as large as a page, so half of it
    /// may be left at its end, and the last page of either run need not be full.
    pub(super) fn pages_to_promote_all(&self) -> u64 {
        2 * self.spaces.new.active().used.bytes() / PAGE_BYTES as u64 + 2
    }

    /// A step of sweeping: examines up to `units` pages, then gives back those of large objects, then free ones that are
    /// not kept.
    pub(super) fn sweep_a_step(&mut self, pause: &mut OpenPause, units: u64) {
        let (progress, work) = sweep_step(&mut self.spaces, units);
        let pages = usize::try_from(units / EXAMINED_PER_RELEASE).unwrap_or(usize::MAX).max(1);
        if progress == Progress::Done && self.release_pages(pages) == Progress::Done {
            self.end_sweeping();
        }
        self.ledger.end_phase(pause, Phase::Sweep, work);
    }

    /// Does what is left of sweeping, but for giving pages back.
    pub(super) fn sweep_rest(&mut self, pause: &mut OpenPause) {
        if matches!(self.old_cycle, OldCycle::Sweeping { .. }) {
            let (_, work) = sweep_step(&mut self.spaces, u64::MAX);
            self.ledger.end_phase(pause, Phase::Sweep, work);
        }
    }

    /// The collection of the old generation is over.
    pub(super) fn end_sweeping(&mut self) {
        if let OldCycle::Sweeping { pages_before_bytes } = self.old_cycle {
            self.old_cycle = OldCycle::Idle;
            self.tell_reducer(pages_before_bytes);
        }
    }

    /// What is left of sweeping, in units of pages to examine.
    fn left_to_sweep(&self) -> u64 {
        self.left_to_examine() + EXAMINED_PER_RELEASE * self.pages_to_release() as u64
    }

    /// Pages to examine, and those of large objects to give back.
    fn left_to_examine(&self) -> u64 {
        self.spaces.old.unexamined() as u64 + self.spaces.large.condemned_pages()
    }
}
