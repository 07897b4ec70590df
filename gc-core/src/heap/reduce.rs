//! Giving memory back: when the program asks for it, and when it is idle.

use super::Heap;
use crate::event::{Cause, Nanos, PauseKind};
use crate::policy::{Rate, ReducerEvent};

/// A full collection that gave back more than this is taken as a sign that another one would give back more (V8
/// `heap.cc`, the argument `next_gc_likely_to_collect_more`: 1 MB).
const MUCH_BYTES: u64 = 1 << 20;

/// What the program had allocated at a tick of the reducer.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tick {
    at: Nanos,
    allocated_bytes: u64,
}

impl Heap {
    /// Gives back to the system what can be had without collecting: new space shrinks to twice what is in use, or its
    /// initial size, and free pages go back. To give back more, collect first: [`Heap::collect_full`].
    ///
    /// ```
    /// use gc_core::{Config, Heap};
    ///
    /// let mut heap = Heap::new(Config::default())?;
    /// heap.collect_full();
    /// heap.reduce_memory();
    /// assert!(heap.memory_usage().heap_total <= 2 * heap.config().new_space.initial_bytes);
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn reduce_memory(&mut self) {
        self.shrink_new_space();
        self.spaces.pages.release_spare(&mut self.spaces.memory, 0, usize::MAX);
        self.set_allowance();
    }

    /// To be called from time to time, such as every second, while the program has nothing to do: if it has been idle
    /// for long enough since the heap grew, collects everything at once and gives memory back. Whether it did.
    ///
    /// A program that gives its idle time by [`Heap::step`] has no need of it: steps do the same, bit by bit.
    ///
    /// When that is, the [`Reducer`](crate::policy::Reducer) in the [`Config`](crate::Config) says.
    pub fn reduce_when_idle(&mut self) -> bool {
        let was_running = self.reducer.is_running();
        self.tick_reducer(true);
        if was_running || !self.reducer.is_running() {
            return false;
        }
        self.collect(PauseKind::Full, Cause::MemoryReducer);
        self.reduce_memory();
        true
    }

    /// Lets the reducer know of the time, and whether a collection of everything can start now. If it is running then, one
    /// must follow, at once or in steps.
    pub(super) fn tick_reducer(&mut self, can_start: bool) {
        let now = Tick { at: self.now(), allocated_bytes: self.work().allocated_bytes };
        let before = std::mem::replace(&mut self.last_tick, now);
        let allocation =
            Rate { bytes: now.allocated_bytes - before.allocated_bytes, time: now.at.since(before.at) };
        let tick = ReducerEvent::Tick {
            at: now.at,
            is_idle: allocation.bytes == 0 || self.config.new_space.is_idle(allocation),
            can_start,
            committed_bytes: self.old_committed_bytes(),
        };
        self.reducer = self.config.reducer.step(self.reducer, tick);
    }

    /// Lets the reducer know that a collection of everything has ended, before which the old generation had pages of so
    /// many bytes.
    pub(super) fn tell_reducer(&mut self, pages_before_bytes: u64) {
        let committed_bytes = self.old_committed_bytes();
        let collected = ReducerEvent::Collected {
            at: self.ledger.now(),
            committed_bytes,
            more_likely: pages_before_bytes > committed_bytes + MUCH_BYTES,
        };
        self.reducer = self.config.reducer.step(self.reducer, collected);
    }

    fn old_committed_bytes(&self) -> u64 {
        self.spaces.pages.in_use_bytes() + self.spaces.pages.spare_bytes()
    }
}
