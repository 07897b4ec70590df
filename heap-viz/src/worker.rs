//! The heaps that a run has besides the one that is reported on.

use crate::record::mirror::NanosDef;
use gc_core::event::Nanos;
use serde::{Deserialize, Serialize};

/// What became of one worker of a run: the sum of all heaps that it has had, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkerReport {
    /// Jobs that it has done.
    pub jobs: u64,
    /// How many heaps it has had.
    pub heaps: u32,
    /// The numbers of the jobs at which one ran out of memory and was replaced.
    pub replaced_at_jobs: Vec<u64>,
    /// Scavenges.
    pub minor_collections: u64,
    /// Collections of the old generation, in steps and at once.
    pub full_collections: u64,
    /// Pauses of all kinds.
    pub pauses: u64,
    /// Time in pauses.
    #[serde(rename = "total_ns", with = "NanosDef")]
    pub total: Nanos,
    /// The longest pause.
    #[serde(rename = "longest_ns", with = "NanosDef")]
    pub longest: Nanos,
    /// Most memory that the spaces of one of the heaps took.
    pub peak_total_bytes: u64,
    /// Longest time that making a heap took; none under a modelled clock.
    pub slowest_start_ns: Option<u64>,
}
