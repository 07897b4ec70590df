//! Bump allocation: the next object starts where the last one ended.

use crate::memory::{Address, Granules};
use crate::object::ObjectRef;

/// A run of free memory that is handed out from its start.
///
/// ```text
/// | allocated | free            |
///             next              limit
/// ```
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bump {
    /// The object that will be allocated next. A reference and not an address: it is never null, so what is allocated
    /// need not be checked for that.
    next: ObjectRef,
    limit: Address,
}

impl Default for Bump {
    fn default() -> Bump {
        Bump::EMPTY
    }
}

impl Bump {
    /// A run without memory.
    pub(crate) const EMPTY: Bump = Bump { next: ObjectRef::LOWEST, limit: Address(1) };

    /// The free memory from `start` to `limit`.
    #[inline]
    pub(crate) fn new(start: Address, limit: Address) -> Bump {
        debug_assert!(start <= limit);
        Bump { next: ObjectRef::at(start), limit }
    }

    /// Where the next object starts.
    #[inline(always)]
    pub(crate) fn top(&self) -> Address {
        self.next.address()
    }

    /// The end of the free memory.
    pub(crate) fn limit(&self) -> Address {
        self.limit
    }

    /// How much is free.
    #[inline(always)]
    pub(crate) fn free(&self) -> Granules {
        self.limit - self.top()
    }

    /// Takes `size` granules for an object, if there are as many.
    #[inline(always)]
    pub(crate) fn allocate(&mut self, size: Granules) -> Option<ObjectRef> {
        let object = self.next;
        let next = object.behind(size)?;
        if next.address() > self.limit {
            return None;
        }
        self.next = next;
        Some(object)
    }
}
