//! Collections, step by step.

use super::Heap;
use super::dying::bury_young;
use super::pause::OpenPause;
use super::watch::Moment;
use crate::collect::Scavenger;
use crate::event::{Cause, MAX_AGE, PauseKind, Phase};
use crate::policy::{LimitTest, Pressure, Promotion};
use crate::record::Request;
use crate::space::poison;

/// Bytes that survived a scavenge, by age.
pub(super) type SurvivedByAge = [u64; MAX_AGE as usize + 1];

impl Heap {
    /// Scavenges new space now.
    pub fn collect_minor(&mut self) {
        self.record_request(Request::Minor);
        self.collect_minor_for(Cause::Requested);
    }

    /// Collects the whole heap now, and gives free pages back to the system.
    pub fn collect_full(&mut self) {
        self.record_request(Request::Full);
        self.collect(PauseKind::Full, Cause::Requested);
    }

    /// Collects the whole heap now and compacts old space: its objects slide to one end, and everything beyond is given
    /// back to the system. Takes about twice as long as [`Heap::collect_full`].
    pub fn compact(&mut self) {
        self.record_request(Request::Compact);
        self.collect(PauseKind::Full, Cause::Fragmentation);
    }

    /// Collects because an allocation needs room: new space, and if the old generation has outgrown its limit, that too.
    pub(super) fn collect_for_allocation(&mut self, cause: Cause) {
        let Some(due) = self.full_collection_due(LimitTest::EveryCollection) else {
            self.collect_minor_for(cause);
            if let Some(due) = self.full_collection_due(LimitTest::AfterScavenge) {
                self.collect(PauseKind::Full, due);
            }
            return;
        };
        self.collect_old_for(due);
    }

    /// Collects the old generation, in steps if there is room for that.
    fn collect_old_for(&mut self, cause: Cause) {
        if self.old_cycle.is_marking() {
            self.collect(PauseKind::Finish, cause);
        } else if self.may_mark_in_steps() {
            self.collect_minor_for(cause);
        } else {
            self.collect(PauseKind::Full, cause);
        }
    }

    /// Why a full collection is due at this moment, if it is. Where marking is done in steps, its limit is looked at before
    /// every collection, and external memory's always is.
    fn full_collection_due(&self, now: LimitTest) -> Option<Cause> {
        let is_in_steps = self.config.marking.incremental;
        let test = if is_in_steps { LimitTest::EveryCollection } else { self.config.pacing.limit_test };
        match self.pressure()? {
            Pressure::Old => (test == now).then_some(Cause::OldLimit),
            Pressure::External => (now == LimitTest::EveryCollection).then_some(Cause::ExternalPressure),
        }
    }

    /// A scavenge, which also ends a marking that has nothing left to mark.
    pub(super) fn collect_minor_for(&mut self, cause: Cause) {
        // Under stress programs are to meet markings that are far from done.
        if cause != Cause::Stress {
            self.catch_up();
        }
        if cause == Cause::NewSpaceCrowded {
            self.sweep_for_pages(self.pages_to_promote_all());
        }
        let kind = if self.old_cycle.is_marked() { PauseKind::Finish } else { PauseKind::Minor };
        self.collect(kind, cause);
    }

    pub(super) fn pressure(&self) -> Option<Pressure> {
        let old = (self.spaces.old_generation_bytes(), self.old_limit_bytes);
        let external = (self.spaces.external_bytes(), self.external_limit_bytes);
        self.config.pacing.pressure(old, external)
    }

    /// One pause that scavenges. A full collection marks at once before; a marking in steps starts and ends after, when
    /// new space holds nothing but survivors.
    pub(super) fn collect(&mut self, kind: PauseKind, cause: Cause) {
        self.record_point();
        self.verify_if_asked("before");
        self.show(Moment::Before, kind, cause, None);
        self.account_allocation();
        self.roots.free_dropped();
        let mut pause = self.ledger.open(kind, cause, self.usage(), self.remembered.len());
        // Objects were allocated into a new space of the size that it has now.
        let is_at_maximum = self.spaces.new.capacity().bytes() >= self.max_semispace_bytes;
        self.grow_new_space_late();
        if kind == PauseKind::Full {
            self.mark_at_once(&mut pause, cause);
        }
        let promotion = self.promotion_now(kind, cause);
        let survived = self.scavenge(&mut pause, promotion, is_at_maximum);
        match kind {
            PauseKind::Minor => self.start_marking_if_due(&mut pause, cause),
            PauseKind::Finish => self.finish_marking(&mut pause),
            PauseKind::Full | PauseKind::Step => {}
        }
        self.resize(&mut pause, kind, cause, &survived);
        self.new_survivors = self.spaces.new.active().used;
        self.new_used_before = self.new_survivors;
        let fragmentation_ppm = self.fragmentation_ppm();
        let account = self.ledger.close(pause, self.usage(), survived, fragmentation_ppm);
        self.show(Moment::After, kind, cause, Some(&account));
        self.verify_if_asked("after");
        self.record_collected();
    }

    /// Copies or promotes the survivors of new space.
    fn scavenge(
        &mut self,
        pause: &mut OpenPause,
        promotion: Promotion,
        is_new_space_at_maximum: bool,
    ) -> SurvivedByAge {
        let mut marker = self.old_cycle.marker();
        if let Some(marker) = &mut marker {
            marker.note_remembered(&self.spaces, &self.remembered);
        }
        let pages = self.config.pages;
        let mut scavenger = Scavenger::flip(&mut self.spaces, &mut self.remembered, promotion, pages, marker);
        scavenger.scan_roots(&mut self.roots);
        self.ledger.end_phase(pause, Phase::Roots, scavenger.take_work());
        scavenger.scan_remembered();
        self.ledger.end_phase(pause, Phase::Remembered, scavenger.take_work());
        scavenger.copy_closure();
        self.ledger.end_phase(pause, Phase::Copy, scavenger.take_work());
        bury_young(&mut self.ledger, pause, &mut scavenger, &mut self.roots);
        if let Some(policy) = &self.config.pretenuring {
            self.sites.digest(policy, is_new_space_at_maximum, &scavenger);
        }
        let (from, survived) = scavenger.finish();
        self.watch.note_scavenged(&self.spaces, from, promotion);
        if let Some(pages) = pages {
            self.spaces.new.lose(pages.lost_bytes(self.spaces.new.active().used.bytes()));
        }
        if self.config.stress.poison {
            self.spaces.new.poison(&mut self.spaces.memory, from, poison::FROM_SPACE);
        }
        self.spaces.memory.forbid(from.start, from.used);
        survived
    }

    /// The promotion policy of this scavenge: as configured, but drawn by lot under stress; and everything is promoted as
    /// a last resort, or new space could stay full of survivors too young to leave it.
    fn promotion_now(&mut self, kind: PauseKind, cause: Cause) -> Promotion {
        let is_full = matches!(kind, PauseKind::Full | PauseKind::Finish);
        let age = match (&mut self.age_lottery, cause) {
            (_, Cause::LastResort | Cause::NewSpaceCrowded) => 0,
            _ if is_full && self.config.promotion.all_at_full => 0,
            (Some(lottery), _) => lottery.draw(4) as u8,
            (None, _) => self.config.promotion.age,
        };
        Promotion { age, ..self.config.promotion }
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
