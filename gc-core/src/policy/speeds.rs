//! How fast the program fills the old generation, and how fast the collector goes through it.

use crate::event::{Nanos, Phase, Work};

/// Bytes dealt with in a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// The bytes.
    pub bytes: u64,
    /// The time that they took.
    pub time: Nanos,
}

/// An account keeps shares of its past in eighths: [`Rate::smoothed`].
const EIGHTHS: u64 = 8;

impl Rate {
    /// The speed, rounded down; none without bytes or time.
    #[must_use]
    pub fn bytes_per_second(self) -> Option<u64> {
        let bytes = u128::from(self.bytes) * 1_000_000_000;
        let speed = bytes.checked_div(self.time.0.into())?;
        Some(u64::try_from(speed).unwrap_or(u64::MAX)).filter(|speed| *speed > 0)
    }

    /// A rate that keeps `kept_eighths` eighths of this one's weight and takes in all of `sample`.
    ///
    /// Bytes and times are added up apart, so a long sample counts for more than a short one.
    #[must_use]
    pub fn smoothed(self, sample: Rate, kept_eighths: u64) -> Rate {
        let kept = |weight: u64| (u128::from(weight) * u128::from(kept_eighths) / u128::from(EIGHTHS)) as u64;
        Rate {
            bytes: kept(self.bytes).saturating_add(sample.bytes),
            time: Nanos(kept(self.time.0).saturating_add(sample.time.0)),
        }
    }
}

/// The two speeds on which the size of the old generation depends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Speeds {
    /// Bytes that the program adds to the old generation, by the time that it runs itself.
    pub allocation: Rate,
    /// Bytes marked, by the time that marking and sweeping take.
    pub collection: Rate,
}

/// Takes down the speeds, from one full collection to the next.
///
/// Each cycle counts for half of what the one after it does: `MemoryBalancer::kMajorGCDecayRate`, 0.5, in V8's
/// `memory-balancer.h`. (V8 weighs allocation by 0.95, but once a second and not once a cycle.)
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpeedAccount {
    smoothed: Speeds,
    /// The current cycle's.
    cycle: Speeds,
    /// When the current cycle began.
    start: Nanos,
    /// Time of the current cycle in which the program stood still.
    stopped: Nanos,
}

/// Weight of the cycles before, when one ends.
const KEPT_EIGHTHS: u64 = 4;

impl SpeedAccount {
    /// Takes note of a phase of any pause.
    pub fn note_phase(&mut self, phase: Phase, duration: Nanos, work: &Work) {
        self.stopped += duration;
        self.cycle.allocation.bytes += work.promoted_bytes;
        if matches!(phase, Phase::Mark | Phase::Sweep) {
            self.cycle.collection.bytes += work.marked_bytes;
            self.cycle.collection.time += duration;
        }
    }

    /// Takes note of bytes that the program has allocated in the old generation at once.
    pub fn note_old_allocation(&mut self, bytes: u64) {
        self.cycle.allocation.bytes += bytes;
    }

    /// The speeds up to `now`, when a full collection has ended; the next cycle begins.
    pub fn end_cycle(&mut self, now: Nanos) -> Speeds {
        let Speeds { allocation, collection } = self.cycle;
        let ran = now.since(self.start).since(self.stopped);
        let allocation = Rate { time: ran, ..allocation };
        let smoothed = Speeds {
            allocation: self.smoothed.allocation.smoothed(allocation, KEPT_EIGHTHS),
            collection: self.smoothed.collection.smoothed(collection, KEPT_EIGHTHS),
        };
        *self = SpeedAccount { smoothed, start: now, ..SpeedAccount::default() };
        smoothed
    }
}

#[cfg(test)]
mod tests {
    use super::{Rate, SpeedAccount};
    use crate::event::{Nanos, Phase, Work};

    fn rate(bytes: u64, time: u64) -> Rate {
        Rate { bytes, time: Nanos(time) }
    }

    #[test]
    fn a_rate_is_bytes_over_time() {
        assert_eq!(rate(3, 2).bytes_per_second(), Some(1_500_000_000));
        assert_eq!(rate(u64::MAX, 1).bytes_per_second(), Some(u64::MAX));
    }

    #[test]
    fn nothing_measured_is_no_rate() {
        assert_eq!(rate(1, 0).bytes_per_second(), None);
        assert_eq!(rate(0, 1).bytes_per_second(), None);
    }

    #[test]
    fn an_old_sample_counts_for_less() {
        assert_eq!(rate(100, 10).smoothed(rate(7, 8), 4), rate(57, 13));
        assert_eq!(rate(u64::MAX, 0).smoothed(rate(u64::MAX, 0), 8).bytes, u64::MAX);
    }

    #[test]
    fn the_program_is_charged_for_the_time_that_it_runs_itself() {
        let mut account = SpeedAccount::default();
        let promoted = Work { promoted_bytes: 600, ..Work::default() };
        account.note_phase(Phase::Copy, Nanos(30), &promoted);
        account.note_old_allocation(50);
        let marked = Work { marked_bytes: 500, ..Work::default() };
        account.note_phase(Phase::Mark, Nanos(40), &marked);
        account.note_phase(Phase::Sweep, Nanos(10), &Work::default());
        let speeds = account.end_cycle(Nanos(1_080));
        assert_eq!((speeds.allocation, speeds.collection), (rate(650, 1_000), rate(500, 50)));
    }

    #[test]
    fn a_cycle_counts_for_half_of_the_next() {
        let mut account = SpeedAccount::default();
        account.note_phase(Phase::Mark, Nanos(10), &Work { marked_bytes: 400, ..Work::default() });
        account.end_cycle(Nanos(100));
        account.note_phase(Phase::Mark, Nanos(10), &Work { marked_bytes: 100, ..Work::default() });
        let speeds = account.end_cycle(Nanos(300));
        assert_eq!((speeds.collection, speeds.allocation), (rate(300, 15), rate(0, 45 + 190)));
    }
}
