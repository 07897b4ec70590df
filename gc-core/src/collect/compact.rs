//! Mark-compact: all live objects of old space slide to its low end, in the order of their addresses.
//!
//! ```text
//! before  | a |    | b | c |  ||      | d |   | e     |  ||   | f |       |
//! after   | a | b | c | d | - || e     | f |  ||  given back                |
//!                             tail           boundary
//! ```
//!
//! The marks of the marking just done say where objects are; a table of one address for each *block* of 64 granules says
//! where they go: an object goes to the address of its block plus the marked granules before it in the block. So new
//! places are found without a word in any object, from two tables of 1/64 and 1/128 of the heap (H. Kermany and
//! E. Petrank, "The Compressor", 2006). Two passes over the live objects: the first fills the table, the second updates
//! each object's slots and moves it.
//!
//! Objects do not lie across the ends of pages, so the objects that start in one block stay together, and where they do
//! not fit the rest of a page they go to the next one.
//!
//! Invariants:
//! - No object moves up: where it lies now is one way to place the blocks in order, and the plan is the lowest one. So
//!   moving in order overwrites nothing that has not been moved.
//! - The bits and the table stay as they are until everything has moved.

use super::relocate::Relocation;
use super::remembered::Remembered;
use super::roots::Roots;
use crate::event::Work;
use crate::fault::Fault;
use crate::memory::{Address, Granules, prefetch};
use crate::object::ObjectRef;
use crate::space::{Bump, Filled, MARK_BLOCK, MarkBits, PAGE_GRANULES, PageNumber, Spaces};

/// Blocks in a page.
const BLOCKS: usize = (PAGE_GRANULES / MARK_BLOCK.0) as usize;
/// How far ahead of the object being moved the new places of what objects refer to are fetched: some 10 to 30 objects.
const AHEAD: Granules = Granules(128);
/// In the list of pages: none of old space, or one in which everything stays where it is.
const NO_PAGE: u32 = u32::MAX;

/// Where the objects of old space go.
#[derive(Debug)]
struct Plan {
    /// For each block: where its first object goes, less the marked granules before that one in the block.
    blocks: Vec<Address>,
    /// For each page from the first one on: its place among the pages of old space.
    ranks: Vec<u32>,
    first_page: PageNumber,
}

impl Plan {
    /// The entry of the block of `address`, if that lies in old space.
    #[inline(always)]
    fn entry(&self, address: Address) -> Option<usize> {
        let index = PageNumber::of(address).0.wrapping_sub(self.first_page.0);
        let rank = self.ranks.get(index as usize).filter(|rank| **rank != NO_PAGE)?;
        Some(*rank as usize * BLOCKS + (address.0 % PAGE_GRANULES / MARK_BLOCK.0) as usize)
    }
}

impl Plan {
    /// Fetches what says where the first two objects have gone that the object at `address` refers to; the address of
    /// the next object.
    #[inline(always)]
    fn look_ahead(&self, spaces: &Spaces, address: Address, end: Address) -> Address {
        let memory = &spaces.memory;
        let header = ObjectRef::at(address).header(memory);
        if header.has_usual_slots(1) {
            let pair = memory.load(address + Granules(1));
            self.prefetch(spaces, Address(pair as u32));
            self.prefetch(spaces, Address((pair >> 32) as u32));
        }
        MarkBits::next_marked(memory, address + header.size(), end)
    }

    #[inline(always)]
    fn prefetch(&self, spaces: &Spaces, address: Address) {
        if let Some(entry) = self.entry(address) {
            prefetch(&raw const self.blocks[entry]);
            MarkBits::prefetch(&spaces.memory, address);
        }
    }
}

impl Relocation for Plan {
    #[inline(always)]
    fn new_place(&self, spaces: &Spaces, object: ObjectRef) -> ObjectRef {
        let address = object.address();
        let Some(entry) = self.entry(address) else { return object };
        ObjectRef::at(self.blocks[entry] + MarkBits::count_before(&spaces.memory, address))
    }
}

/// What becomes of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Planned {
    /// All its objects stay where they are, as those before the first hole do: nothing needs to be looked up.
    Stays,
    /// Some go elsewhere.
    Moves,
}

/// The pages that objects slide to, filled from the lowest one on.
struct Target {
    pages: Vec<PageNumber>,
    filled: Filled,
}

impl Target {
    /// Room for the objects of one block.
    fn place(&mut self, size: Granules) -> ObjectRef {
        let filled = &mut self.filled;
        if let Some(place) = filled.run.allocate(size) {
            return place;
        }
        let page = self.pages[filled.pages];
        filled.pages += 1;
        filled.tails.push(std::mem::replace(&mut filled.run, Bump::new(page.start(), page.end())));
        filled.run.allocate(size).expect("what lay in one page fits in one page")
    }
}

/// Slides old space, after a marking of the whole heap and before its marks are cleared.
pub(crate) fn slide(spaces: &mut Spaces, roots: &mut Roots, remembered: &mut Remembered) -> Work {
    let (plan, target) = make_plan(spaces);
    plan.update_tables(spaces, roots, remembered);
    plan.update_young(spaces, |memory, object| MarkBits::is_marked(memory, object.address()));
    update_large(&plan, spaces);
    let work = move_objects(&plan, spaces, &target.pages);
    spaces.old.settle(&mut spaces.memory, &mut spaces.pages, &spaces.faults, &target.filled);
    work
}

fn make_plan(spaces: &Spaces) -> (Plan, Target) {
    let pages: Vec<PageNumber> = spaces.old.pages().collect();
    let (first_page, count) = spaces.pages.range();
    let mut ranks = vec![NO_PAGE; count as usize];
    for (rank, page) in pages.iter().enumerate() {
        ranks[(page.0 - first_page.0) as usize] = rank as u32;
    }
    let blocks = vec![Address(0); pages.len() * BLOCKS];
    let (mut plan, mut target) =
        (Plan { blocks, ranks, first_page }, Target { pages: pages.clone(), filled: Filled::default() });
    for page in pages {
        if plan_page(spaces, &mut plan, &mut target, page) == Planned::Stays {
            plan.ranks[(page.0 - first_page.0) as usize] = NO_PAGE;
        }
    }
    (plan, target)
}

/// Finds room for the blocks of a page.
fn plan_page(spaces: &Spaces, plan: &mut Plan, target: &mut Target, page: PageNumber) -> Planned {
    let mut planned = Planned::Stays;
    let mut next = MarkBits::next_marked(&spaces.memory, page.start(), page.end());
    while next < page.end() {
        let (first, block_end) = (next, Address(next.0 - next.0 % MARK_BLOCK.0) + MARK_BLOCK);
        let (mut size, mut end) = (Granules(0), first);
        while next < block_end.min(page.end()) {
            let object_size = ObjectRef::at(next).header(&spaces.memory).size();
            size += object_size;
            end = next + object_size;
            next = MarkBits::next_marked(&spaces.memory, end, page.end());
        }
        let before = MarkBits::count_before(&spaces.memory, first);
        let entry = plan.entry(first).expect("a page of old space");
        let place = target.place(size).address();
        if place != first || end != first + size {
            planned = Planned::Moves;
        }
        plan.blocks[entry] = Address(place.0.wrapping_sub(before.0));
    }
    planned
}

fn update_large(plan: &Plan, spaces: &mut Spaces) {
    let large: Vec<ObjectRef> = spaces.large.all().map(|large| large.object).collect();
    for object in large {
        if MarkBits::is_marked(&spaces.memory, object.address()) {
            plan.update_object(spaces, object);
        }
    }
}

/// Updates the slots of each object of old space and moves it, in the order of the addresses.
fn move_objects(plan: &Plan, spaces: &mut Spaces, pages: &[PageNumber]) -> Work {
    let mut work = Work::default();
    for page in pages {
        let mut next = MarkBits::next_marked(&spaces.memory, page.start(), page.end());
        let mut ahead = next;
        while next < page.end() {
            // Never far behind: what has moved already overwrites nothing from here on.
            ahead = ahead.max(next);
            while ahead < page.end() && ahead - next < AHEAD {
                ahead = plan.look_ahead(spaces, ahead, page.end());
            }
            let object = ObjectRef::at(next);
            let size = object.header(&spaces.memory).size();
            plan.update_object(spaces, object);
            let place = plan.new_place(spaces, object);
            if place != object && !spaces.faults.make(Fault::SlideSkipped) {
                spaces.memory.slide(next, place.address(), size);
                work.moved_objects += 1;
                work.moved_bytes += size.bytes();
            }
            next = MarkBits::next_marked(&spaces.memory, next + size, page.end());
        }
    }
    work
}
