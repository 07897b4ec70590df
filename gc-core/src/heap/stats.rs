//! Figures about a heap.

use super::Heap;
use crate::event::{MAX_AGE, Nanos, PauseKind, Usage, Work};

/// Cumulative figures of one heap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// All work done so far.
    pub work: Work,
    /// Scavenges.
    pub minor_collections: u64,
    /// Full collections.
    pub full_collections: u64,
    /// Markings of the old generation ended that were made in steps.
    pub incremental_collections: u64,
    /// Steps of marking and sweeping.
    pub steps: u64,
    /// Time in pauses of all kinds, those in idle time included.
    pub time_in_pauses: Nanos,
    /// The longest pause.
    pub longest_pause: Nanos,
    /// Bytes that survived a scavenge, by the age they had reached before it.
    pub survived_bytes_by_age: [u64; MAX_AGE as usize + 1],
    /// Allocations refused.
    pub heap_full: u64,
    /// Most bytes that all spaces took, at the start or end of a collection.
    pub peak_total_bytes: u64,
    /// Most bytes of objects, at the start or end of a collection.
    pub peak_used_bytes: u64,
}

impl Stats {
    /// Takes note of the memory in use.
    pub(super) fn note_usage(&mut self, usage: &Usage) {
        self.peak_total_bytes = self.peak_total_bytes.max(usage.heap_total());
        self.peak_used_bytes = self.peak_used_bytes.max(usage.heap_used());
    }

    /// Takes note of how long the program was stopped.
    pub(super) fn note_pause(&mut self, duration: Nanos) {
        self.time_in_pauses += duration;
        self.longest_pause = self.longest_pause.max(duration);
    }

    /// Takes note of a collection.
    pub(super) fn note_collection(&mut self, kind: PauseKind, survived_bytes_by_age: &[u64]) {
        match kind {
            PauseKind::Minor => self.minor_collections += 1,
            PauseKind::Full => self.full_collections += 1,
            PauseKind::Step => self.steps += 1,
            PauseKind::Finish => {
                self.minor_collections += 1;
                self.incremental_collections += 1;
            }
        }
        for (sum, bytes) in self.survived_bytes_by_age.iter_mut().zip(survived_bytes_by_age) {
            *sum += bytes;
        }
    }
}

/// Memory of one heap in the words of Node.js's `process.memoryUsage()`, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemoryUsage {
    /// Memory of this heap that the system has committed: pages written to and not given back, with their mark
    /// bits, and off-heap buffers. Counted, not measured; the process's own figure holds everything else too.
    pub rss: u64,
    /// Memory that the spaces take.
    pub heap_total: u64,
    /// Memory of objects, live or not yet collected.
    pub heap_used: u64,
    /// Off-heap buffers owned by objects.
    pub external: u64,
}

/// One bit of mark bitmap for each granule of a page.
const MARK_BITS_SHARE: u64 = 64;

impl Heap {
    /// Cumulative figures.
    #[must_use]
    pub fn stats(&self) -> Stats {
        Stats { work: self.work(), ..self.ledger.stats.clone() }
    }

    /// Time in pauses so far, those in idle time included: what the heap's clock has shown less this is the program's own.
    #[must_use]
    pub fn time_in_pauses(&self) -> Nanos {
        self.ledger.stats.time_in_pauses
    }

    /// Memory in use, by space.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let spaces = &self.spaces;
        Usage {
            new_used: spaces.new.active().used.bytes(),
            new_total: 2 * spaces.new.capacity().bytes(),
            old_used: spaces.old.used_bytes(),
            old_total: spaces.old.total_bytes(),
            large_used: spaces.large.young_bytes() + spaces.large.old_bytes(),
            large_total: spaces.large.total_bytes(),
            external: spaces.external_bytes(),
        }
    }

    /// Memory in use, in all.
    #[must_use]
    pub fn memory_usage(&self) -> MemoryUsage {
        let (usage, pages) = (self.usage(), &self.spaces.pages);
        let pages_bytes = pages.in_use_bytes() + pages.spare_bytes() + pages.ahead_bytes();
        let committed = self.spaces.new.touched_bytes() + pages_bytes + pages_bytes / MARK_BITS_SHARE;
        MemoryUsage {
            rss: committed + usage.external,
            heap_total: usage.heap_total(),
            heap_used: usage.heap_used(),
            external: usage.external,
        }
    }

    /// Slabs of small and large buffers by state: empty, partial, full.
    #[must_use]
    pub fn slabs_by_state(&self) -> [usize; 3] {
        self.spaces.external.slabs_by_state()
    }

    /// All work done so far, allocation since the last collection included.
    pub(super) fn work(&self) -> Work {
        let since = self.spaces.new.active().used - self.new_used_before;
        let mut work = self.ledger.work;
        work.allocated_bytes += since.bytes();
        work
    }
}
