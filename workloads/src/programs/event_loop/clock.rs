//! Time that passes without being waited for.

use gc_core::event::Nanos;
use gc_core::{Budget, Heap};

/// The heap's clock since the loop began, and the idle time that was skipped.
#[derive(Debug)]
pub(super) struct VirtualClock {
    began: Nanos,
    skipped: Nanos,
    is_idle_used: bool,
}

impl VirtualClock {
    /// A clock that shows zero. It gives idle time to the heap if it `is_idle_used`.
    pub(super) fn new(heap: &Heap, is_idle_used: bool) -> Self {
        VirtualClock { began: heap.now(), skipped: Nanos(0), is_idle_used }
    }

    pub(super) fn now(&self, heap: &Heap) -> Nanos {
        let mut now = heap.now().since(self.began);
        now += self.skipped;
        now
    }

    /// Passes the time until `due`, if that is still to come: in the heap, or else at once.
    pub(super) fn wait_until(&mut self, heap: &mut Heap, due: Nanos) {
        let idle = due.since(self.now(heap));
        if self.is_idle_used && idle > Nanos(0) {
            heap.step(Budget::Time(idle));
        }
        self.skipped += due.since(self.now(heap));
    }
}

#[cfg(test)]
mod tests {
    use super::VirtualClock;
    use gc_core::clock::CostModel;
    use gc_core::event::Nanos;
    use gc_core::{ClockSource, Config, Heap};

    #[test]
    fn waiting_takes_no_longer_than_it_must() {
        let clock = ClockSource::Modelled(CostModel::default());
        let mut heap = Heap::new(Config { huge_pages: false, clock, ..Config::default() }).expect("valid");
        for is_idle_used in [false, true] {
            let mut clock = VirtualClock::new(&heap, is_idle_used);
            assert_eq!(clock.now(&heap), Nanos(0));
            clock.wait_until(&mut heap, Nanos(5_000));
            assert_eq!(clock.now(&heap), Nanos(5_000));
            clock.wait_until(&mut heap, Nanos(4_000));
            assert_eq!(clock.now(&heap), Nanos(5_000));
        }
    }
}
