//! How long each operation of a workload took, and how much of that collections took.

use gc_core::Heap;
use gc_core::event::Nanos;

/// A moment of a run: the time on the heap's clock, and how much of it the heap had spent in pauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    at: Nanos,
    in_pauses: Nanos,
}

impl Moment {
    /// Now.
    #[must_use]
    pub fn now(heap: &Heap) -> Self {
        Moment { at: heap.now(), in_pauses: heap.time_in_pauses() }
    }

    /// The time from `earlier` to this moment.
    #[must_use]
    pub fn since(self, earlier: Moment) -> Latency {
        let time = self.at.since(earlier.at);
        Latency { time, by_pauses: self.in_pauses.since(earlier.in_pauses).min(time) }
    }
}

/// How long one operation took, or how late it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// All of the time.
    pub time: Nanos,
    /// How much shorter it would have been had no pause taken any time: at most all of it.
    pub by_pauses: Nanos,
}

impl Latency {
    /// What it would have been had no pause taken any time.
    #[must_use]
    pub fn without_pauses(self) -> Nanos {
        self.time.since(self.by_pauses)
    }
}

/// The latency of every operation, in the order in which the operations were made.
///
/// Kept whole, at 8 bytes each, rather than as a histogram: percentiles are then exact, and a report can draw
/// latency over time. A time beyond 4.29 s is kept as 4.29 s, except that the worst are always exact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Latencies {
    kept: Vec<Kept>,
    worst: Nanos,
    worst_without_pauses: Nanos,
}

/// A latency in two numbers of 32 bits: in the order of its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kept {
    nanos: u32,
    by_pauses: u32,
}

impl From<Latency> for Kept {
    fn from(latency: Latency) -> Self {
        let [nanos, by_pauses] =
            [latency.time, latency.by_pauses].map(|time| u32::try_from(time.0).unwrap_or(u32::MAX));
        Kept { nanos, by_pauses }
    }
}

impl From<Kept> for Latency {
    fn from(kept: Kept) -> Self {
        Latency { time: Nanos(kept.nanos.into()), by_pauses: Nanos(kept.by_pauses.into()) }
    }
}

impl Latencies {
    /// None yet, with room for `operations` of them, so that recording one does not stall the next.
    #[must_use]
    pub fn with_capacity(operations: usize) -> Self {
        Latencies { kept: Vec::with_capacity(operations), ..Latencies::default() }
    }

    /// Adds the latency of the next operation.
    pub fn record(&mut self, latency: Latency) {
        self.worst = self.worst.max(latency.time);
        self.worst_without_pauses = self.worst_without_pauses.max(latency.without_pauses());
        self.kept.push(latency.into());
    }

    /// Number of operations.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The longest latency; zero if there are none.
    #[must_use]
    pub fn worst(&self) -> Nanos {
        self.worst
    }

    /// The longest that a latency would have been had no pause taken any time; zero if there are none.
    #[must_use]
    pub fn worst_without_pauses(&self) -> Nanos {
        self.worst_without_pauses
    }

    /// All latencies, in order of time.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Latency> + '_ {
        self.kept.iter().map(|kept| Latency::from(*kept))
    }

    /// The longest hundredth of all latencies, at least one of them if there are any, in no order.
    #[must_use]
    pub fn slowest_hundredth(&self) -> Vec<Latency> {
        let mut kept = self.kept.clone();
        let others = kept.len() - kept.len().div_ceil(100);
        if others > 0 {
            kept.select_nth_unstable(others);
        }
        kept.into_iter().skip(others).map(Latency::from).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Latencies, Latency, Moment};
    use gc_core::clock::CostModel;
    use gc_core::event::Nanos;
    use gc_core::{ClockSource, Config, Heap, Layout};

    const fn latency(time: u64, by_pauses: u64) -> Latency {
        Latency { time: Nanos(time), by_pauses: Nanos(by_pauses) }
    }

    fn latencies(all: impl IntoIterator<Item = Latency>) -> Latencies {
        let mut latencies = Latencies::default();
        all.into_iter().for_each(|latency| latencies.record(latency));
        latencies
    }

    #[test]
    fn latencies_keep_their_order() {
        let all = [latency(30, 5), latency(10, 0), latency(20, 20)];
        assert_eq!(latencies(all).iter().collect::<Vec<_>>(), all);
    }

    #[test]
    fn the_worst_latency_is_exact_even_where_the_others_saturate() {
        let latencies = latencies([latency(5, 0), latency(10_000_000_000, 1), latency(7, 0)]);
        assert_eq!(latencies.worst(), Nanos(10_000_000_000));
        assert_eq!(latencies.worst_without_pauses(), Nanos(9_999_999_999));
        assert_eq!(latencies.iter().nth(1), Some(latency(u32::MAX.into(), 1)));
    }

    #[test]
    fn without_operations_there_is_no_worst_latency() {
        let none = latencies([]);
        assert!(none.is_empty() && none.slowest_hundredth().is_empty());
        assert_eq!((none.worst(), none.worst_without_pauses()), (Nanos(0), Nanos(0)));
    }

    #[test]
    fn the_slowest_hundredth_is_found() {
        let slowest = |count: u64| {
            let all = latencies((0..count).map(|number| latency(number * 37 % count, number)));
            let mut times: Vec<_> = all.slowest_hundredth().iter().map(|latency| latency.time.0).collect();
            times.sort_unstable();
            times
        };
        assert_eq!(slowest(1), [0]);
        assert_eq!(slowest(100), [99]);
        assert_eq!(slowest(250), [247, 248, 249]);
    }

    #[test]
    fn pauses_between_two_moments_are_told_from_the_program_s_own_time() {
        let cost = CostModel { allocated_byte_ps: 1_000, pause_ps: 5_000_000, ..CostModel::default() };
        let clock = ClockSource::Modelled(cost);
        let mut heap = Heap::new(Config { huge_pages: false, clock, ..Config::default() }).expect("valid");
        let bytes = heap.register("bytes", Layout::Bytes);
        let start = Moment::now(&heap);
        heap.scope(|heap| heap.alloc_array(bytes, 992).map(drop)).expect("there is room");
        let before = Moment::now(&heap);
        heap.collect_minor();
        let end = Moment::now(&heap);
        assert_eq!(before.since(start), latency(1_000, 0));
        assert_eq!(end.since(start), latency(6_000, 5_000));
        assert_eq!(end.since(start).without_pauses(), Nanos(1_000));
    }
}
