//! How much of the time the program itself ran: over all of a run, and in its worst stretch.
//!
//! A list of pauses misleads: ten pauses of 1 ms in a row stop an animation as a pause of 10 ms does. Minimum
//! mutator utilisation (Cheng and Blelloch, 2001) counts both alike: of all windows of a given length, it is the
//! share of the time that the program had in the worst.

use gc_core::event::Nanos;

/// Windows of a curve in a decade.
const WINDOWS_PER_DECADE: u32 = 10;

/// When the program was stopped: stretches of time in order, none overlapping another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StopLog {
    stops: Vec<Stop>,
    stopped: Nanos,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stop {
    start: u64,
    end: u64,
}

/// The window in which the program had the least of the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorstWindow {
    /// Length of the window.
    pub window: Nanos,
    /// Start of the worst such window; of several equally bad ones, the first.
    pub start: Nanos,
    /// How long the program was stopped in it.
    pub stopped: Nanos,
}

impl WorstWindow {
    /// The minimum mutator utilisation: the share of this window in which the program ran, from 0 to 1.
    #[must_use]
    pub fn mutator_share(&self) -> f64 {
        mutator_share(self.stopped, self.window)
    }
}

impl StopLog {
    /// Appends a stop. What of it lies before the end of the stop before is cut off.
    pub fn push(&mut self, start: Nanos, duration: Nanos) {
        let end = Nanos(start.0.saturating_add(duration.0)).max(self.end());
        let start = start.max(self.end());
        self.stopped += end.since(start);
        self.stops.push(Stop { start: start.0, end: end.0 });
    }

    /// When the last stop ended; zero if there was none.
    #[must_use]
    pub fn end(&self) -> Nanos {
        Nanos(self.stops.last().map_or(0, |stop| stop.end))
    }

    /// The share of the time from 0 to `run_end` in which the program ran, from 0 to 1.
    #[must_use]
    pub fn mutator_share(&self, run_end: Nanos) -> f64 {
        mutator_share(self.stopped, run_end)
    }

    /// The worst window of the length `window` between 0 and `run_end`; none if it is empty or longer than the run.
    ///
    /// Exact, in one pass. The stopped time in a window, as a function of its start, rises while the window takes
    /// in a stop at its far end and falls while it loses one at its near end. So it peaks only where the window
    /// starts with a stop or ends with one, or at either end of the run.
    #[must_use]
    pub fn worst_window(&self, window: Nanos, run_end: Nanos) -> Option<WorstWindow> {
        let last_start = run_end.0.checked_sub(window.0).filter(|_| window.0 > 0)?;
        let starting = self.stops.iter().map(|stop| stop.start);
        let ending = self.stops.iter().filter_map(|stop| stop.end.checked_sub(window.0));
        let (mut near, mut far) = (self.walk(), self.walk());
        merged(starting, ending)
            .take_while(|&start| start < last_start)
            .chain([last_start])
            .map(|start| (start, far.stopped_before(start + window.0) - near.stopped_before(start)))
            .fold(None, |worst: Option<(u64, u64)>, next| {
                worst.filter(|worst| worst.1 >= next.1).or(Some(next))
            })
            .map(|(start, stopped)| WorstWindow { window, start: Nanos(start), stopped: Nanos(stopped) })
    }

    /// The worst windows from 1 ms up to 10 s, or to what the run was long enough for: ten of each decade.
    #[must_use]
    pub fn curve(&self, run_end: Nanos) -> Vec<WorstWindow> {
        let windows = (0..=4 * WINDOWS_PER_DECADE)
            .map(|n| 1e6 * 10_f64.powf(f64::from(n) / f64::from(WINDOWS_PER_DECADE)));
        windows.map_while(|ns| self.worst_window(Nanos(ns.round() as u64), run_end)).collect()
    }

    fn walk(&self) -> Walk<'_> {
        Walk { ahead: &self.stops, passed: 0 }
    }
}

/// The share of `time` left after `stopped`.
fn mutator_share(stopped: Nanos, time: Nanos) -> f64 {
    if time.0 == 0 { 1.0 } else { time.since(stopped).0 as f64 / time.0 as f64 }
}

/// Two rising sequences as one, with 0 before them.
fn merged(left: impl Iterator<Item = u64>, right: impl Iterator<Item = u64>) -> impl Iterator<Item = u64> {
    let (mut left, mut right) = (left.peekable(), right.peekable());
    let merge = std::iter::from_fn(move || match (left.peek(), right.peek()) {
        (Some(a), Some(b)) if b < a => right.next(),
        (Some(_), _) => left.next(),
        (None, _) => right.next(),
    });
    std::iter::once(0).chain(merge)
}

/// Sums up stops for points in time that rise.
struct Walk<'a> {
    ahead: &'a [Stop],
    passed: u64,
}

impl Walk<'_> {
    /// The stopped time from 0 to `at`.
    fn stopped_before(&mut self, at: u64) -> u64 {
        while let [first, rest @ ..] = self.ahead
            && first.end <= at
        {
            self.passed += first.end - first.start;
            self.ahead = rest;
        }
        self.passed + self.ahead.first().map_or(0, |stop| at.saturating_sub(stop.start))
    }
}

#[cfg(test)]
mod tests {
    use super::{StopLog, WorstWindow};
    use gc_core::event::Nanos;
    use proptest::prelude::{prop_assert_eq, proptest};

    fn log(stops: &[(u64, u64)]) -> StopLog {
        let mut log = StopLog::default();
        stops.iter().for_each(|&(start, duration)| log.push(Nanos(start), Nanos(duration)));
        log
    }

    /// Checks start and stopped time of the worst `window` of a run of 100 ns.
    #[track_caller]
    fn check(stops: &[(u64, u64)], window: u64, expected: Option<(u64, u64)>) {
        let worst = log(stops).worst_window(Nanos(window), Nanos(100));
        assert_eq!(worst.map(|worst| (worst.start.0, worst.stopped.0)), expected);
    }

    #[test]
    fn without_pauses_no_window_is_worse_than_the_first() {
        check(&[], 10, Some((0, 0)));
    }

    #[test]
    fn a_pause_longer_than_the_window_fills_it() {
        check(&[(40, 20)], 10, Some((40, 10)));
    }

    #[test]
    fn pauses_close_together_count_as_one() {
        check(&[(10, 2), (50, 3), (55, 3), (90, 4)], 10, Some((48, 6)));
    }

    #[test]
    fn the_worst_window_may_end_with_a_pause() {
        check(&[(10, 2), (15, 5)], 10, Some((10, 7)));
        check(&[(10, 5), (24, 7)], 12, Some((19, 7)));
    }

    #[test]
    fn windows_stay_within_the_run() {
        check(&[(0, 5)], 50, Some((0, 5)));
        check(&[(98, 2)], 50, Some((50, 2)));
        check(&[(0, 30), (90, 10)], 100, Some((0, 40)));
    }

    #[test]
    fn there_is_no_window_longer_than_the_run_and_none_of_no_length() {
        check(&[(40, 20)], 101, None);
        check(&[(40, 20)], 0, None);
    }

    #[test]
    fn overlapping_stops_are_not_counted_twice() {
        check(&[(10, 10), (15, 10), (16, 2)], 100, Some((0, 15)));
    }

    #[test]
    fn shares_are_those_of_the_program() {
        assert_eq!(log(&[(10, 20), (50, 5)]).mutator_share(Nanos(100)), 0.75);
        assert_eq!(log(&[]).mutator_share(Nanos(0)), 1.0);
        let worst = WorstWindow { window: Nanos(10), start: Nanos(0), stopped: Nanos(4) };
        assert_eq!(worst.mutator_share(), 0.6);
    }

    #[test]
    fn stops_at_the_end_of_time_do_no_harm() {
        let log = log(&[(u64::MAX - 5, 3), (u64::MAX - 1, u64::MAX), (7, 7)]);
        let worst = log.worst_window(Nanos(10), Nanos(u64::MAX)).expect("the window fits");
        assert_eq!(worst.stopped, Nanos(4));
    }

    #[test]
    fn the_curve_ends_with_the_run() {
        let log = log(&[(0, 1_000_000), (5_000_000, 1_000_000)]);
        let shares = |run_end| {
            log.curve(Nanos(run_end))
                .iter()
                .map(|worst| (worst.window.0, worst.mutator_share()))
                .collect::<Vec<_>>()
        };
        assert_eq!(shares(999_999), []);
        assert_eq!(shares(1_000_000), [(1_000_000, 0.0)]);
        let long = shares(20_000_000_000);
        assert_eq!((long.len(), long[10].0, long[40].0), (41, 10_000_000, 10_000_000_000));
        assert_eq!((long[10].1, long[40].1), (0.8, 0.9998));
    }

    #[test]
    fn a_million_stops_take_one_pass() {
        let mut log = StopLog::default();
        (0..1_000_000).for_each(|n| log.push(Nanos(n * 100), Nanos(n % 50)));
        let worst = log.worst_window(Nanos(10_000), Nanos(100_000_000)).expect("the window fits");
        assert_eq!(worst.stopped, Nanos(2450));
    }

    /// Every window, every nanosecond.
    fn by_force(stops: &[(u64, u64)], window: usize, run_end: usize) -> u64 {
        let mut stopped = vec![0; run_end];
        stops.iter().for_each(|&(start, length)| stopped[start as usize..][..length as usize].fill(1));
        stopped.windows(window).map(|window| window.iter().sum()).max().expect("the window fits")
    }

    proptest! {
        #[test]
        fn the_worst_window_is_the_one_found_by_force(
            gaps in proptest::collection::vec((0_u64..20, 0_u64..20), 0..12),
            tail in 0_u64..20,
            window in 1_u64..60,
        ) {
            let mut end = 0;
            let mut stops = Vec::new();
            for (gap, length) in gaps {
                stops.push((end + gap, length));
                end += gap + length;
            }
            let run_end = (end + tail).max(window);
            let worst = log(&stops).worst_window(Nanos(window), Nanos(run_end)).expect("the window fits");
            prop_assert_eq!(worst.stopped.0, by_force(&stops, window as usize, run_end as usize));
            let there = &log(&stops);
            let (mut near, mut far) = (there.walk(), there.walk());
            let start = worst.start.0;
            prop_assert_eq!(far.stopped_before(start + window) - near.stopped_before(start), worst.stopped.0);
        }
    }
}
