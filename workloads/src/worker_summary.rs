//! What became of the heaps that a workload has besides the one that it is given.

use gc_core::Stats;
use gc_core::event::Nanos;

/// One worker of a workload: the sum of all heaps that it has had, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkerSummary {
    /// Jobs that it has done.
    pub jobs: u64,
    /// How many heaps it has had: each that ran out of memory was replaced by a fresh one.
    pub heaps: u32,
    /// The numbers of the jobs at which one ran out of memory.
    pub replaced_at: Vec<u64>,
    /// Scavenges.
    pub minor_collections: u64,
    /// Collections of the old generation, in steps and at once.
    pub full_collections: u64,
    /// Pauses of all kinds.
    pub pauses: u64,
    /// Time in pauses, by the heaps' own clocks.
    pub time_in_pauses: Nanos,
    /// The longest pause.
    pub longest_pause: Nanos,
    /// Most bytes that all spaces of a heap took, at the start or end of a collection or at its end.
    pub peak_total_bytes: u64,
    /// Longest time that making a heap took; none under a modelled clock, which knows no machine.
    pub slowest_start: Option<Nanos>,
}

impl WorkerSummary {
    /// Adds a heap that has ended: what it did, what it took at its end, and how long it took to make.
    pub(crate) fn add_heap(&mut self, stats: &Stats, total_bytes: u64, start: Option<Nanos>) {
        self.heaps += 1;
        self.minor_collections += stats.minor_collections;
        self.full_collections += stats.full_collections + stats.incremental_collections;
        self.pauses += stats.work.pauses;
        self.time_in_pauses += stats.time_in_pauses;
        self.longest_pause = self.longest_pause.max(stats.longest_pause);
        self.peak_total_bytes = self.peak_total_bytes.max(stats.peak_total_bytes).max(total_bytes);
        self.slowest_start = self.slowest_start.max(start);
    }
}
