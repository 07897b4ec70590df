//! Bump allocation: the next object starts where the last one ended.

use crate::memory::{Address, Granules};

/// A run of free memory that is handed out from its start.
///
/// ```text
/// | allocated | free            |
///             top               limit
/// ```
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bump {
    top: Address,
    limit: Address,
}

impl Default for Bump {
    fn default() -> Bump {
        Bump::EMPTY
    }
}

impl Bump {
    /// A run without memory.
    pub(crate) const EMPTY: Bump = Bump { top: Address(0), limit: Address(0) };

    /// The free memory from `start` to `limit`.
    pub(crate) fn new(start: Address, limit: Address) -> Bump {
        debug_assert!(start <= limit);
        Bump { top: start, limit }
    }

    /// Where the next object starts.
    #[inline(always)]
    pub(crate) fn top(&self) -> Address {
        self.top
    }

    /// The end of the free memory.
    pub(crate) fn limit(&self) -> Address {
        self.limit
    }

    /// How much is free.
    #[inline(always)]
    pub(crate) fn free(&self) -> Granules {
        self.limit - self.top
    }

    /// Takes `size` granules, if there are as many.
    #[inline(always)]
    pub(crate) fn allocate(&mut self, size: Granules) -> Option<Address> {
        if size > self.free() {
            return None;
        }
        let address = self.top;
        self.top = address + size;
        Some(address)
    }
}
