//! What can go wrong with an allocation.

use crate::memory::Granules;
use std::fmt;

/// An allocation that could not be met, even after a last-resort collection. The heap is intact: drop some roots,
/// or raise the limit, and go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeapFull {
    requested: Granules,
    limit: Granules,
}

impl HeapFull {
    pub(crate) fn new(requested_bytes: u64, limit: Granules) -> HeapFull {
        let granules = requested_bytes.div_ceil(crate::memory::GRANULE_BYTES);
        HeapFull { requested: Granules(u32::try_from(granules).unwrap_or(u32::MAX)), limit }
    }

    /// Size of the object that found no room, in bytes (at most 32 GiB is told).
    #[must_use]
    pub fn requested_bytes(&self) -> u64 {
        self.requested.bytes()
    }

    /// The maximum of the old generation, in bytes.
    #[must_use]
    pub fn limit_bytes(&self) -> u64 {
        self.limit.bytes()
    }
}

impl fmt::Display for HeapFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (requested, limit) = (self.requested_bytes(), self.limit_bytes());
        write!(f, "the heap is full: no room for {requested} bytes within a limit of {limit} bytes")
    }
}

impl std::error::Error for HeapFull {}
