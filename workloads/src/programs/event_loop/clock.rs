//! Time that passes without being waited for.

use crate::Latency;
use gc_core::event::Nanos;
use gc_core::{Budget, Heap};

/// The heap's clock since the loop began, and the idle time that was skipped. Beside it a second clock, for which pauses take
/// no time: what is late by that one is late by the program's own work.
///
/// Both wait for the same things in the same order, since what runs after what does not depend on time. So the difference
/// between the two is what collections have added, those included that were long ago and that the loop has not made
/// good since.
#[derive(Debug)]
pub(in crate::programs) struct VirtualClock {
    began: Nanos,
    began_in_pauses: Nanos,
    skipped: Nanos,
    skipped_without_pauses: Nanos,
    is_idle_used: bool,
}

impl VirtualClock {
    /// A clock that shows zero. It gives idle time to the heap if it `is_idle_used`.
    pub(in crate::programs) fn new(heap: &Heap, is_idle_used: bool) -> Self {
        VirtualClock {
            began: heap.now(),
            began_in_pauses: heap.time_in_pauses(),
            skipped: Nanos(0),
            skipped_without_pauses: Nanos(0),
            is_idle_used,
        }
    }

    pub(in crate::programs) fn now(&self, heap: &Heap) -> Nanos {
        let mut now = heap.now().since(self.began);
        now += self.skipped;
        now
    }

    /// The time, had no pause taken any.
    fn now_without_pauses(&self, heap: &Heap) -> Nanos {
        let in_pauses = heap.time_in_pauses().since(self.began_in_pauses);
        let mut now = heap.now().since(self.began).since(in_pauses);
        now += self.skipped_without_pauses;
        now
    }

    /// Passes the time until `due`, if that is still to come: in the heap, or else at once.
    pub(in crate::programs) fn wait_until(&mut self, heap: &mut Heap, due: Nanos) {
        let idle = due.since(self.now(heap));
        if self.is_idle_used && idle > Nanos(0) {
            heap.step(Budget::Time(idle));
        }
        self.skipped += due.since(self.now(heap));
        self.skipped_without_pauses += due.since(self.now_without_pauses(heap));
    }

    /// How long ago `due` was.
    pub(in crate::programs) fn late(&self, heap: &Heap, due: Nanos) -> Latency {
        let time = self.now(heap).since(due);
        Latency { time, by_pauses: time.since(self.now_without_pauses(heap).since(due)) }
    }
}

#[cfg(test)]
mod tests {
    use super::VirtualClock;
    use crate::Latency;
    use gc_core::clock::CostModel;
    use gc_core::event::Nanos;
    use gc_core::{ClockSource, Config, Heap, Layout, Local, Shape};

    /// A heap whose pauses take 5 µs, and whose bytes take a nanosecond each.
    fn heap() -> (Heap, Shape) {
        let cost = CostModel { allocated_byte_ps: 1_000, pause_ps: 5_000_000, ..CostModel::default() };
        let clock = ClockSource::Modelled(cost);
        let mut heap = Heap::new(Config { huge_pages: false, clock, ..Config::default() }).expect("valid");
        let bytes = heap.register("bytes", Layout::Bytes);
        (heap, bytes)
    }

    /// Has the program work for a microsecond.
    fn work(heap: &mut Heap, bytes: Shape) {
        let _: Local = heap.alloc_array(bytes, 992).expect("there is room");
    }

    #[test]
    fn waiting_takes_no_longer_than_it_must() {
        let (mut heap, _) = heap();
        for is_idle_used in [false, true] {
            let mut clock = VirtualClock::new(&heap, is_idle_used);
            assert_eq!(clock.now(&heap), Nanos(0));
            clock.wait_until(&mut heap, Nanos(5_000));
            assert_eq!(clock.now(&heap), Nanos(5_000));
            clock.wait_until(&mut heap, Nanos(4_000));
            assert_eq!(clock.now(&heap), Nanos(5_000));
        }
    }

    #[test]
    fn what_pauses_add_is_told_from_what_the_program_takes() {
        let (mut heap, bytes) = heap();
        let mut clock = VirtualClock::new(&heap, false);
        let late = |time, by_pauses| Latency { time: Nanos(time), by_pauses: Nanos(by_pauses) };
        clock.wait_until(&mut heap, Nanos(1_000));
        work(&mut heap, bytes);
        assert_eq!(clock.late(&heap, Nanos(1_000)), late(1_000, 0));
        heap.scope(Heap::collect_minor);
        assert!(clock.late(&heap, Nanos(1_000)).by_pauses >= Nanos(5_000));
    }

    #[test]
    fn a_pause_adds_to_all_that_is_due_until_the_loop_has_caught_up() {
        let (mut heap, bytes) = heap();
        let mut clock = VirtualClock::new(&heap, false);
        heap.collect_minor();
        // Due while the heap was in its pause, and served one after the other: only the pause makes them late.
        for number in 1..=4 {
            let due = Nanos(number * 1_000);
            clock.wait_until(&mut heap, due);
            let late = clock.late(&heap, due);
            assert_eq!(late, Latency { time: Nanos(4_000), by_pauses: Nanos(4_000) }, "{number}");
            heap.scope(|heap| work(heap, bytes));
        }
        // The loop has caught up with an input that comes later.
        clock.wait_until(&mut heap, Nanos(60_000));
        assert_eq!(clock.late(&heap, Nanos(60_000)), Latency::default());
    }
}
