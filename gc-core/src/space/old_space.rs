//! Old space: pages of objects that do not move, and bump allocation into the holes between them.
//!
//! ```text
//! page     | object | dead | object | dead  dead | object |
//! bitmap   |11111111|000000|11111111|000000000000|11111111|
//!                    hole            hole: top ->    limit
//! ```
//!
//! After a marking every page waits to be swept, which is done twice over in small steps, never in a pause. *Steps of
//! sweeping* examine a page at a time: one without a live object is given back, and one with next to no room is closed.
//! The *allocator* sweeps one of the others when it gets there: it walks the runs of clear mark bits, takes each as its
//! bump run, and passes over those that are too small for the object at hand; then it forgets the marks. Each page is
//! walked once between two markings, so nothing is swept twice and no free list is kept.
//!
//! The allocator works in pauses, so what it may do for an object is bounded, however large old space is: it passes over
//! a few holes before it takes a fresh page, and every page that it walks has room. Only where no more pages can be had
//! does it look further.
//!
//! While a marking runs, the bits are its colours and say nothing about holes: objects are then placed in fresh pages,
//! born marked.
//!
//! Objects of more than [`MEDIUM`] that do not fit the run at hand have a second run: the first of the next
//! [`MEDIUM_TRIES`] holes that one fits, else a fresh page. So one of them never makes the allocator pass over many
//! good holes for small objects, and a heap of medium objects still reuses the holes that they leave.
//!
//! Invariants:
//! - Objects and free cells tile every page, but for the free parts of the two runs. In a page not swept yet the
//!   dead objects still stand where they were.
//! - `used_bytes` is the size of the objects marked by the last marking and of those allocated since.
//! - A page that is neither waiting to be swept nor being walked has no mark bits, unless a marking runs.

use super::bump::Bump;
use super::mark_bits::MarkBits;
use super::page::{PAGE_BYTES, PAGE_GRANULES, PageNumber, Pages};
use super::poison;
use crate::fault::{Fault, Faults};
use crate::memory::{Address, Granules, Memory};
use crate::object::{Header, ObjectRef};
use std::collections::{BTreeSet, VecDeque};

/// Objects larger than this may start a page of their own rather than pass over holes: 256 bytes.
const MEDIUM: Granules = Granules(32);
/// Holes that are looked at, and passed over if too small, before a medium object is given a fresh page. It then has
/// a whole page to follow in, so this is what a page of medium objects may cost in holes.
const MEDIUM_TRIES: usize = 16;
/// The same for small objects, which find a hole sooner.
const SMALL_TRIES: usize = 64;
/// A page is closed that has less room than this: 1/128 of it, what it costs to walk it otherwise.
const LEAST_ROOM: Granules = Granules(PAGE_GRANULES / 128);

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
    pages: BTreeSet<PageNumber>,
    /// Pages of which it is not known whether anything in them lives: lowest last.
    unexamined: Vec<PageNumber>,
    /// Pages in which something lives and something is free, to be walked by the allocator: lowest first.
    holey: VecDeque<PageNumber>,
    /// While a marking runs: pages that were not swept when it started. Dead objects stand in them.
    abandoned: Vec<PageNumber>,
    used_bytes: u64,
    /// Bytes of the objects that the marking under way has found.
    marked_bytes: u64,
    poison: bool,
}

impl Default for OldSpace {
    fn default() -> Self {
        let (run, medium_run) = (Bump::EMPTY, Bump::EMPTY);
        let (unexamined, holey) = (Vec::new(), VecDeque::new());
        OldSpace {
            run,
            medium_run,
            medium_exhausted: false,
            sweeping: None,
            pages: BTreeSet::new(),
            unexamined,
            holey,
            abandoned: Vec::new(),
            used_bytes: 0,
            marked_bytes: 0,
            poison: false,
        }
    }
}

/// How far a slide has filled the pages of old space.
#[derive(Debug, Default)]
pub(crate) struct Filled {
    /// How many of the lowest pages hold objects.
    pub(crate) pages: usize,
    /// What is left at the ends of those that are full.
    pub(crate) tails: Vec<Bump>,
    /// What is left in the last one.
    pub(crate) run: Bump,
}

/// The gaps between the marked objects of a page, in address order.
#[derive(Clone, Copy, Debug)]
struct Gaps {
    page: PageNumber,
    next: Address,
    end: Address,
}

impl Gaps {
    /// The gaps of `page`.
    fn of(page: PageNumber) -> Gaps {
        Gaps { page, next: page.start(), end: page.end() }
    }

    /// The next gap, from its first granule up to the one behind its last.
    fn next(&mut self, memory: &Memory) -> Option<(Address, Address)> {
        let start = MarkBits::next_unmarked(memory, self.next, self.end);
        self.next = MarkBits::next_marked(memory, start, self.end);
        (start < self.end).then_some((start, self.next))
    }
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

    /// All pages, lowest first.
    pub(crate) fn pages(&self) -> impl Iterator<Item = PageNumber> {
        self.pages.iter().copied()
    }

    /// Where dead objects still stand, from first to behind last granule.
    pub(crate) fn unswept(&self) -> impl Iterator<Item = (Address, Address)> {
        let waiting = self.unexamined.iter().chain(&self.holey).map(|page| (page.start(), page.end()));
        waiting.chain(self.sweeping.map(|gaps| (gaps.next, gaps.end)))
    }

    /// Pages in which dead objects stand that no mark bits tell from live ones, while a marking runs.
    pub(crate) fn abandoned(&self) -> &[PageNumber] {
        &self.abandoned
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
        for tries in 0.. {
            let hole = if tries < SMALL_TRIES { self.next_hole(memory) } else { None };
            let page = hole.or_else(|| self.next_page(memory, pages, faults));
            let Some(run) = page.or_else(|| self.next_hole(memory)) else { break };
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
        let Some(run) = hole.or_else(|| self.next_page(memory, pages, faults)) else {
            self.medium_exhausted = true;
            return None;
        };
        retire(memory, faults, std::mem::replace(&mut self.medium_run, run));
        self.medium_run.allocate(size)
    }

    /// The first hole among the next few that `size` fits; those before it are passed over.
    fn next_medium_hole(&mut self, memory: &mut Memory, faults: &Faults, size: Granules) -> Option<Bump> {
        for _ in 0..MEDIUM_TRIES {
            let hole = self.next_hole(memory)?;
            if hole.free() >= size {
                return Some(hole);
            }
            retire(memory, faults, hole);
        }
        None
    }

    /// Walks to the next hole.
    fn next_hole(&mut self, memory: &mut Memory) -> Option<Bump> {
        loop {
            let gaps = self.walked_page()?;
            let Some((start, end)) = gaps.next(memory) else {
                clear_marks(memory, gaps.page);
                self.sweeping = None;
                continue;
            };
            let hole = Bump::new(start, end);
            if self.poison {
                memory.fill(start, hole.free(), poison::HOLE);
            }
            return Some(hole);
        }
    }

    /// The page that is being walked, or the next one.
    fn walked_page(&mut self) -> Option<&mut Gaps> {
        if self.sweeping.is_none() {
            self.sweeping = self.holey.pop_front().map(Gaps::of);
        }
        self.sweeping.as_mut()
    }

    /// A fresh page; if there is none, pages are examined until one is found free.
    fn next_page(&mut self, memory: &mut Memory, pages: &mut Pages, faults: &Faults) -> Option<Bump> {
        let mut page = self.fresh_page(memory, pages);
        while page.is_none() && self.examine_page(memory, pages, faults) {
            page = self.fresh_page(memory, pages);
        }
        page
    }

    fn fresh_page(&mut self, memory: &Memory, pages: &mut Pages) -> Option<Bump> {
        let page = pages.take()?;
        memory.permit(page.start(), Granules(PAGE_GRANULES));
        self.pages.insert(page);
        Some(Bump::new(page.start(), page.end()))
    }

    /// Before a marking: ends the runs and forgets the marks of the last one. From now on objects go to fresh pages.
    ///
    /// Pages that the allocator has not come to need no sweeping first: their dead objects stay unmarked.
    pub(crate) fn prepare_marking(&mut self, memory: &mut Memory, faults: &Faults) {
        self.retire_runs(memory, faults);
        let walked = self.sweeping.take().map(|gaps| gaps.page);
        self.abandoned.extend(self.unexamined.drain(..).chain(self.holey.drain(..)).chain(walked));
        if !faults.make(Fault::StaleMarksKept) {
            self.abandoned.iter().for_each(|page| clear_marks(memory, *page));
        }
        self.marked_bytes = 0;
        self.medium_exhausted = false;
    }

    /// Gives a marking up: everything is white again.
    pub(crate) fn forget_marking(&mut self, memory: &mut Memory) {
        self.pages().for_each(|page| clear_marks(memory, page));
    }

    /// Counts an object that has been marked.
    #[inline(always)]
    pub(crate) fn note_marked(&mut self, size: Granules) {
        self.marked_bytes += size.bytes();
    }

    /// After a marking: what is not marked is free; the bytes of that. All pages wait to be swept.
    pub(crate) fn begin_sweep(&mut self, memory: &mut Memory, faults: &Faults) -> u64 {
        self.retire_runs(memory, faults);
        self.medium_exhausted = false;
        self.abandoned.clear();
        self.unexamined = self.pages.iter().rev().copied().collect();
        let used_before = std::mem::replace(&mut self.used_bytes, self.marked_bytes);
        used_before - self.marked_bytes
    }

    /// After a slide: objects fill the lowest pages as `filled` says. The other pages are given back. Nothing is marked,
    /// nothing waits to be swept.
    pub(crate) fn settle(
        &mut self,
        memory: &mut Memory,
        pages: &mut Pages,
        faults: &Faults,
        filled: &Filled,
    ) {
        self.forget_marking(memory);
        self.abandoned.clear();
        filled.tails.iter().for_each(|tail| retire(memory, faults, *tail));
        if let Some(first) = self.pages.iter().nth(filled.pages).copied() {
            self.pages.split_off(&first).into_iter().for_each(|page| put_back(memory, pages, page));
        }
        (self.run, self.medium_exhausted) = (filled.run, false);
        self.used_bytes = self.marked_bytes;
    }

    /// How many pages wait for a step of sweeping to examine them.
    pub(crate) fn unexamined(&self) -> usize {
        self.unexamined.len()
    }

    /// The pages that wait for the allocator to walk them.
    pub(crate) fn unswept_pages(&self) -> impl Iterator<Item = PageNumber> {
        self.unexamined.iter().chain(&self.holey).copied()
    }

    /// An object of a page that is evacuated has been copied: the `copy` is marked, and was counted before.
    pub(crate) fn note_copied(&mut self, memory: &mut Memory, copy: ObjectRef, size: Granules) {
        MarkBits::mark_all(memory, copy.address(), size);
        self.used_bytes -= size.bytes();
    }

    /// Gives a page back from which everything alive has been moved.
    pub(crate) fn give_back(&mut self, memory: &mut Memory, pages: &mut Pages, page: PageNumber) {
        clear_marks(memory, page);
        self.pages.remove(&page);
        put_back(memory, pages, page);
    }

    /// Bytes of the objects that the marking has found.
    pub(crate) fn marked_bytes(&self) -> u64 {
        self.marked_bytes
    }

    /// A step of sweeping: examines a page and gives it back if nothing in it lives, or closes it if it has next to no
    /// room. False if there was none left.
    pub(crate) fn examine_page(&mut self, memory: &mut Memory, pages: &mut Pages, faults: &Faults) -> bool {
        let Some(page) = self.unexamined.pop() else { return false };
        let live = MarkBits::count(memory, page.start(), Granules(PAGE_GRANULES));
        if live == Granules(0) || faults.make(Fault::LivePageFreed) {
            self.give_back(memory, pages, page);
        } else if live + LEAST_ROOM > Granules(PAGE_GRANULES) {
            close(memory, faults, page);
        } else {
            self.holey.push_back(page);
        }
        true
    }

    fn retire_runs(&mut self, memory: &mut Memory, faults: &Faults) {
        for run in [&mut self.run, &mut self.medium_run] {
            retire(memory, faults, std::mem::replace(run, Bump::EMPTY));
        }
    }
}

fn put_back(memory: &Memory, pages: &mut Pages, page: PageNumber) {
    memory.forbid(page.start(), Granules(PAGE_GRANULES));
    pages.put_back(page);
}

fn clear_marks(memory: &mut Memory, page: PageNumber) {
    MarkBits::clear(memory, page.start(), Granules(PAGE_GRANULES));
}

/// Makes free cells of the holes in a page, so that nothing has to look at it before the next marking.
fn close(memory: &mut Memory, faults: &Faults, page: PageNumber) {
    let mut gaps = Gaps::of(page);
    while let Some((start, end)) = gaps.next(memory) {
        retire(memory, faults, Bump::new(start, end));
    }
    clear_marks(memory, page);
}

/// Ends a bump run: what is left of it becomes a free cell.
fn retire(memory: &mut Memory, faults: &Faults, run: Bump) {
    if run.free() > Granules(0) && !faults.make(Fault::HoleUnmarked) {
        ObjectRef::at(run.top()).set_header(memory, Header::free(run.free()));
    }
}
