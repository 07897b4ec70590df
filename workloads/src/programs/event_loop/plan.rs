//! What arrives and what callbacks do: the same for the heap and its model.

use crate::Random;
use gc_core::event::Nanos;

/// Most bindings of a scope.
const MOST_BINDINGS: u32 = 8;

/// Callbacks for the next tick, immediates and timers.
const KINDS: u32 = 3;

/// A source of all choices of a run. A callback's are drawn from its number alone, so they do not depend on when it runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) events: u32,
    pub(super) interval: Nanos,
    pub(super) fanout: u32,
    pub(super) depth: u32,
    pub(super) timer_us: u32,
    pub(super) buffer_bytes: u32,
    pub(super) sessions: u32,
    pub(super) seed: u64,
}

/// A callback: what it is called, and how many levels of callbacks may follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Task {
    pub(super) number: u64,
    pub(super) depth: u32,
}

/// What a callback captures, besides the scope around it and its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Captured {
    pub(super) bindings: u32,
    pub(super) buffer_bytes: u32,
}

/// When a scheduled callback is to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::programs) enum When {
    NextTick,
    Immediate,
    After(Nanos),
}

impl Plan {
    /// When input number `index` is due; `None` behind the last.
    pub(super) fn due(&self, index: u32) -> Option<Nanos> {
        (index < self.events).then(|| Nanos((u64::from(index) + 1) * self.interval.0))
    }

    /// What input number `index` calls, and in which session.
    pub(super) fn event(&self, index: u32) -> (Task, u32) {
        let mut random = Random::new(self.seed.wrapping_add(u64::from(index) << 32));
        let session = random.below(self.sessions);
        (Task { number: random.number(), depth: self.depth }, session)
    }

    pub(super) fn captured(&self, task: Task) -> Captured {
        let mut random = Random::new(!task.number);
        let bindings = random.below(MOST_BINDINGS + 1);
        Captured { bindings, buffer_bytes: random.below(self.buffer_bytes.saturating_add(1)) }
    }

    /// What `task` schedules, in order: the three kinds in turn, beginning anywhere.
    pub(super) fn scheduled_by(&self, task: Task) -> impl Iterator<Item = (When, Task)> + use<> {
        let mut random = Random::new(task.number);
        let count = if task.depth == 0 { 0 } else { self.fanout };
        let (begin, timer_us) = (random.below(count), self.timer_us);
        (0..count).map(move |index| {
            let time = Nanos((1 + u64::from(random.below(timer_us))) * 1_000);
            let when = match (begin + index) % count % KINDS {
                0 => When::NextTick,
                1 => When::Immediate,
                _ => When::After(time),
            };
            (when, Task { number: random.number(), depth: task.depth - 1 })
        })
    }

    /// How many timers are set because of one input.
    pub(super) fn timers_per_event(&self) -> u64 {
        let schedulers: u64 = (0..self.depth).map(|level| u64::from(self.fanout).pow(level)).sum();
        schedulers * u64::from(self.fanout / KINDS)
    }

    /// How many timers wait to fire when most do, about: as many as are set in half the longest time, or fewer if all input
    /// has arrived before any has waited that long.
    pub(super) fn waiting_timers(&self) -> u64 {
        let longest = f64::from(self.timer_us) * 1_000.0;
        let interval = self.interval.0 as f64;
        let setting = (f64::from(self.events) * interval).min(longest);
        let mean_time_left = setting - setting * setting / (2.0 * longest);
        (mean_time_left / interval * self.timers_per_event() as f64) as u64
    }

    /// What a callback captures on average.
    pub(super) fn mean_captured(&self) -> Captured {
        Captured { bindings: MOST_BINDINGS / 2, buffer_bytes: self.buffer_bytes / 2 }
    }
}

/// What a byte of a buffer of the callback called `number` holds.
pub(super) const fn fill_byte(number: u64) -> u8 {
    number as u8
}

/// What binding `index` of the callback called `number` holds.
pub(super) const fn bound_value(number: u64, index: u32) -> u64 {
    number.wrapping_add(index as u64)
}

/// The total of a session after the callback or request called `number`: not the same if two change places.
pub(in crate::programs) const fn folded(total: u64, number: u64) -> u64 {
    (total ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31)
}

#[cfg(test)]
mod tests {
    use super::{Nanos, Plan, When};

    const PLAN: Plan = Plan {
        events: 500,
        interval: Nanos(100_000),
        fanout: 3,
        depth: 2,
        timer_us: 50,
        buffer_bytes: 100,
        sessions: 7,
        seed: 1,
    };

    #[test]
    fn input_arrives_at_regular_intervals() {
        assert_eq!(PLAN.due(0), Some(Nanos(100_000)));
        assert_eq!(PLAN.due(499), Some(Nanos(50_000_000)));
        assert_eq!(PLAN.due(500), None);
    }

    #[test]
    fn callbacks_of_all_kinds_are_scheduled_and_end() {
        let (mut ticks, mut immediates, mut timers) = (0, 0, 0);
        let mut tasks: Vec<_> = (0..PLAN.events).map(|index| PLAN.event(index).0).collect();
        while let Some(task) = tasks.pop() {
            for (when, scheduled) in PLAN.scheduled_by(task) {
                match when {
                    When::NextTick => ticks += 1,
                    When::Immediate => immediates += 1,
                    When::After(time) => {
                        assert!((1_000..=50_000).contains(&time.0), "{time:?}");
                        timers += 1;
                    }
                }
                assert_eq!(scheduled.depth, task.depth - 1);
                tasks.push(scheduled);
            }
        }
        assert_eq!((ticks, immediates, timers), (2_000, 2_000, 2_000));
        assert_eq!(PLAN.timers_per_event(), 4);
    }

    #[test]
    fn timers_wait_for_half_the_longest_time() {
        assert_eq!(Plan { timer_us: 20_000, ..PLAN }.waiting_timers(), 400);
        assert_eq!(Plan { timer_us: 1_000_000_000, ..PLAN }.waiting_timers(), 1_999);
    }

    #[test]
    fn sessions_and_buffers_are_within_bounds() {
        for (task, session) in (0..PLAN.events).map(|index| PLAN.event(index)) {
            assert!(session < 7);
            let captured = PLAN.captured(task);
            assert!(captured.bindings <= 8 && captured.buffer_bytes <= 100, "{captured:?}");
        }
    }
}
