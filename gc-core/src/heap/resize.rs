//! After a collection: how large the spaces are, and what goes back to the system.

use super::Heap;
use super::cycle::SurvivedByAge;
use super::pause::OpenPause;
use crate::event::{Cause, Event, PauseKind, Phase, Work};
use crate::memory::Granules;
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
        self.resize_new_space(survived);
        if kind == PauseKind::Full {
            self.set_limits();
            self.release_pages(cause);
        }
        self.hold_allocation_under_stress();
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
        self.external_limit_bytes = pacing.external_limit_after(self.spaces.external.bytes());
        let (at, limit_bytes) = (self.ledger.now(), self.old_limit_bytes);
        self.ledger.tell(|| Event::OldLimitSet { at, limit_bytes });
    }

    /// Keeps the free pages that will be wanted before the next full collection, and gives the others back; all of
    /// them when the program asked for the collection or memory is short.
    fn release_pages(&mut self, cause: Cause) {
        let wanted_bytes = match cause {
            Cause::Requested | Cause::LastResort => 0,
            _ => self.old_limit_bytes.saturating_sub(self.spaces.pages.in_use_bytes()),
        };
        let keep = usize::try_from(wanted_bytes / PAGE_BYTES as u64).unwrap_or(usize::MAX);
        self.spaces.pages.release_spare(&mut self.spaces.memory, keep);
    }
}
