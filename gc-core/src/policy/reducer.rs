//! When to collect a heap only to give memory back.

use crate::event::Nanos;

/// The settings of the memory reducer: a heap whose program is idle is collected, up to a few times, and memory that is
/// not needed goes back to the system (V8, `memory-reducer.cc`).
///
/// ```text
///        full collection of a grown heap,             tick: the program is idle,
///        or garbage is likely                         and the time has come
///  Done ---------------------------------> Wait -----------------------------> Run
///    ^                                      |  ^                                |  |
///    +--------------------------------------+  +--------------------------------+  |
///    |  tick: all runs were made               full collection, and more likely    |
///    +-----------------------------------------------------------------------------+
///       full collection, and no more to expect
/// ```
///
/// Times are V8's: it waits long before the first run, so that an idle moment does not cost a collection, and a short
/// time before the next, in which weak references and finalizers have had their turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reducer {
    /// Most collections from one grown heap to the next; 0 turns the reducer off (V8 13.6 `kMaxNumberOfGCs`: 2).
    pub max_runs: u32,
    /// Time from a full collection to the first run, and between looks at a busy program (`kLongDelayMs`: 8 s).
    pub long_delay: Nanos,
    /// Time from one run to the next (`kShortDelayMs`: 0.5 s).
    pub short_delay: Nanos,
    /// After this time without a full collection, a busy program does not hold a run up (`kWatchdogDelayMs`: 100 s).
    pub watchdog_delay: Nanos,
    /// A heap has grown when it takes this percentage of what it took after the last run
    /// (`kCommittedMemoryFactor`: 1.1)...
    pub grown_percent: u32,
    /// ...and this many bytes more (`kCommittedMemoryDelta`: 10 MB).
    pub grown_bytes: u64,
}

impl Default for Reducer {
    fn default() -> Self {
        Reducer {
            max_runs: 2,
            long_delay: Nanos(8_000_000_000),
            short_delay: Nanos(500_000_000),
            watchdog_delay: Nanos(100_000_000_000),
            grown_percent: 110,
            grown_bytes: 10 << 20,
        }
    }
}

/// Where the reducer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReducerState {
    /// There is nothing to do until the heap has grown.
    Done {
        /// What the old generation took after the last run, in bytes.
        committed_bytes: u64,
        /// Runs that led here.
        runs: u32,
        /// When the last full collection was that the reducer took note of.
        collected_at: Option<Nanos>,
    },
    /// A run is due when the time has come and the program is idle.
    Wait {
        /// Runs made so far.
        runs: u32,
        /// When the next is due.
        until: Nanos,
        /// When the last full collection was.
        collected_at: Option<Nanos>,
    },
    /// A full collection has been asked for and has not ended.
    Run {
        /// Runs made so far, this one included.
        runs: u32,
        /// When the last full collection was.
        collected_at: Option<Nanos>,
    },
}

impl Default for ReducerState {
    fn default() -> Self {
        ReducerState::Done { committed_bytes: 0, runs: 0, collected_at: None }
    }
}

/// What the reducer is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReducerEvent {
    /// Time has passed.
    Tick {
        /// The time.
        at: Nanos,
        /// Whether the program hardly allocates.
        is_idle: bool,
        /// Whether a full collection can start now: none is under way.
        can_start: bool,
        /// What the old generation takes, in bytes.
        committed_bytes: u64,
    },
    /// A full collection has ended, whoever asked for it.
    Collected {
        /// The time.
        at: Nanos,
        /// What the old generation takes, in bytes.
        committed_bytes: u64,
        /// Whether another one is likely to free more.
        more_likely: bool,
    },
    /// The program has told of a lot of garbage.
    GarbageLikely {
        /// The time.
        at: Nanos,
    },
}

impl ReducerState {
    /// Whether memory has been reduced and the program has not grown since.
    #[must_use]
    pub fn has_reduced(&self) -> bool {
        matches!(self, ReducerState::Done { runs: 1.., .. })
    }

    /// Whether the reducer has asked for a full collection that has not ended.
    #[must_use]
    pub fn is_running(&self) -> bool {
        matches!(self, ReducerState::Run { .. })
    }
}

impl Reducer {
    /// The state after an event. When it becomes [`ReducerState::Run`], a full collection is to be started.
    #[must_use]
    pub fn step(&self, state: ReducerState, event: ReducerEvent) -> ReducerState {
        if self.max_runs == 0 {
            return ReducerState::default();
        }
        match state {
            ReducerState::Done { committed_bytes, collected_at, .. } => {
                self.step_done(state, event, committed_bytes, collected_at)
            }
            ReducerState::Wait { runs, until, collected_at } => {
                self.step_wait(state, event, (runs, until, collected_at))
            }
            ReducerState::Run { runs, .. } => self.step_run(state, event, runs),
        }
    }

    fn step_done(
        &self,
        state: ReducerState,
        event: ReducerEvent,
        last_bytes: u64,
        collected_at: Option<Nanos>,
    ) -> ReducerState {
        match event {
            ReducerEvent::Collected { at, committed_bytes, .. }
                if self.has_grown(last_bytes, committed_bytes) =>
            {
                self.wait_long(0, at, Some(at))
            }
            ReducerEvent::GarbageLikely { at } => self.wait_long(0, at, collected_at),
            _ => state,
        }
    }

    fn step_wait(
        &self,
        state: ReducerState,
        event: ReducerEvent,
        (runs, until, collected_at): (u32, Nanos, Option<Nanos>),
    ) -> ReducerState {
        match event {
            ReducerEvent::GarbageLikely { .. } => state,
            ReducerEvent::Collected { at, .. } => self.wait_long(runs, at, Some(at)),
            ReducerEvent::Tick { committed_bytes, .. } if runs >= self.max_runs => {
                ReducerState::Done { committed_bytes, runs, collected_at }
            }
            ReducerEvent::Tick { at, is_idle, can_start, .. } => {
                match can_start && (is_idle || self.is_overdue(at, collected_at)) {
                    false => self.wait_long(runs, at, collected_at),
                    true if at < until => state,
                    true => ReducerState::Run { runs: runs + 1, collected_at },
                }
            }
        }
    }

    fn step_run(&self, state: ReducerState, event: ReducerEvent, runs: u32) -> ReducerState {
        let ReducerEvent::Collected { at, committed_bytes, more_likely } = event else { return state };
        // What the first run has freed often holds the last references to more.
        if runs < self.max_runs && (more_likely || runs == 1) {
            return ReducerState::Wait { runs, until: after(at, self.short_delay), collected_at: Some(at) };
        }
        ReducerState::Done { committed_bytes, runs, collected_at: Some(at) }
    }

    fn wait_long(&self, runs: u32, at: Nanos, collected_at: Option<Nanos>) -> ReducerState {
        ReducerState::Wait { runs, until: after(at, self.long_delay), collected_at }
    }

    fn has_grown(&self, last_bytes: u64, committed_bytes: u64) -> bool {
        let by_percent = u128::from(last_bytes) * u128::from(self.grown_percent) / 100;
        u128::from(committed_bytes) >= by_percent.max(u128::from(last_bytes) + u128::from(self.grown_bytes))
    }

    fn is_overdue(&self, at: Nanos, collected_at: Option<Nanos>) -> bool {
        collected_at.is_some_and(|collected_at| at > after(collected_at, self.watchdog_delay))
    }
}

fn after(at: Nanos, delay: Nanos) -> Nanos {
    Nanos(at.0.saturating_add(delay.0))
}

#[cfg(test)]
mod tests {
    use super::{Reducer, ReducerEvent, ReducerState};
    use crate::event::Nanos;

    const MIB: u64 = 1 << 20;
    const LAST: Option<Nanos> = Some(seconds(1));

    const fn seconds(seconds: u64) -> Nanos {
        Nanos(seconds * 1_000_000_000)
    }

    const fn done(committed_mib: u64, runs: u32, collected_at: Option<Nanos>) -> ReducerState {
        ReducerState::Done { committed_bytes: committed_mib * MIB, runs, collected_at }
    }

    const fn wait(runs: u32, until: Nanos, collected_at: Option<Nanos>) -> ReducerState {
        ReducerState::Wait { runs, until, collected_at }
    }

    const fn run(runs: u32) -> ReducerState {
        ReducerState::Run { runs, collected_at: LAST }
    }

    const fn tick(at: Nanos, is_idle: bool, can_start: bool) -> ReducerEvent {
        ReducerEvent::Tick { at, is_idle, can_start, committed_bytes: 7 * MIB }
    }

    const fn collected(at: Nanos, committed_mib: u64, more_likely: bool) -> ReducerEvent {
        ReducerEvent::Collected { at, committed_bytes: committed_mib * MIB, more_likely }
    }

    const fn garbage(at: Nanos) -> ReducerEvent {
        ReducerEvent::GarbageLikely { at }
    }

    /// Fails unless each step leads where it says.
    #[track_caller]
    fn check(reducer: Reducer, steps: &[(ReducerState, ReducerEvent, ReducerState)]) {
        for (state, event, expected) in steps.iter().copied() {
            assert_eq!(reducer.step(state, event), expected, "{event:?} in {state:?}");
        }
    }

    #[test]
    fn done_waits_for_a_heap_that_has_grown() {
        let (small, large) = (done(20, 2, LAST), done(200, 2, LAST));
        check(
            Reducer::default(),
            &[
                (small, tick(seconds(500), true, true), small),
                (small, collected(seconds(2), 29, true), small),
                (small, collected(seconds(2), 30, false), wait(0, seconds(10), Some(seconds(2)))),
                (large, collected(seconds(2), 219, true), large),
                (large, collected(seconds(2), 220, false), wait(0, seconds(10), Some(seconds(2)))),
                (done(0, 0, None), garbage(seconds(2)), wait(0, seconds(10), None)),
            ],
        );
    }

    #[test]
    fn wait_ends_when_the_program_is_idle_and_the_time_has_come() {
        let waiting = wait(0, seconds(9), LAST);
        let again = |at: u64| wait(0, seconds(at + 8), LAST);
        check(
            Reducer::default(),
            &[
                (waiting, tick(seconds(8), true, true), waiting),
                (waiting, tick(seconds(9), true, true), run(1)),
                (waiting, tick(seconds(9), false, true), again(9)),
                (waiting, tick(seconds(9), true, false), again(9)),
                (waiting, garbage(seconds(9)), waiting),
                (waiting, collected(seconds(9), 1, true), wait(0, seconds(17), Some(seconds(9)))),
            ],
        );
    }

    #[test]
    fn a_busy_program_is_not_waited_for_for_ever() {
        let waiting = wait(0, seconds(101), LAST);
        check(
            Reducer::default(),
            &[
                (waiting, tick(seconds(101), false, true), wait(0, seconds(109), LAST)),
                (waiting, tick(seconds(102), false, true), run(1)),
                (waiting, tick(seconds(102), false, false), wait(0, seconds(110), LAST)),
                (wait(0, seconds(1), None), tick(seconds(500), false, true), wait(0, seconds(508), None)),
            ],
        );
    }

    #[test]
    fn a_run_is_followed_by_another_as_long_as_that_promises_something() {
        let soon = |runs| wait(runs, Nanos(9_500_000_000), Some(seconds(9)));
        let reducer = Reducer { max_runs: 3, ..Reducer::default() };
        check(
            reducer,
            &[
                (run(1), tick(seconds(9), true, true), run(1)),
                (run(1), garbage(seconds(9)), run(1)),
                (run(1), collected(seconds(9), 5, false), soon(1)),
                (run(2), collected(seconds(9), 5, true), soon(2)),
                (run(2), collected(seconds(9), 5, false), done(5, 2, Some(seconds(9)))),
                (run(3), collected(seconds(9), 5, true), done(5, 3, Some(seconds(9)))),
            ],
        );
    }

    #[test]
    fn there_are_no_more_runs_than_allowed() {
        check(
            Reducer::default(),
            &[
                (wait(1, seconds(9), LAST), tick(seconds(9), true, true), run(2)),
                (wait(2, seconds(9), LAST), tick(seconds(9), true, true), done(7, 2, LAST)),
                (run(2), collected(seconds(9), 5, true), done(5, 2, Some(seconds(9)))),
            ],
        );
    }

    #[test]
    fn without_runs_there_is_nothing_to_do() {
        let reducer = Reducer { max_runs: 0, ..Reducer::default() };
        let states = [done(1, 1, LAST), wait(0, seconds(1), LAST), run(1)];
        check(reducer, &states.map(|state| (state, tick(seconds(900), true, true), ReducerState::default())));
    }

    #[test]
    fn memory_has_been_reduced_once_all_runs_are_made() {
        assert!(done(1, 1, None).has_reduced() && !ReducerState::default().has_reduced());
        assert!(!wait(1, seconds(1), None).has_reduced() && !run(1).has_reduced());
        assert!(run(1).is_running() && !done(1, 1, None).is_running());
    }
}
