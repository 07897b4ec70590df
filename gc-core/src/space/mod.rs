//! L2: where objects lie.
//!
//! ```text
//! granule 0     1/64 of the region                                                      end of the region
//! | mark bitmap | semispace A | semispace B | pages: old space and large objects ...             |
//! ```

mod bump;
mod external;
mod hosted;
mod large_space;
mod mark_bits;
mod new_space;
mod old_space;
mod owned;
mod page;

use crate::fault::Faults;
use crate::memory::{Address, Granules, Memory};
use crate::object::{ObjectRef, Shapes};
pub(crate) use bump::Bump;
pub(crate) use external::{BufferId, External};
pub(crate) use hosted::Hosted;
pub(crate) use large_space::{Large, LargeSpace};
pub(crate) use mark_bits::{MARK_BLOCK, MarkBits};
pub(crate) use new_space::{NewSpace, Semispace};
pub(crate) use old_space::{Filled, OldSpace};
pub use page::PAGE_BYTES;
pub(crate) use page::{PAGE_GRANULES, PageKind, PageNumber, Pages};

/// Size of a huge page.
const HUGE_PAGE: Granules = Granules((2 << 20) / 8);

/// No large object is smaller than this: 256 bytes.
pub(crate) const MIN_LARGE: Granules = Granules(32);

/// What from-space and freed cells are filled with under stress. As references these would lie in the mark bitmap,
/// where no object is; as headers they have no kind.
pub(crate) mod poison {
    /// From-space after a scavenge.
    pub(crate) const FROM_SPACE: u64 = 0x00f0_0ded_00f0_0ded;
    /// A hole of old space.
    pub(crate) const HOLE: u64 = 0x00de_adb1_00de_adb1;
}

/// Where an object lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Space {
    /// In new space.
    New,
    /// In old space.
    Old,
    /// On pages of its own.
    Large,
}

/// The memory of a heap and the spaces that share it.
#[derive(Debug)]
pub(crate) struct Spaces {
    pub(crate) memory: Memory,
    pub(crate) shapes: Shapes,
    pub(crate) new: NewSpace,
    pub(crate) old: OldSpace,
    pub(crate) large: LargeSpace,
    pub(crate) pages: Pages,
    pub(crate) external: External,
    pub(crate) hosted: Hosted,
    pub(crate) faults: Faults,
}

impl Spaces {
    /// Lays the spaces out in a region: semispaces of up to `max_semispace`, and pages behind them.
    pub(crate) fn new(
        memory: Memory,
        semispace: Granules,
        max_semispace: Granules,
        max_old: Granules,
    ) -> Self {
        let bitmap = Granules(MarkBits::size(&memory).0.next_multiple_of(PAGE_GRANULES));
        let reach = Granules(max_semispace.0.next_multiple_of(PAGE_GRANULES));
        let first = Address(0) + bitmap;
        let second = first + reach;
        let pages = Pages::new(second + reach, memory.granules(), max_old);
        let new = NewSpace::new([first, second], semispace, reach);
        let (old, large) = (OldSpace::default(), LargeSpace::default());
        let (shapes, external, hosted) = (Shapes::default(), External::default(), Hosted::default());
        Spaces { memory, shapes, new, old, large, pages, external, hosted, faults: Faults::default() }
    }

    /// Asks for huge pages behind new space, unless it is too small for one. Where nothing is touched ahead of its use,
    /// behind old space too; elsewhere the thread that touches it asks for them.
    pub(crate) fn prefer_huge_pages(&mut self, prefault: bool) {
        if self.new.capacity() >= HUGE_PAGE {
            let (start, size) = self.new.range();
            self.memory.prefer_huge_pages(start, size);
        }
        self.memory.populate_huge_pages();
        if !prefault {
            let start = self.pages.range().0.start();
            let size = Granules((self.memory.granules() - 1) as u32 - start.0);
            self.memory.prefer_huge_pages(start, size);
        }
    }

    /// Whether `object` belongs to the young generation: new space or young large objects.
    #[inline]
    pub(crate) fn is_young(&self, object: ObjectRef) -> bool {
        self.new.contains(object) || self.is_young_large(object)
    }

    /// Whether `object` is a large object that has not survived a scavenge.
    #[inline(always)]
    pub(crate) fn is_young_large(&self, object: ObjectRef) -> bool {
        self.large.has_young() && self.pages.kind_of(object.address()) == PageKind::YoungLarge
    }

    /// Whether `object`, of at least [`MIN_LARGE`] granules, is a large object.
    pub(crate) fn is_large(&self, object: ObjectRef) -> bool {
        matches!(self.pages.kind_of(object.address()), PageKind::YoungLarge | PageKind::OldLarge)
    }

    /// Where `object`, which is so large, lies.
    pub(crate) fn space_of(&self, object: ObjectRef, size: Granules) -> Space {
        if self.new.contains(object) {
            Space::New
        } else if size >= MIN_LARGE && self.is_large(object) {
            Space::Large
        } else {
            Space::Old
        }
    }

    /// Bytes off the heap that objects own.
    pub(crate) fn external_bytes(&self) -> u64 {
        self.external.bytes() + self.hosted.bytes()
    }

    /// Bytes off the heap that have come to be owned since the last scavenge.
    pub(crate) fn young_external_bytes(&self) -> u64 {
        self.external.young_bytes() + self.hosted.young_bytes()
    }

    /// Bytes in use by the old generation.
    pub(crate) fn old_generation_bytes(&self) -> u64 {
        self.old.used_bytes() + self.large.old_bytes()
    }
}
