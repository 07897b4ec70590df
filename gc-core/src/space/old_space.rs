//! Old space: pages of objects that do not move, and bump allocation into the holes between them.
//!
//! ```text
//! page     | object | dead | object | dead  dead | object |
//! bitmap   |11111111|000000|11111111|000000000000|11111111|
//!                    hole            hole: top ->    limit
//! ```
//!
//! After a marking every page with a live object waits to be swept. The allocator sweeps a page when it gets there:
//! it walks the runs of clear mark bits, takes each that is large enough as its bump run, and passes over the
//! others. Each page is walked once between two markings, so nothing is swept twice and no free list is kept.
//!
//! Objects of more than [`MEDIUM`] that do not fit the run at hand have a second run: the first of the next
//! [`MEDIUM_TRIES`] holes that one fits, else a fresh page. So one of them never makes the allocator pass over many
//! good holes for small objects, and a heap of medium objects still reuses the holes that they leave.
//!
//! Invariants:
//! - Objects and free cells tile every page, but for the free parts of the two runs. In a page not swept yet the
//!   dead objects still stand where they were.
//! - `used_bytes` is the size of the objects marked by the last marking and of those allocated since.

use super::bump::Bump;
use super::mark_bits::MarkBits;
use super::page::{PAGE_BYTES, PAGE_GRANULES, PageNumber, Pages};
use super::poison;
use crate::fault::{Fault, Faults};
use crate::memory::{Address, Granules, Memory};
use crate::object::Header;
use crate::object::ObjectRef;

/// Objects larger than this may start a page of their own rather than pass over holes: 256 bytes.
const MEDIUM: Granules = Granules(32);
/// Holes that are looked at, and passed over if too small, before a medium object is given a fresh page. It then has
/// a whole page to follow in, so this is what a page of medium objects may cost in holes.
const MEDIUM_TRIES: usize = 16;
/// Holes below this are passed over: 16 bytes, the smallest object with a slot.
const SMALLEST_HOLE: Granules = Granules(2);

/// The pages of old space.
#[derive(Debug)]
pub(crate) struct OldSpace {
    /// The hole, or fresh page, in which allocation goes on.
    run: Bump,
    /// The hole, or fresh page, for medium objects.
    medium_run: Bump,
    /// Whether a medium object has found neither a hole nor a page since the last marking: the next ones only look for
    /// a page, and leave the holes to small objects.
    medium_exhausted: bool,
    /// The page whose holes are being taken, and how far it has been walked.
    sweeping: Option<Gaps>,
    /// All pages, lowest first once a marking has sorted them.
    pages: Vec<PageNumber>,
    /// Pages not walked since the last marking, next one last.
    unswept: Vec<PageNumber>,
    used_bytes: u64,
    poison: bool,
}

impl Default for OldSpace {
    fn default() -> Self {
        let (run, medium_run) = (Bump::EMPTY, Bump::EMPTY);
        let (pages, unswept) = (Vec::new(), Vec::new());
        OldSpace {
            run,
            medium_run,
            medium_exhausted: false,
            sweeping: None,
            pages,
            unswept,
            used_bytes: 0,
            poison: false,
        }
    }
}

/// The gaps between the marked objects of a page, in address order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gaps {
    next: Address,
    end: Address,
}

impl Gaps {
    /// The gaps of `page`.
    pub(crate) fn of(page: PageNumber) -> Gaps {
        Gaps { next: page.start(), end: page.end() }
    }

    /// The next gap, from its first granule up to the one behind its last.
    pub(crate) fn next(&mut self, memory: &Memory) -> Option<(Address, Address)> {
        let start = MarkBits::next_unmarked(memory, self.next, self.end);
        self.next = MarkBits::next_marked(memory, start, self.end);
        (start < self.end).then_some((start, self.next))
    }
}

/// What a sweep of all pages found.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Swept {
    pub(crate) pages: u64,
    pub(crate) freed_bytes: u64,
}

impl OldSpace {
    /// Bytes of objects.
    pub(crate) fn used_bytes(&self) -> u64 {
        self.used_bytes
    }

    /// Bytes of pages.
    pub(crate) fn total_bytes(&self) -> u64 {
        self.pages.len() as u64 * PAGE_BYTES as u64
    }

    /// All pages.
    pub(crate) fn pages(&self) -> &[PageNumber] {
        &self.pages
    }

    /// Where dead objects still stand, from first to behind last granule.
    pub(crate) fn unswept(&self) -> impl Iterator<Item = (Address, Address)> {
        let waiting = self.unswept.iter().map(|page| (page.start(), page.end()));
        waiting.chain(self.sweeping.map(|gaps| (gaps.next, gaps.end)))
    }

    /// The free parts of pages that have no header, from first to behind last granule.
    pub(crate) fn runs(&self) -> impl Iterator<Item = (Address, Address)> {
        let runs = [self.run, self.medium_run].into_iter();
        runs.filter(|run| run.free() > Granules(0)).map(|run| (run.top(), run.limit()))
    }

    /// Fill holes with a pattern when they are taken.
    pub(crate) fn set_poison(&mut self, poison: bool) {
        self.poison = poison;
    }

    /// Takes `size` granules; `None` if no hole fits and no page can be had.
    #[inline(always)]
    pub(crate) fn allocate(
        &mut self,
        memory: &mut Memory,
        pages: &mut Pages,
        faults: &Faults,
        size: Granules,
    ) -> Option<ObjectRef> {
        let object = match self.run.allocate(size) {
            Some(object) => object,
            None => self.allocate_slow(memory, pages, faults, size)?,
        };
        if !faults.make(Fault::Miscounted) {
            self.used_bytes += size.bytes();
        }
        Some(object)
    }

    #[cold]
    #[inline(never)]
    fn allocate_slow(
        &mut self,
        memory: &mut Memory,
        pages: &mut Pages,
        faults: &Faults,
        size: Granules,
    ) -> Option<ObjectRef> {
        if size > MEDIUM {
            return self.allocate_medium(memory, pages, faults, size);
        }
        while let Some(run) = self.next_hole(memory, faults).or_else(|| self.fresh_page(pages)) {
            retire(memory, faults, std::mem::replace(&mut self.run, run));
            if let Some(object) = self.run.allocate(size) {
                return Some(object);
            }
        }
        self.medium_run.allocate(size)
    }

    /// Takes a medium object's room from its own run, or makes another one; `None` if none of the next holes fits and no
    /// page can be had. It does not walk on to the last hole: that would lose all of them for small objects.
    fn allocate_medium(
        &mut self,
        memory: &mut Memory,
        pages: &mut Pages,
        faults: &Faults,
        size: Granules,
    ) -> Option<ObjectRef> {
        if let Some(object) = self.medium_run.allocate(size) {
            return Some(object);
        }
        let hole = if self.medium_exhausted { None } else { self.next_medium_hole(memory, faults, size) };
        let Some(run) = hole.or_else(|| self.fresh_page(pages)) else {
            self.medium_exhausted = true;
            return None;
        };
        retire(memory, faults, std::mem::replace(&mut self.medium_run, run));
        self.medium_run.allocate(size)
    }

    /// The first hole among the next few that `size` fits; those before it are passed over.
    fn next_medium_hole(&mut self, memory: &mut Memory, faults: &Faults, size: Granules) -> Option<Bump> {
        for _ in 0..MEDIUM_TRIES {
            let hole = self.next_hole(memory, faults)?;
            if hole.free() >= size {
                return Some(hole);
            }
            retire(memory, faults, hole);
        }
        None
    }

    /// Walks to the next hole that is worth taking.
    fn next_hole(&mut self, memory: &mut Memory, faults: &Faults) -> Option<Bump> {
        loop {
            let Some((start, end)) = self.sweeping.as_mut()?.next(memory) else {
                self.sweeping = self.unswept.pop().map(Gaps::of);
                continue;
            };
            let hole = Bump::new(start, end);
            if hole.free() < SMALLEST_HOLE {
                retire(memory, faults, hole);
                continue;
            }
            if self.poison {
                memory.fill(start, hole.free(), poison::HOLE);
            }
            return Some(hole);
        }
    }

    fn fresh_page(&mut self, pages: &mut Pages) -> Option<Bump> {
        let page = pages.take()?;
        self.pages.push(page);
        Some(Bump::new(page.start(), page.end()))
    }

    /// Before a marking: ends the runs and forgets the marks of the last one.
    ///
    /// Pages that the allocator has not come to need no sweeping first: their dead objects stay unmarked.
    pub(crate) fn prepare_marking(&mut self, memory: &mut Memory, faults: &Faults) {
        for run in [&mut self.run, &mut self.medium_run] {
            retire(memory, faults, std::mem::replace(run, Bump::EMPTY));
        }
        for page in &self.pages {
            MarkBits::clear(memory, page.start(), Granules(PAGE_GRANULES));
        }
    }

    /// After a marking: gives pages without live objects back and queues the others to be swept.
    pub(crate) fn sweep(&mut self, memory: &mut Memory, pages: &mut Pages, faults: &Faults) -> Swept {
        let used_before = self.used_bytes;
        self.medium_exhausted = false;
        let swept_pages = self.pages.len() as u64;
        self.pages.sort_unstable();
        self.used_bytes = 0;
        let mut kept = Vec::with_capacity(self.pages.len());
        for page in std::mem::take(&mut self.pages) {
            let live = MarkBits::count(memory, page.start(), Granules(PAGE_GRANULES));
            if live == Granules(0) || faults.make(Fault::LivePageFreed) {
                pages.put_back(page);
            } else {
                self.used_bytes += live.bytes();
                kept.push(page);
            }
        }
        self.unswept = kept.iter().rev().copied().collect();
        self.sweeping = self.unswept.pop().map(Gaps::of);
        self.pages = kept;
        Swept { pages: swept_pages, freed_bytes: used_before - self.used_bytes }
    }
}

/// Ends a bump run: what is left of it becomes a free cell.
fn retire(memory: &mut Memory, faults: &Faults, run: Bump) {
    if run.free() > Granules(0) && !faults.make(Fault::HoleUnmarked) {
        ObjectRef::at(run.top()).set_header(memory, Header::free(run.free()));
    }
}
