//! Collections, step by step.

use super::dying::bury_young;
use super::pause::OpenPause;
use super::{Heap, LiveBytes};
use crate::collect::{Progress, Scavenger};
use crate::event::{Cause, Event, MAX_AGE, PauseKind, Phase, Work};
use crate::memory::Granules;
use crate::policy::{Pressure, Promotion};
use crate::space::{PAGE_BYTES, poison};

/// Bytes that survived a scavenge, by age.
type SurvivedByAge = [u64; MAX_AGE as usize + 1];

impl Heap {
    /// Scavenges new space now.
    pub fn collect_minor(&mut self) {
        self.collect_minor_for(Cause::Requested);
    }

    /// Collects the whole heap now, and gives free pages back to the system.
    pub fn collect_full(&mut self) {
        self.collect(PauseKind::Full, Cause::Requested);
    }

    /// Collects because an allocation needs room: new space, and if the old generation has outgrown its limit, that too.
    pub(super) fn collect_for_allocation(&mut self, cause: Cause) {
        let Some(pressure) = self.pressure() else { return self.collect_minor_for(cause) };
        let cause = match pressure {
            Pressure::Old => Cause::OldLimit,
            Pressure::External => Cause::ExternalPressure,
        };
        if self.old_cycle.is_marking() {
            self.collect(PauseKind::Finish, cause);
        } else if self.may_mark_in_steps() {
            self.collect_minor_for(cause);
        } else {
            self.collect(PauseKind::Full, cause);
        }
    }

    /// A scavenge, which also ends a marking that has nothing left to mark.
    pub(super) fn collect_minor_for(&mut self, cause: Cause) {
        let kind = if self.old_cycle.is_marked() { PauseKind::Finish } else { PauseKind::Minor };
        self.collect(kind, cause);
    }

    fn pressure(&self) -> Option<Pressure> {
        let old = (self.spaces.old_generation_bytes(), self.old_limit_bytes);
        let external = (self.spaces.external.bytes(), self.external_limit_bytes);
        self.config.pacing.pressure(old, external)
    }

    /// One pause that scavenges. A full collection marks at once before; a marking in steps starts and ends after, when
    /// new space holds nothing but survivors.
    pub(super) fn collect(&mut self, kind: PauseKind, cause: Cause) {
        self.verify_if_asked("before");
        self.account_allocation();
        self.roots.persistent.free_dropped();
        self.roots.weak.free_dropped();
        let mut pause = self.ledger.open(kind, cause, self.usage(), self.remembered.len());
        if kind == PauseKind::Full {
            self.mark_at_once(&mut pause);
        }
        let survived = self.scavenge(&mut pause, cause);
        match kind {
            PauseKind::Minor => self.start_marking_if_due(&mut pause, cause),
            PauseKind::Finish => self.finish_marking(&mut pause),
            PauseKind::Full | PauseKind::Step => {}
        }
        self.resize(&mut pause, kind, cause, &survived);
        self.new_used_before = self.spaces.new.active().used;
        let fragmentation_ppm = self.fragmentation_ppm();
        self.ledger.close(pause, self.usage(), survived, fragmentation_ppm);
        self.verify_if_asked("after");
    }

    /// Copies or promotes the survivors of new space.
    fn scavenge(&mut self, pause: &mut OpenPause, cause: Cause) -> SurvivedByAge {
        let promotion = self.promotion_now(cause);
        let marking = self.old_cycle.is_marking();
        let mut scavenger = Scavenger::flip(&mut self.spaces, &mut self.remembered, promotion, marking);
        scavenger.scan_roots(&mut self.roots);
        self.ledger.end_phase(pause, Phase::Roots, scavenger.take_work());
        scavenger.scan_remembered();
        self.ledger.end_phase(pause, Phase::Remembered, scavenger.take_work());
        scavenger.copy_closure();
        self.ledger.end_phase(pause, Phase::Copy, scavenger.take_work());
        bury_young(&mut self.ledger, pause, &mut scavenger, &mut self.roots);
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

    /// Sets sizes and limits for the time up to the next collection.
    fn resize(&mut self, pause: &mut OpenPause, kind: PauseKind, cause: Cause, survived: &SurvivedByAge) {
        self.resize_new_space(survived);
        if matches!(kind, PauseKind::Full | PauseKind::Finish) {
            self.set_limits();
            self.set_pages_kept(cause);
        }
        if kind == PauseKind::Full {
            self.release_pages(usize::MAX);
        }
        self.set_allowance();
        self.ledger.end_phase(pause, Phase::Resize, Work::default());
    }

    fn resize_new_space(&mut self, survived: &SurvivedByAge) {
        self.survived_bytes_since_resize += survived.iter().sum::<u64>();
        let from_bytes = self.spaces.new.capacity().bytes();
        let sizing = &self.config.new_space;
        let wanted_bytes = sizing.next_capacity(from_bytes, self.survived_bytes_since_resize);
        let to_bytes = wanted_bytes.min(self.max_semispace_bytes);
        if to_bytes != from_bytes {
            self.survived_bytes_since_resize = 0;
            self.spaces.new.set_capacity(Granules::holding(to_bytes));
            let at = self.ledger.now();
            self.ledger.tell(|| Event::NewSpaceResized { at, from_bytes, to_bytes });
        }
    }

    fn set_limits(&mut self) {
        let pacing = &self.config.pacing;
        let live_bytes = self.spaces.old_generation_bytes();
        self.old_limit_bytes = pacing.limit_after(live_bytes, self.config.max_old_bytes);
        let external_bytes = self.spaces.external.bytes();
        self.external_limit_bytes = pacing.external_limit_after(external_bytes);
        self.live_bytes = LiveBytes { old: live_bytes, external: external_bytes };
        let (at, limit_bytes) = (self.ledger.now(), self.old_limit_bytes);
        self.ledger.tell(|| Event::OldLimitSet { at, limit_bytes });
    }

    /// Free pages that will be wanted before the next marking ends stay committed; none if the program asked for the
    /// collection or memory is short.
    fn set_pages_kept(&mut self, cause: Cause) {
        let wanted_bytes = match cause {
            Cause::Requested | Cause::LastResort => 0,
            _ => self.old_limit_bytes.saturating_sub(self.spaces.old_generation_bytes()),
        };
        self.spare_pages_kept = usize::try_from(wanted_bytes / PAGE_BYTES as u64).unwrap_or(usize::MAX);
    }

    /// Gives up to `count` of the other free pages back to the system.
    pub(super) fn release_pages(&mut self, count: usize) -> Progress {
        let keep = self.spare_pages_kept;
        self.spaces.pages.release_spare(&mut self.spaces.memory, keep, count);
        if self.spaces.pages.spare() > keep { Progress::More } else { Progress::Done }
    }

    /// Share of old space's pages that holds no object, in millionths.
    pub(super) fn fragmentation_ppm(&self) -> u32 {
        let (used, total) = (self.spaces.old.used_bytes(), self.spaces.old.total_bytes());
        (1_000_000 * total.saturating_sub(used)).checked_div(total).unwrap_or(0) as u32
    }

    /// Adds what the program has allocated in new space since the last collection to the work done.
    pub(super) fn account_allocation(&mut self) {
        self.ledger.work = self.work();
        self.new_used_before = self.spaces.new.active().used;
    }
}
