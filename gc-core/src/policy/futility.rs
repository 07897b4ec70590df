//! When collecting further is in vain.

use crate::event::Nanos;

/// The rule that ends a program that does little but collect: V8's "ineffective mark-compacts near heap limit".
///
/// A full collection is in vain if it leaves the old generation nearly full and the program has had little of the time
/// since the one before. After several of these in a row the next allocation that would collect is refused, long before
/// there is no room at all: a program in its last megabytes would spend minutes on the way to the same end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Futility {
    /// Share of the maximum of the old generation that must be in use after a collection for it to be in vain, in
    /// percent (V8 `heap.cc`, `Heap::IsIneffectiveMarkCompact`, `kHighHeapPercentage`: 0.8).
    pub full_percent: u8,
    /// Share of the time below which the program's must lie, in percent (`kLowMutatorUtilization`: 0.4).
    pub utilisation_percent: u8,
    /// Collections in vain, in a row, that end the program (`kMaxConsecutiveIneffectiveMarkCompacts`: 4).
    pub max_in_a_row: u32,
}

impl Default for Futility {
    fn default() -> Self {
        Futility { full_percent: 80, utilisation_percent: 40, max_in_a_row: 4 }
    }
}

/// The time that full collections have left the program, and how many were in vain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FutilityAccount {
    in_a_row: u32,
    /// Average of the program's share, in parts per million: half of it is the latest. None before the first.
    utilisation_ppm: Option<u64>,
    last_end: Nanos,
    stopped: Nanos,
}

/// Everything, in parts per million.
const ALL_PPM: u64 = 1_000_000;

impl FutilityAccount {
    /// Takes note of time that the collection of the old generation took.
    pub fn note_stop(&mut self, duration: Nanos) {
        self.stopped += duration;
    }

    /// Takes note of a full collection that ended `now` and left `used_bytes` of at most `max_bytes`.
    pub fn note_full(&mut self, policy: &Futility, now: Nanos, used_bytes: u64, max_bytes: u64) {
        let average_ppm = self.average_ppm(now);
        let is_full = u128::from(used_bytes) * 100 >= u128::from(max_bytes) * u128::from(policy.full_percent);
        let is_slow = average_ppm < u64::from(policy.utilisation_percent) * (ALL_PPM / 100);
        let in_a_row = if is_full && is_slow { self.in_a_row + 1 } else { 0 };
        *self = FutilityAccount {
            in_a_row,
            utilisation_ppm: Some(average_ppm),
            last_end: now,
            stopped: Nanos(0),
        };
    }

    fn average_ppm(&self, now: Nanos) -> u64 {
        let whole = u128::from(now.since(self.last_end).0);
        let ran = whole.saturating_sub(self.stopped.0.into());
        let current = (ran * u128::from(ALL_PPM)).checked_div(whole).unwrap_or(0) as u64;
        self.utilisation_ppm.map_or(current, |average| (average + current) / 2)
    }

    /// Whether it is time to give up.
    #[must_use]
    pub fn is_hopeless(&self, policy: &Futility) -> bool {
        self.in_a_row >= policy.max_in_a_row
    }
}

#[cfg(test)]
mod tests {
    use super::{Futility, FutilityAccount};
    use crate::event::Nanos;

    /// Whether it is time to give up after full collections at 100, 200, ... that each took `stopped` and left so many bytes
    /// of 100 in use.
    fn is_hopeless(stopped: u64, left: &[u64]) -> bool {
        let (policy, mut account) = (Futility::default(), FutilityAccount::default());
        for (number, used_bytes) in (1..).zip(left.iter().copied()) {
            account.note_stop(Nanos(stopped));
            account.note_full(&policy, Nanos(100 * number), used_bytes, 100);
        }
        account.is_hopeless(&policy)
    }

    #[test]
    fn four_collections_in_vain_are_the_end() {
        assert!(!is_hopeless(61, &[80; 3]));
        assert!(is_hopeless(61, &[80; 4]));
    }

    #[test]
    fn a_collection_that_frees_much_starts_the_count_again() {
        assert!(!is_hopeless(61, &[80, 80, 79, 80, 80, 80]));
        assert!(is_hopeless(61, &[80, 79, 80, 80, 80, 80]));
    }

    #[test]
    fn a_program_that_has_its_time_goes_on() {
        assert!(!is_hopeless(60, &[99; 9]));
    }
}
