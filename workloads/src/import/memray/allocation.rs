//! Allocations and frees.

/// An allocation or a free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Allocation {
    pub(super) address: u64,
    /// How much is allocated or unmapped; nothing for a free.
    pub(super) bytes: u64,
    pub(super) allocator: Allocator,
}

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Allocator {
    /// The allocator of Python's objects.
    Pymalloc,
    /// The system's.
    Malloc,
    /// Ranges of pages.
    Map,
    /// Of either of the first two.
    Free,
    /// Of ranges of pages, in whole or in part.
    Unmap,
}

impl Allocator {
    /// That of a code of memray (`hooks::Allocator`).
    pub(super) fn new(code: u8) -> Option<Self> {
        match code {
            2..=4 => Some(Allocator::Pymalloc),
            6..=13 => Some(Allocator::Malloc),
            14 => Some(Allocator::Map),
            1 | 5 => Some(Allocator::Free),
            15 => Some(Allocator::Unmap),
            _ => None,
        }
    }
}
