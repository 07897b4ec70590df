//! What compactions moved, and what came of it.

use crate::timeline::Tally;
use gc_core::event::{Pause, Phase, PhaseEnd};

/// Compactions of both ways. One that found nothing to move is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compactions {
    /// All of old space slid to one end.
    pub slides: Compaction,
    /// Sparse pages emptied.
    pub evacuations: Compaction,
}

/// Compactions of one way, summed up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compaction {
    /// How many there were, and how long it took to move objects.
    pub tally: Tally,
    /// Objects moved.
    pub moved_objects: u64,
    /// Bytes of objects moved.
    pub moved_bytes: u64,
    /// Pages of old space when the program was stopped.
    pub before: Occupancy,
    /// Pages of old space when it went on.
    pub after: Occupancy,
}

/// Pages of old space, and what in them is alive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Occupancy {
    live_bytes: u64,
    total_bytes: u64,
}

impl Occupancy {
    /// Share of the pages that holds no live object, from 0 to 1; none if there are no pages.
    #[must_use]
    pub fn fragmentation_share(&self) -> Option<f64> {
        let free_bytes = self.total_bytes.saturating_sub(self.live_bytes);
        (self.total_bytes > 0).then(|| free_bytes as f64 / self.total_bytes as f64)
    }

    fn add(&mut self, live_bytes: u64, total_bytes: u64) {
        self.live_bytes = self.live_bytes.saturating_add(live_bytes);
        self.total_bytes = self.total_bytes.saturating_add(total_bytes);
    }
}

impl Compactions {
    /// Takes note of what was moved in a pause.
    pub(crate) fn push(&mut self, pause: &Pause) {
        for phase in pause.phases.iter().filter(|phase| phase.work.moved_objects > 0) {
            match phase.phase {
                Phase::Compact => self.slides.add(phase, pause),
                Phase::Evacuate => self.evacuations.add(phase, pause),
                _ => {}
            }
        }
    }
}

impl Compaction {
    /// The dead are known only once marking has ended, so both sides count what was alive when the pause ended: in the
    /// pages that there were before, and in those that are left.
    fn add(&mut self, phase: &PhaseEnd, pause: &Pause) {
        self.tally.add(phase.duration);
        self.moved_objects = self.moved_objects.saturating_add(phase.work.moved_objects);
        self.moved_bytes = self.moved_bytes.saturating_add(phase.work.moved_bytes);
        self.before.add(pause.after.old_used, pause.before.old_total);
        self.after.add(pause.after.old_used, pause.after.old_total);
    }
}

#[cfg(test)]
mod tests {
    use super::{Compactions, Occupancy};
    use crate::record::sample;
    use gc_core::event::{Nanos, Phase};

    fn compactions(phases: &[Phase]) -> Compactions {
        let mut compactions = Compactions::default();
        (0..).zip(phases).for_each(|(n, &phase)| compactions.push(&sample::compaction(n, phase)));
        compactions
    }

    #[test]
    fn slides_and_evacuations_are_told_apart() {
        let both = compactions(&[Phase::Compact, Phase::Evacuate, Phase::Compact]);
        assert_eq!((both.slides.tally.count, both.slides.moved_bytes), (2, 2 << 20));
        assert_eq!((both.evacuations.tally.count, both.evacuations.moved_objects), (1, 1_000));
        assert_eq!(both.evacuations.tally.total, Nanos(50_000));
    }

    #[test]
    fn fragmentation_is_that_of_the_same_live_objects_in_fewer_pages() {
        let slides = compactions(&[Phase::Compact; 2]).slides;
        assert_eq!(slides.before.fragmentation_share(), Some(0.6));
        assert_eq!(slides.after.fragmentation_share(), Some(0.2));
    }

    #[test]
    fn one_that_moves_nothing_is_none() {
        let mut idle = sample::compaction(0, Phase::Evacuate);
        idle.phases[0].work.moved_objects = 0;
        let mut compactions = Compactions::default();
        compactions.push(&idle);
        assert_eq!(compactions, Compactions::default());
    }

    #[test]
    fn without_pages_nothing_is_fragmented() {
        assert_eq!(Occupancy::default().fragmentation_share(), None);
        assert_eq!(Occupancy { live_bytes: 3, total_bytes: 2 }.fragmentation_share(), Some(0.0));
    }
}
