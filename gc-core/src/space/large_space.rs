//! Large objects: each on pages of its own, never moved.
//!
//! A large object is born young like any other; the scavenge that it survives only relabels it. Those that a marking
//! finds dead are condemned at once, and their pages are given back one by one in steps, since giving megabytes back to
//! the system takes its time.
//!
//! Invariant: of a large object only the first granule is ever marked, and that only while a marking runs.

use super::page::{PAGE_BYTES, PAGE_GRANULES, PageNumber, Pages};
use crate::memory::{Granules, Memory};
use crate::object::ObjectRef;

/// One large object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Large {
    pub(crate) object: ObjectRef,
    pub(crate) size: Granules,
}

impl Large {
    fn page(self) -> PageNumber {
        PageNumber::of(self.object.address())
    }

    fn pages(self) -> u32 {
        self.size.0.div_ceil(PAGE_GRANULES)
    }
}

/// All large objects.
#[derive(Debug, Default)]
pub(crate) struct LargeSpace {
    young: Vec<Large>,
    old: Vec<Large>,
    /// Dead objects whose pages have not been given back yet, or not all of them.
    condemned: Vec<Large>,
    /// The pages of these.
    condemned_pages: u64,
    young_bytes: u64,
    old_bytes: u64,
    pages: u64,
}

impl LargeSpace {
    /// Takes pages for a young object of `size` granules, unless the maximum of `pages` is reached.
    pub(crate) fn allocate(
        &mut self,
        memory: &mut Memory,
        pages: &mut Pages,
        size: Granules,
    ) -> Option<ObjectRef> {
        let start = pages.take_run(memory, size.0.div_ceil(PAGE_GRANULES))?.start();
        let large = Large { object: ObjectRef::at(start), size };
        memory.permit(start, Granules(large.pages() * PAGE_GRANULES));
        self.young.push(large);
        self.young_bytes += size.bytes();
        self.pages += u64::from(large.pages());
        Some(large.object)
    }

    /// Whether there are young large objects.
    #[inline(always)]
    pub(crate) fn has_young(&self) -> bool {
        !self.young.is_empty()
    }

    /// The young large objects.
    pub(crate) fn young(&self) -> &[Large] {
        &self.young
    }

    /// The large objects of the old generation.
    pub(crate) fn old(&self) -> &[Large] {
        &self.old
    }

    /// All large objects that have not been condemned.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Large> {
        self.young.iter().chain(&self.old)
    }

    /// Bytes of young large objects.
    pub(crate) fn young_bytes(&self) -> u64 {
        self.young_bytes
    }

    /// Bytes of the large objects of the old generation.
    pub(crate) fn old_bytes(&self) -> u64 {
        self.old_bytes
    }

    /// Bytes of all pages with large objects.
    pub(crate) fn total_bytes(&self) -> u64 {
        self.pages * PAGE_BYTES as u64
    }

    /// After a scavenge: the young objects that `survived` become old, the others are freed. The bytes freed.
    pub(crate) fn promote_young(
        &mut self,
        memory: &mut Memory,
        pages: &mut Pages,
        survived: impl Fn(&Memory, Large) -> bool,
    ) -> u64 {
        let mut freed_bytes = 0;
        for large in std::mem::take(&mut self.young) {
            if survived(memory, large) {
                pages.promote_large(large.page());
                self.old_bytes += large.size.bytes();
                self.old.push(large);
            } else {
                freed_bytes += self.free(memory, pages, large);
            }
        }
        self.young_bytes = 0;
        freed_bytes
    }

    /// After a marking: condemns every object that is not `live`; the bytes of those.
    pub(crate) fn condemn(&mut self, live: impl Fn(Large) -> bool) -> u64 {
        let bytes_before = self.young_bytes + self.old_bytes;
        for list in [&mut self.young, &mut self.old] {
            for large in list.extract_if(.., |large| !live(*large)) {
                self.condemned_pages += u64::from(large.pages());
                self.condemned.push(large);
            }
        }
        let bytes = |list: &[Large]| list.iter().map(|large| large.size.bytes()).sum();
        (self.young_bytes, self.old_bytes) = (bytes(&self.young), bytes(&self.old));
        bytes_before - self.young_bytes - self.old_bytes
    }

    /// How many pages of dead objects have not been given back.
    pub(crate) fn condemned_pages(&self) -> u64 {
        self.condemned_pages
    }

    /// Gives back the last page of a condemned object. False if there was none left.
    pub(crate) fn free_condemned_page(&mut self, memory: &mut Memory, pages: &mut Pages) -> bool {
        let Some(large) = self.condemned.pop() else { return false };
        let left = large.pages() - 1;
        let page = PageNumber(large.page().0 + left);
        pages.put_back_run(memory, page, 1);
        memory.forbid(page.start(), Granules(PAGE_GRANULES));
        if left > 0 {
            self.condemned.push(Large { size: Granules(left * PAGE_GRANULES), ..large });
        }
        self.pages -= 1;
        self.condemned_pages -= 1;
        true
    }

    fn free(&mut self, memory: &mut Memory, pages: &mut Pages, large: Large) -> u64 {
        pages.put_back_run(memory, large.page(), large.pages());
        memory.forbid(large.object.address(), Granules(large.pages() * PAGE_GRANULES));
        self.pages -= u64::from(large.pages());
        large.size.bytes()
    }
}
