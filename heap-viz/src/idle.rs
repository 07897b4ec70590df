//! How much of the collector's work was done in time that the program gave away.

use crate::timeline::Tally;
use gc_core::event::Pause;

/// What was done in idle time, beside what was done at any time.
///
/// A pause in idle time is a pause like any other, in utilisation too: the collector cannot know whether somebody
/// waited after all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IdleWork {
    /// Pauses in idle time.
    pub idle: Done,
    /// All pauses.
    pub all: Done,
}

/// Pauses, and what they marked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// How many pauses there were, and how long they took.
    pub pauses: Tally,
    /// Bytes of objects marked in them.
    pub marked_bytes: u64,
}

impl IdleWork {
    /// Takes note of a pause.
    pub(crate) fn push(&mut self, pause: &Pause) {
        self.all.add(pause);
        if pause.cause.is_idle() {
            self.idle.add(pause);
        }
    }

    /// Share of the time in pauses, from 0 to 1; none if there was no such time.
    #[must_use]
    pub fn time_share(&self) -> Option<f64> {
        share(self.idle.pauses.total.0, self.all.pauses.total.0)
    }

    /// Share of the bytes marked, from 0 to 1; none if nothing was marked.
    #[must_use]
    pub fn marked_share(&self) -> Option<f64> {
        share(self.idle.marked_bytes, self.all.marked_bytes)
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl Done {
    fn add(&mut self, pause: &Pause) {
        self.pauses.add(pause.duration);
        self.marked_bytes = self.marked_bytes.saturating_add(pause.work.marked_bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::IdleWork;
    use crate::record::sample;
    use gc_core::event::Cause;

    #[test]
    fn work_is_told_by_the_cause_of_its_pause() {
        let mut work = IdleWork::default();
        for cause in [Cause::Idle, Cause::MarkingDue, Cause::MemoryReducer, Cause::Idle] {
            work.push(&sample::step(0, cause));
        }
        assert_eq!((work.idle.pauses.count, work.all.pauses.count), (3, 4));
        assert_eq!((work.time_share(), work.marked_share()), (Some(0.75), Some(0.75)));
    }

    #[test]
    fn of_nothing_there_is_no_share() {
        let nothing = IdleWork::default();
        assert_eq!((nothing.time_share(), nothing.marked_share()), (None, None));
    }
}
