//! Sampling of allocations by bytes: which allocation comes upon a *sample point*.
//!
//! As V8's sampling heap profiler does it (`sampling-heap-profiler.cc`, on `AllocationObserver`): the limit of allocation is
//! lowered to the next point, so that the allocation that comes upon it takes the slow path, and all others cost nothing.
//! Where points lie, is for the caller to say: if the distances between them are exponentially distributed, each byte has the
//! same chance, whatever the sizes of objects, and points times the mean distance estimate bytes.
//!
//! Nobody is called back: the program asks after an allocation whether it was one of them ([`Heap::take_sample`]).

use super::Heap;
use crate::memory::Granules;
use std::fmt;

/// A sampling under way.
pub(super) struct Sampling {
    distances: Box<dyn Iterator<Item = u64> + Send>,
    /// Bytes that will have been allocated in all at the next point; `None` behind the last one.
    next_bytes: Option<u64>,
    /// What may be allocated beyond the lowered limit before something else is due.
    unspent: Granules,
    /// Points that were come upon since the program has asked.
    points: u32,
}

impl fmt::Debug for Sampling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sampling").field("next_bytes", &self.next_bytes).finish_non_exhaustive()
    }
}

impl Heap {
    /// Samples allocations from now on. `distances` are the bytes from each sample point to the next; a distance of zero
    /// counts as one byte, and behind the last one nothing is sampled. A sampling that was under way ends.
    ///
    /// Events, and the decisions of policies, are the same as without.
    ///
    /// ```
    /// use gc_core::{Config, Heap, Layout};
    ///
    /// let mut heap = Heap::new(Config::default())?;
    /// let node = heap.register("node", Layout::Fixed { slots: 2, bytes: 0 });
    /// heap.sample_allocations(Box::new(std::iter::repeat(1_000)));
    /// let mut points = 0;
    /// for _ in 0..1_000 {
    ///     heap.alloc(node)?;
    ///     points += heap.take_sample();
    /// }
    /// assert_eq!(points, 16); // 1000 nodes of 16 bytes
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sample_allocations(&mut self, distances: Box<dyn Iterator<Item = u64> + Send>) {
        self.stop_sampling();
        let next_bytes = Some(self.allocated_so_far());
        let mut sampling = Sampling { distances, next_bytes, unspent: Granules(0), points: 0 };
        sampling.go_on();
        self.sampling = Some(Box::new(sampling));
        self.hold_for_sample();
    }

    /// Ends the sampling, if one is under way.
    pub fn stop_sampling(&mut self) {
        self.release_for_sample();
        self.sampling = None;
    }

    /// How many sample points allocations have come upon since the last call.
    #[inline(always)]
    pub fn take_sample(&mut self) -> u32 {
        match &mut self.sampling {
            None => 0,
            Some(sampling) => std::mem::take(&mut sampling.points),
        }
    }

    /// Makes an object by `allocate`, which is not held up for a sample, and notes whether that comes upon a point.
    pub(super) fn sampled<T>(&mut self, allocate: impl FnOnce(&mut Heap) -> T) -> T {
        self.release_for_sample();
        let made = allocate(self);
        let allocated = self.allocated_so_far();
        if let Some(sampling) = &mut self.sampling {
            sampling.pass(allocated);
        }
        self.hold_for_sample();
        made
    }

    /// Lowers the limit of allocation to the next sample point.
    pub(super) fn hold_for_sample(&mut self) {
        self.release_for_sample();
        let (allowed, allocated) = (self.spaces.new.allowed(), self.allocated_so_far());
        let Some(sampling) = &mut self.sampling else { return };
        let Some(next_bytes) = sampling.next_bytes else { return };
        // The granule with the point is left for the slow path.
        let distance = next_bytes.saturating_sub(allocated + 1) / Granules(1).bytes();
        let portion = Granules(u32::try_from(distance).unwrap_or(u32::MAX)).min(allowed);
        sampling.unspent = allowed - portion;
        self.spaces.new.allow(portion);
    }

    /// Lets the program allocate as if nothing were sampled.
    pub(super) fn release_for_sample(&mut self) {
        let Some(sampling) = &mut self.sampling else { return };
        let unspent = std::mem::take(&mut sampling.unspent);
        let allowed = self.spaces.new.allowed() + unspent;
        self.spaces.new.allow(allowed);
    }

    /// The limit has been set anew: nothing is left of what was held back.
    pub(super) fn forget_held_for_sample(&mut self) {
        if let Some(sampling) = &mut self.sampling {
            sampling.unspent = Granules(0);
        }
    }

    /// All bytes allocated so far, also while a collection is under way.
    fn allocated_so_far(&self) -> u64 {
        let since = self.spaces.new.active().used.0.saturating_sub(self.new_used_before.0);
        self.ledger.work.allocated_bytes + Granules(since).bytes()
    }
}

impl Sampling {
    /// Counts the points up to `allocated` bytes.
    fn pass(&mut self, allocated: u64) {
        while self.next_bytes.is_some_and(|next| next <= allocated) {
            self.points = self.points.saturating_add(1);
            self.go_on();
        }
    }

    /// Turns to the next point.
    fn go_on(&mut self) {
        let distance = self.distances.next();
        self.next_bytes =
            self.next_bytes.zip(distance).map(|(next, distance)| next.saturating_add(distance.max(1)));
    }
}
