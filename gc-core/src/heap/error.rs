//! What can go wrong with an allocation.

use crate::memory::{GRANULE_BYTES, Granules};
use std::fmt;

/// An allocation that could not be met: of a [`Heap`](crate::Heap) even after a last-resort collection, of an
/// [`Arena`](crate::arena::Arena) until everything has been collected at the next boundary. The heap is intact: drop some
/// roots, or raise the limit, and go on.
///
/// 4 bytes, so that a `Result` of a handle is returned in registers. The limit that was met is
/// [`Config::max_old_bytes`](crate::Config::max_old_bytes) of [`Heap::config`](crate::Heap::config).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeapFull {
    requested: Granules,
}

impl HeapFull {
    /// No room for so many bytes: for programs that have to refuse memory in a heap's stead.
    #[must_use]
    pub fn new(requested_bytes: u64) -> HeapFull {
        let granules = requested_bytes.div_ceil(GRANULE_BYTES);
        HeapFull { requested: Granules(u32::try_from(granules).unwrap_or(u32::MAX)) }
    }

    /// Size of the object that found no room, in bytes, header included (at most 32 GiB is told).
    #[must_use]
    pub fn requested_bytes(&self) -> u64 {
        self.requested.bytes()
    }
}

impl fmt::Display for HeapFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let requested = self.requested_bytes();
        write!(f, "the heap is full: no room for {requested} bytes")
    }
}

impl std::error::Error for HeapFull {}
