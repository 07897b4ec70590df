//! How fast things go, of late.

use crate::quantity::Share;
use gc_core::event::{Nanos, Pause, PauseKind};

/// Rates are those of the last second, by the heap's clock...
const WINDOW: Nanos = Nanos(1_000_000_000);
/// ... or of so many pauses, if these take longer.
const LEAST_PAUSES: usize = 8;

/// How fast things go, of late.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// The time that they are taken over.
    pub window: Nanos,
    /// Bytes that the program allocates in a second.
    pub allocated_bytes: f64,
    /// Bytes that become old in a second.
    pub promoted_bytes: f64,
    /// The share of what was in new space that has survived scavenges.
    pub survival: Share,
    /// The share of time in pauses.
    pub in_pauses: Share,
}

impl Rates {
    /// The rates up to the last of `pauses`, which are in order of time. The first has ended at `start` or after it: it is
    /// counted if what it counts has happened since then.
    pub(super) fn of(start: Nanos, pauses: &[&Pause]) -> Rates {
        let window = pauses.last().map_or(Nanos(0), |last| end(last).since(start));
        let per_second = |bytes: u64| bytes as f64 * 1e9 / window.0.max(1) as f64;
        let scavenges = || pauses.iter().copied().filter(|pause| pause.kind != PauseKind::Step);
        let survived =
            sum(scavenges(), |pause| pause.work.copied_bytes.saturating_add(pause.work.promoted_bytes));
        let young = sum(scavenges(), |pause| pause.before.new_used);
        let of_all = |figure: fn(&Pause) -> u64| sum(pauses.iter().copied(), figure);
        Rates {
            window,
            allocated_bytes: per_second(of_all(|pause| pause.allocated_bytes_before)),
            promoted_bytes: per_second(of_all(|pause| pause.work.promoted_bytes)),
            // Young large objects survive, too, and are not in new space.
            survival: Share::of(survived.min(young), young),
            in_pauses: Share::of(of_all(|pause| pause.duration.0), window.0),
        }
    }

    /// The rates of late, from the last pauses, which are in order of time. `is_all` says whether these are all that there
    /// were, so that what the first counts is counted from the start of the run.
    pub(super) fn of_late(pauses: &[&Pause], is_all: bool) -> Rates {
        let from = pauses.last().map_or(Nanos(0), |last| end(last).since(WINDOW));
        let recent = pauses.iter().rev().take_while(|pause| end(pause) >= from).count();
        let count = recent.max(LEAST_PAUSES).min(pauses.len());
        let (earlier, counted) = pauses.split_at(pauses.len() - count);
        match (earlier.last(), counted) {
            (Some(before), _) => Rates::of(end(before), counted),
            (None, _) if is_all => Rates::of(Nanos(0), counted),
            (None, [first, rest @ ..]) => Rates::of(end(first), rest),
            (None, []) => Rates::of(Nanos(0), &[]),
        }
    }
}

fn end(pause: &Pause) -> Nanos {
    Nanos(pause.start.0.saturating_add(pause.duration.0))
}

/// Saturating: figures may come from a file.
fn sum<'p>(pauses: impl Iterator<Item = &'p Pause>, figure: impl Fn(&Pause) -> u64) -> u64 {
    pauses.fold(0, |sum: u64, pause| sum.saturating_add(figure(pause)))
}

#[cfg(test)]
mod tests {
    use super::Rates;
    use crate::record::sample;
    use gc_core::event::{Nanos, Pause};

    /// A pause every 100 ms that takes 10 ms, and 100 bytes were allocated before each.
    fn pauses(count: u64) -> Vec<Pause> {
        let pause = |n| Pause {
            start: Nanos(n * 100_000_000 + 90_000_000),
            duration: Nanos(10_000_000),
            allocated_bytes_before: 100,
            ..sample::pause(1)
        };
        (0..count).map(pause).collect()
    }

    #[track_caller]
    fn check(count: u64, is_all: bool, window_ms: u64, allocated_bytes: f64) {
        let pauses = pauses(count);
        let rates = Rates::of_late(&pauses.iter().collect::<Vec<_>>(), is_all);
        assert_eq!((rates.window, rates.allocated_bytes), (Nanos(window_ms * 1_000_000), allocated_bytes));
    }

    #[test]
    fn rates_are_those_of_the_last_second() {
        check(50, false, 1_100, 1_000.0);
        check(5, true, 500, 1_000.0);
        check(5, false, 400, 1_000.0);
        check(1, false, 0, 0.0);
        check(0, true, 0, 0.0);
    }

    #[test]
    fn shares_are_of_time_and_of_new_space() {
        let pauses = pauses(10);
        let rates = Rates::of_late(&pauses.iter().collect::<Vec<_>>(), true);
        assert_eq!((rates.in_pauses.0, rates.survival.0), (0.1, 3.0 / 32.0));
    }
}
