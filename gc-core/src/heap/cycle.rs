//! Collections, step by step.

use super::Heap;
use super::pause::OpenPause;
use crate::collect::{Marker, Progress, Scavenger, clear_unmarked, sweep};
use crate::event::{Cause, MAX_AGE, PauseKind, Phase, Work};
use crate::policy::{Pressure, Promotion};
use crate::space::poison;

/// Bytes that survived a scavenge, by age.
pub(super) type SurvivedByAge = [u64; MAX_AGE as usize + 1];

/// Pieces of marking work between two looks at whether it is done.
const MARK_STEP: u64 = 1 << 16;

impl Heap {
    /// Scavenges new space now.
    pub fn collect_minor(&mut self) {
        self.collect(PauseKind::Minor, Cause::Requested);
    }

    /// Collects the whole heap now, and gives free pages back to the system.
    pub fn collect_full(&mut self) {
        self.collect(PauseKind::Full, Cause::Requested);
    }

    /// Collects because an allocation needs room; the whole heap if that is due.
    pub(super) fn collect_for_allocation(&mut self, cause: Cause) {
        match self.pressure() {
            None => self.collect(PauseKind::Minor, cause),
            Some(Pressure::Old) => self.collect(PauseKind::Full, Cause::OldLimit),
            Some(Pressure::External) => self.collect(PauseKind::Full, Cause::ExternalPressure),
        }
    }

    fn pressure(&self) -> Option<Pressure> {
        let old = (self.spaces.old_generation_bytes(), self.old_limit_bytes);
        let external = (self.spaces.external.bytes(), self.external_limit_bytes);
        self.config.pacing.pressure(old, external)
    }

    /// One pause: marks and sweeps first if it is a full collection, then scavenges what is known to be alive.
    pub(super) fn collect(&mut self, kind: PauseKind, cause: Cause) {
        self.verify_if_asked("before");
        self.account_allocation();
        self.roots.persistent.free_dropped();
        self.roots.weak.free_dropped();
        let mut pause = self.ledger.open(kind, cause, self.usage(), self.remembered.len());
        if kind == PauseKind::Full {
            self.mark_and_sweep(&mut pause);
        }
        let survived = self.scavenge(&mut pause, cause);
        self.resize(&mut pause, kind, cause, &survived);
        self.new_used_before = self.spaces.new.active().used;
        let fragmentation_ppm = self.fragmentation_ppm();
        self.ledger.close(pause, self.usage(), survived, fragmentation_ppm);
        self.verify_if_asked("after");
    }

    /// Marks everything that the roots reach, young and old, and frees the rest of the old generation.
    ///
    /// Going through the young objects too, the marking is exact: garbage that refers to itself across the two
    /// generations is found, and the scavenge that follows starts from live remembered objects only.
    fn mark_and_sweep(&mut self, pause: &mut OpenPause) {
        let mut marker = Marker::start(&mut self.spaces);
        marker.shade_roots(&mut self.spaces, &self.roots);
        self.ledger.end_phase(pause, Phase::Roots, marker.take_work());
        while marker.step(&mut self.spaces, MARK_STEP) == Progress::More {}
        self.ledger.end_phase(pause, Phase::Mark, marker.take_work());
        self.verify_marks_if_asked();
        clear_unmarked(&mut self.spaces, &mut self.roots, &mut self.remembered);
        self.ledger.end_phase(pause, Phase::Weak, Work::default());
        let work = sweep(&mut self.spaces);
        self.ledger.end_phase(pause, Phase::Sweep, work);
    }

    /// Copies or promotes the survivors of new space.
    fn scavenge(&mut self, pause: &mut OpenPause, cause: Cause) -> SurvivedByAge {
        let promotion = self.promotion_now(cause);
        let mut scavenger = Scavenger::flip(&mut self.spaces, &mut self.remembered, promotion);
        scavenger.scan_roots(&mut self.roots);
        self.ledger.end_phase(pause, Phase::Roots, scavenger.take_work());
        scavenger.scan_remembered();
        self.ledger.end_phase(pause, Phase::Remembered, scavenger.take_work());
        scavenger.copy_closure();
        self.ledger.end_phase(pause, Phase::Copy, scavenger.take_work());
        scavenger.clear_weak(&mut self.roots);
        scavenger.free_large();
        self.ledger.end_phase(pause, Phase::Weak, scavenger.take_work());
        let (from, survived) = scavenger.finish();
        if self.config.stress.poison {
            self.spaces.new.poison(&mut self.spaces.memory, from, poison::FROM_SPACE);
        }
        survived
    }

    /// The promotion policy of this scavenge: as configured, but drawn by lot under stress; and everything is promoted as
    /// a last resort, or new space could stay full of survivors too young to leave it.
    fn promotion_now(&mut self, cause: Cause) -> Promotion {
        let age = match (&mut self.age_lottery, cause) {
            (_, Cause::LastResort) => 0,
            (Some(lottery), _) => lottery.draw(4) as u8,
            (None, _) => self.config.promotion.age,
        };
        Promotion { age, ..self.config.promotion }
    }

    /// Share of old space's pages that holds no object, in millionths.
    fn fragmentation_ppm(&self) -> u32 {
        let (used, total) = (self.spaces.old.used_bytes(), self.spaces.old.total_bytes());
        (1_000_000 * total.saturating_sub(used)).checked_div(total).unwrap_or(0) as u32
    }

    /// Adds what the program has allocated in new space since the last collection to the work done.
    fn account_allocation(&mut self) {
        self.ledger.work = self.work();
        self.new_used_before = self.spaces.new.active().used;
    }
}
