//! Pages: the unit in which old space and large objects take memory and give it back.
//!
//! Every page is in one of three conditions: *in use* by a space, *spare* (free, still committed, ready for reuse), or
//! *released* (free, given back to the system). Pages behind the highest one ever used count as released.

use super::mark_bits::MarkBits;
use crate::memory::{Address, Granules, Memory};
use std::collections::{BTreeMap, BTreeSet};

/// Size of a page in bytes.
pub const PAGE_BYTES: usize = if cfg!(feature = "tiny-pages") { 16 << 10 } else { 256 << 10 };
/// One page is asked for ahead of its use for so many in use.
const AHEAD_SHARE: u32 = 8;
/// Most pages that are asked for ahead of their use: 32 MiB.
const MAX_AHEAD: u32 = ((32 << 20) / PAGE_BYTES) as u32;
/// Size of a page in granules.
pub(crate) const PAGE_GRANULES: u32 = PAGE_BYTES as u32 / 8;

/// The number of a page in the region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PageNumber(pub(crate) u32);

impl PageNumber {
    /// The page in which `address` lies.
    #[inline(always)]
    pub(crate) fn of(address: Address) -> PageNumber {
        PageNumber(address.0 / PAGE_GRANULES)
    }

    /// The first granule.
    pub(crate) fn start(self) -> Address {
        Address(self.0 * PAGE_GRANULES)
    }

    /// The granule behind the last.
    pub(crate) fn end(self) -> Address {
        self.start() + Granules(PAGE_GRANULES)
    }
}

/// What a page holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageKind {
    /// Nothing.
    Free,
    /// Objects of old space.
    Old,
    /// Objects of old space, few of them: they will be moved elsewhere.
    Sparse,
    /// The start of a large object that has not survived a scavenge.
    YoungLarge,
    /// The start of a large object of the old generation.
    OldLarge,
    /// A later part of a large object.
    LargeRest,
}

/// The pages of a heap.
#[derive(Debug)]
pub(crate) struct Pages {
    /// The first page behind new space.
    first: u32,
    /// Kinds of the pages from `first` up to the highest one ever used.
    kinds: Vec<PageKind>,
    /// Free pages that are still committed.
    spare: BTreeSet<PageNumber>,
    /// Released pages below the highest one ever used: length by first page, never adjacent.
    released: BTreeMap<u32, u32>,
    /// Pages that the region has room for.
    room: u32,
    in_use: u32,
    /// Pages behind the highest one ever used that have been asked for ahead of their use.
    ahead: u32,
    /// Most pages that may be in use.
    max_in_use: u32,
}

impl Pages {
    /// The pages from `start` to the end of a region of `region_granules`.
    pub(crate) fn new(start: Address, region_granules: u64, max_in_use: Granules) -> Pages {
        let first = PageNumber::of(start).0;
        debug_assert_eq!(PageNumber(first).start(), start);
        // One page less than fits: addresses behind the last page must still be u32s.
        let end = (region_granules / u64::from(PAGE_GRANULES)) as u32 - 1;
        let (kinds, spare, released) = (Vec::new(), BTreeSet::new(), BTreeMap::new());
        let room = end.saturating_sub(first);
        let mut pages = Pages { first, kinds, spare, released, room, in_use: 0, ahead: 0, max_in_use: 0 };
        pages.set_max(max_in_use);
        pages
    }

    /// Sets how much may be in use at most.
    pub(crate) fn set_max(&mut self, max: Granules) {
        self.max_in_use = (max.0 / PAGE_GRANULES).min(self.room);
    }

    /// Bytes of all pages that the region has room for.
    pub(crate) fn room_bytes(&self) -> u64 {
        u64::from(self.room) * PAGE_BYTES as u64
    }

    /// Bytes of all pages in use.
    pub(crate) fn in_use_bytes(&self) -> u64 {
        u64::from(self.in_use) * PAGE_BYTES as u64
    }

    /// Asks for memory ahead of its use: for as many pages behind the highest one as a share of those in use, whenever
    /// half of them have been used up.
    pub(crate) fn populate_ahead(&mut self, memory: &Memory) {
        let used = self.kinds.len() as u32;
        let wanted = (self.in_use / AHEAD_SHARE).min(MAX_AHEAD).min(self.room - used);
        let wanted = wanted.min(self.max_in_use.saturating_sub(self.in_use));
        if self.spare.is_empty() && self.released.is_empty() && self.ahead < wanted / 2 {
            let start = PageNumber(self.first + used + self.ahead).start();
            let size = Granules((wanted - self.ahead) * PAGE_GRANULES);
            memory.populate(start, size);
            MarkBits::populate(memory, start, size);
            self.ahead = wanted;
        }
    }

    /// Bytes asked for ahead of their use.
    pub(crate) fn ahead_bytes(&self) -> u64 {
        u64::from(self.ahead) * PAGE_BYTES as u64
    }

    /// Gives back what was asked for ahead of its use.
    pub(crate) fn release_ahead(&mut self, memory: &mut Memory) {
        memory.cancel_populating();
        let start = PageNumber(self.first + self.kinds.len() as u32).start();
        memory.release(start, Granules(std::mem::take(&mut self.ahead) * PAGE_GRANULES));
    }

    /// Bytes of the free pages that are still committed.
    pub(crate) fn spare_bytes(&self) -> u64 {
        self.spare.len() as u64 * PAGE_BYTES as u64
    }

    /// The first page, and how many there are up to the highest one ever used.
    pub(crate) fn range(&self) -> (PageNumber, u32) {
        (PageNumber(self.first), self.kinds.len() as u32)
    }

    /// What the page of `address` holds.
    #[inline]
    pub(crate) fn kind_of(&self, address: Address) -> PageKind {
        let index = PageNumber::of(address).0.wrapping_sub(self.first) as usize;
        self.kinds.get(index).copied().unwrap_or(PageKind::Free)
    }

    fn set_kind(&mut self, page: PageNumber, kind: PageKind) {
        self.kinds[(page.0 - self.first) as usize] = kind;
    }

    /// Labels a page of old space as one to be evacuated, or as any other.
    pub(crate) fn set_sparse(&mut self, page: PageNumber, sparse: bool) {
        self.set_kind(page, if sparse { PageKind::Sparse } else { PageKind::Old });
    }

    /// Whether `address` lies in a page to be evacuated.
    #[inline]
    pub(crate) fn is_sparse(&self, address: Address) -> bool {
        self.kind_of(address) == PageKind::Sparse
    }

    /// How many more pages may be taken.
    pub(crate) fn room_left(&self) -> usize {
        self.max_in_use.saturating_sub(self.in_use) as usize
    }

    /// Bytes of the pages that may still be taken.
    pub(crate) fn room_left_bytes(&self) -> u64 {
        self.room_left() as u64 * PAGE_BYTES as u64
    }

    /// Relabels the large object that starts at `page` as old.
    pub(crate) fn promote_large(&mut self, page: PageNumber) {
        self.set_kind(page, PageKind::OldLarge);
    }

    /// Takes a page for old space, unless the maximum is reached.
    pub(crate) fn take(&mut self) -> Option<PageNumber> {
        if self.in_use == self.max_in_use {
            return None;
        }
        let page = self.spare.pop_first().or_else(|| self.take_released(1))?;
        self.set_kind(page, PageKind::Old);
        self.in_use += 1;
        Some(page)
    }

    /// Takes a run of adjacent pages for a young large object, unless the maximum is reached.
    pub(crate) fn take_run(&mut self, memory: &mut Memory, count: u32) -> Option<PageNumber> {
        if count > self.max_in_use - self.in_use.min(self.max_in_use) {
            return None;
        }
        let start = self.take_released(count).or_else(|| {
            self.release_spare(memory, 0, usize::MAX);
            self.take_released(count)
        })?;
        self.set_kind(start, PageKind::YoungLarge);
        for page in start.0 + 1..start.0 + count {
            self.set_kind(PageNumber(page), PageKind::LargeRest);
        }
        self.in_use += count;
        Some(start)
    }

    /// The lowest run of `count` released pages.
    fn take_released(&mut self, count: u32) -> Option<PageNumber> {
        let fit = self
            .released
            .iter()
            .find(|(_, length)| **length >= count)
            .map(|(start, length)| (*start, *length));
        let Some((start, length)) = fit else { return self.take_fresh(count) };
        self.released.remove(&start);
        if length > count {
            self.released.insert(start + count, length - count);
        }
        Some(PageNumber(start))
    }

    /// Pages that were never used before.
    fn take_fresh(&mut self, count: u32) -> Option<PageNumber> {
        let used = self.kinds.len() as u32;
        if count > self.room - used {
            return None;
        }
        self.kinds.resize((used + count) as usize, PageKind::Free);
        self.ahead = self.ahead.saturating_sub(count);
        Some(PageNumber(self.first + used))
    }

    /// Takes a page back from old space; it stays committed.
    pub(crate) fn put_back(&mut self, page: PageNumber) {
        self.set_kind(page, PageKind::Free);
        self.spare.insert(page);
        self.in_use -= 1;
    }

    /// Takes a run of pages back from a large object and gives it to the system.
    pub(crate) fn put_back_run(&mut self, memory: &mut Memory, start: PageNumber, count: u32) {
        for page in start.0..start.0 + count {
            self.set_kind(PageNumber(page), PageKind::Free);
        }
        self.in_use -= count;
        self.release(memory, start, count);
    }

    /// Gives spare pages to the system until `keep` are left, at most `count` of them. The highest go first, so that the
    /// heap stays low in the region.
    pub(crate) fn release_spare(&mut self, memory: &mut Memory, keep: usize, count: usize) {
        for _ in 0..count.min(self.spare.len().saturating_sub(keep)) {
            let page = self.spare.pop_last().expect("there are more than are kept");
            self.release(memory, page, 1);
        }
    }

    /// Free pages that are still committed.
    pub(crate) fn spare(&self) -> usize {
        self.spare.len()
    }

    /// Gives pages to the system and joins them to released neighbours.
    fn release(&mut self, memory: &mut Memory, start: PageNumber, count: u32) {
        memory.release(start.start(), Granules(count * PAGE_GRANULES));
        let (mut first, mut length) = (start.0, count);
        if let Some((before, run)) = self.released.range(..first).next_back().map(|(s, l)| (*s, *l))
            && before + run == first
        {
            self.released.remove(&before);
            (first, length) = (before, run + length);
        }
        if let Some(run) = self.released.remove(&(first + length)) {
            length += run;
        }
        self.released.insert(first, length);
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, Granules, Memory, PAGE_GRANULES, PageKind, PageNumber, Pages};

    const FIRST: PageNumber = PageNumber(4_000);

    fn pages(max: u32) -> (Memory, Pages) {
        let memory = Memory::reserve().expect("a region");
        let pages = Pages::new(FIRST.start(), memory.granules(), Granules(max * PAGE_GRANULES));
        (memory, pages)
    }

    #[test]
    fn no_more_pages_are_taken_than_the_maximum() {
        let (mut memory, mut pages) = pages(3);
        assert!(pages.take().is_some() && pages.take().is_some());
        assert_eq!(pages.take_run(&mut memory, 2), None);
        assert!(pages.take().is_some());
        assert_eq!(pages.take(), None);
        assert_eq!(pages.take_run(&mut memory, 1), None);
    }

    #[test]
    fn a_page_put_back_is_taken_again() {
        let (_, mut pages) = pages(8);
        let page = pages.take().expect("a page");
        assert_eq!(pages.kind_of(page.start()), PageKind::Old);
        pages.put_back(page);
        assert_eq!((pages.kind_of(page.start()), pages.in_use_bytes()), (PageKind::Free, 0));
        assert_eq!(pages.take(), Some(page));
    }

    #[test]
    fn released_neighbours_join_into_a_run() {
        let (mut memory, mut pages) = pages(8);
        let taken: Vec<_> = (0..4).map(|_| pages.take().expect("a page")).collect();
        for index in [0, 2, 1] {
            pages.put_back(taken[index]);
        }
        pages.release_spare(&mut memory, 0, usize::MAX);
        assert_eq!(pages.take_run(&mut memory, 3), Some(FIRST));
        assert_eq!(pages.kind_of(FIRST.end()), PageKind::LargeRest);
        assert_eq!(pages.spare_bytes(), 0);
    }

    #[test]
    fn a_released_page_reads_as_zero() {
        let (mut memory, mut pages) = pages(8);
        let start = pages.take_run(&mut memory, 2).expect("a run");
        memory.store(start.start(), 7);
        pages.put_back_run(&mut memory, start, 2);
        assert_eq!(memory.load(start.start()), 0);
        assert_eq!(pages.kind_of(Address(0)), PageKind::Free);
    }
}
