//! After a collection: how large the spaces are, and what goes back to the system.

use super::Heap;
use super::cycle::SurvivedByAge;
use super::pause::OpenPause;
use super::{LiveBytes, MIN_SEMISPACE_BYTES, whole_granules};
use crate::collect::Progress;
use crate::event::{Cause, Event, PauseKind, Phase, Work};
use crate::memory::Granules;
use crate::policy::{Marked, NewSpaceGrowth, Pace, Scavenge, Survivors};
use crate::space::PAGE_BYTES;

impl Heap {
    /// Sets sizes and limits for the time up to the next collection.
    pub(super) fn resize(
        &mut self,
        pause: &mut OpenPause,
        kind: PauseKind,
        cause: Cause,
        survived: &SurvivedByAge,
    ) {
        self.note_survival(pause, kind, survived);
        self.resize_new_space(pause);
        if self.is_before_first_full(kind) {
            self.set_initial_limit();
        }
        if matches!(kind, PauseKind::Full | PauseKind::Finish) {
            self.set_limits();
            self.note_full(pause);
            self.set_pages_kept(cause);
        }
        if kind == PauseKind::Full {
            self.release_pages(usize::MAX);
            self.end_sweeping();
        }
        self.populate_ahead();
        self.set_allowance();
        self.ledger.end_phase(pause, Phase::Resize, Work::default());
    }

    fn note_survival(&mut self, pause: &OpenPause, kind: PauseKind, survived: &SurvivedByAge) {
        // What is lost of pages counts as used: it leaves as little room as what has died there.
        let used_bytes = pause.before().new_used + self.spaces.new.lost_before().bytes();
        let all = Survivors { used_bytes, survived_bytes: survived.iter().sum() };
        let aged = Survivors {
            used_bytes: self.new_survivors.bytes(),
            survived_bytes: survived.iter().skip(1).sum(),
        };
        match kind {
            PauseKind::Minor | PauseKind::Finish => {
                self.survival.note(Scavenge { all, aged, pause: pause.duration() });
            }
            PauseKind::Full => self.survival.note_full(all, aged),
            PauseKind::Step => {}
        }
    }

    fn resize_new_space(&mut self, pause: &OpenPause) {
        if self.old_cycle.is_marking() {
            // The pace of the marking counts on the size that new space had when it started.
            return;
        }
        let sizing = &self.config.new_space;
        // Where allocations that could not collect have enlarged new space, that was no decision about its size.
        let from = self.mutating.take_capacity_before().unwrap_or(self.spaces.new.capacity());
        if sizing.is_idle(pause.allocation()) || self.reducer.is_running() {
            return self.shrink_new_space();
        }
        let wanted_bytes = match sizing.growth {
            NewSpaceGrowth::AtOnce => sizing.next_capacity(from.bytes(), &self.survival),
            NewSpaceGrowth::NextCollection => from.bytes(),
        };
        if wanted_bytes != from.bytes() {
            self.survival.resized();
        }
        self.set_new_space(wanted_bytes);
    }

    /// Before a collection: sets the size of new space by what had survived until then, if that is the rule.
    pub(super) fn grow_new_space_late(&mut self) {
        let sizing = &self.config.new_space;
        let from_bytes = self.spaces.new.capacity().bytes();
        let wanted_bytes = sizing.next_capacity(from_bytes, &self.survival);
        if sizing.growth == NewSpaceGrowth::NextCollection
            && wanted_bytes > from_bytes
            && !self.old_cycle.is_marking()
        {
            self.survival.resized();
            self.set_new_space(wanted_bytes);
        }
    }

    /// Makes new space as small as its use allows, and gives back the memory beyond.
    pub(super) fn shrink_new_space(&mut self) {
        let new = &self.spaces.new;
        let (capacity_bytes, used_bytes) = (new.capacity().bytes(), new.active().used.bytes());
        let sizing = &self.config.new_space;
        self.survival.resized();
        self.set_new_space(sizing.reduced_capacity(capacity_bytes, used_bytes));
        self.spaces.new.release_surplus(&mut self.spaces.memory);
    }

    /// Makes new space large enough for one run of `size`, if the configuration allows it.
    pub(super) fn grow_new_space_for(&mut self, size: Granules) {
        let new = &self.spaces.new;
        let needed_bytes = (new.active().used + size).bytes();
        if (new.capacity().bytes() + 1..=self.max_semispace_bytes).contains(&needed_bytes) {
            self.survival.resized();
            self.set_new_space(needed_bytes);
        }
    }

    /// Sets the capacity of a semispace, as near to `wanted_bytes` as limits and use allow.
    fn set_new_space(&mut self, wanted_bytes: u64) {
        let from_bytes = self.spaces.new.capacity().bytes();
        // What is in use may be no more than half, or there would be no room for the allocation that is waiting.
        let least_bytes =
            (2 * self.spaces.new.active().used.bytes()).max(MIN_SEMISPACE_BYTES).min(from_bytes);
        let to_bytes = whole_granules(wanted_bytes.min(self.max_semispace_bytes)).max(least_bytes);
        if to_bytes != from_bytes {
            self.spaces.new.set_capacity(Granules::holding(to_bytes));
            if self.config.prefault && to_bytes > from_bytes {
                self.spaces.new.populate(&self.spaces.memory);
            }
            let at = self.ledger.now();
            self.ledger.tell(|| Event::NewSpaceResized { at, from_bytes, to_bytes });
        }
    }

    fn is_before_first_full(&self, kind: PauseKind) -> bool {
        let stats = &self.ledger.stats;
        kind == PauseKind::Minor && stats.full_collections + stats.incremental_collections == 0
    }

    fn set_initial_limit(&mut self) {
        let old_bytes = self.spaces.old_generation_bytes();
        let average_ppm = self.survival.recent_ppm();
        self.old_limit_bytes =
            self.config.pacing.initial_limit_after(self.old_limit_bytes, old_bytes, average_ppm);
    }

    /// Takes note of whether a full collection was in vain.
    fn note_full(&mut self, pause: &OpenPause) {
        self.futility.note_stop(pause.duration());
        if let Some(policy) = &self.config.futility {
            let (now, max_bytes) = (self.ledger.now(), self.config.max_old_bytes);
            self.futility.note_full(policy, now, self.spaces.old_generation_bytes(), max_bytes);
        }
    }

    fn set_limits(&mut self) {
        let marked = Marked {
            live_bytes: self.spaces.old_generation_bytes(),
            max_bytes: self.config.max_old_bytes,
            new_space_bytes: self.spaces.new.capacity().bytes(),
            speeds: self.ledger.end_cycle(),
            pace: self.pace(),
        };
        let pacing = &self.config.pacing;
        self.old_limit_bytes = pacing.limit_after(&marked);
        let external_bytes = self.spaces.external_bytes();
        self.external_limit_bytes = pacing.external_limit_after(external_bytes);
        self.live_bytes = LiveBytes { old: self.spaces.old_generation_bytes(), external: external_bytes };
        let (at, limit_bytes) = (self.ledger.now(), self.old_limit_bytes);
        self.ledger.tell(|| Event::OldLimitSet { at, limit_bytes });
    }

    /// How freely the old generation may grow: slowly while memory is being reduced, and from then on.
    fn pace(&self) -> Pace {
        let is_slow = self.reducer.is_running() || self.reducer.has_reduced();
        if is_slow { Pace::Slow } else { Pace::Usual }
    }

    /// Free pages that will be wanted before the next marking ends stay committed; none if the program asked for the
    /// collection, memory is short, or it is being reduced.
    fn set_pages_kept(&mut self, cause: Cause) {
        let wanted_bytes = match cause {
            Cause::Requested | Cause::LastResort | Cause::Fragmentation => 0,
            _ if self.reducer.is_running() => 0,
            _ => self.old_limit_bytes.saturating_sub(self.spaces.old_generation_bytes()),
        };
        self.spare_pages_kept = usize::try_from(wanted_bytes / PAGE_BYTES as u64).unwrap_or(usize::MAX);
    }

    /// Has pages committed that will be wanted, unless memory is to be given back.
    fn populate_ahead(&mut self) {
        let (pages, memory) = (&mut self.spaces.pages, &mut self.spaces.memory);
        if self.spare_pages_kept == 0 {
            pages.release_ahead(memory);
        } else if self.config.prefault {
            pages.populate_ahead(memory);
        }
    }

    /// Gives up to `count` of the other free pages back to the system.
    pub(super) fn release_pages(&mut self, count: usize) -> Progress {
        self.spaces.pages.release_spare(&mut self.spaces.memory, self.spare_pages_kept, count);
        if self.pages_to_release() > 0 { Progress::More } else { Progress::Done }
    }

    /// Free pages that are to go back to the system.
    pub(super) fn pages_to_release(&self) -> usize {
        self.spaces.pages.spare().saturating_sub(self.spare_pages_kept)
    }
}
