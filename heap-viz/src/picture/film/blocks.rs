//! A block map: each page as a tile of blocks, each block by what takes most of it.

use super::super::PAGE_BYTES;
use super::super::look::Look;
use gc_core::map::{Area, AreaKind, Content, HeapCell};
use serde::Serialize;
use std::cmp::Reverse;
use std::fmt::Write;

/// Blocks that a page is divided into, unless there are many pages: 8 by 8, of 4 KiB each.
const MOST_BLOCKS: u64 = 64;
/// Blocks in all: more could not be told apart on a screen.
const MOST_BLOCKS_IN_ALL: u64 = 1 << 15;
/// How full a page is, in twentieths, is told by a letter.
const FULL: u64 = 20;
const LOOKS: usize = Look::ALL.len();

/// What a heap looks like from afar, run-length encoded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Blocks {
    /// Blocks in a page.
    per_page: u64,
    /// Runs of pages that are used for the same: number of the first, count, and what for, by its place in [`KINDS`].
    pages: Vec<(u64, u64, usize)>,
    /// What each block looks like, by its letter, which stands for several if a number follows.
    looks: String,
    /// How full each page is, from `A` to `U`, in the same way.
    fill: String,
    /// Runs of pages in which objects of one type take most: its number, and how many pages.
    types: Vec<(Option<u32>, u64)>,
}

/// What pages are used for, as the player names them.
pub(super) const KINDS: [(AreaKind, &str); 5] = [
    (AreaKind::ActiveSemispace, "new space, in use"),
    (AreaKind::IdleSemispace, "new space, idle"),
    (AreaKind::OldPage, "old space"),
    (AreaKind::YoungLarge, "large object, young"),
    (AreaKind::OldLarge, "large object"),
];

/// A block map that is being made.
#[derive(Debug)]
pub(super) struct BlockSurvey {
    block_bytes: u64,
    blocks: Blocks,
    looks: Letters,
    fill: Letters,
}

impl BlockSurvey {
    /// A survey of a heap of this size.
    pub(super) fn new(heap_bytes: u64) -> Self {
        let pages = heap_bytes.div_ceil(PAGE_BYTES).max(1);
        let mut per_page = MOST_BLOCKS;
        while per_page > 1 && pages * per_page > MOST_BLOCKS_IN_ALL {
            per_page /= 4;
        }
        let blocks = Blocks { per_page, ..Blocks::default() };
        BlockSurvey {
            block_bytes: PAGE_BYTES / per_page,
            blocks,
            looks: Letters::default(),
            fill: Letters::default(),
        }
    }

    /// Adds an area.
    pub(super) fn add(&mut self, area: &Area) {
        let pages = area.size_bytes / PAGE_BYTES;
        let mut ballot = Ballot::new(self.block_bytes, pages);
        area.cells.iter().for_each(|cell| ballot.count(area, cell));
        ballot.blocks.iter().for_each(|votes| self.looks.push(winner(votes, self.block_bytes).letter()));
        for page in &ballot.pages {
            self.fill.push((b'A' + (page.used_bytes * FULL / PAGE_BYTES) as u8) as char);
            self.add_type(page.main_type());
        }
        self.add_pages(area.start.0 / PAGE_BYTES, pages, area.kind);
    }

    fn add_type(&mut self, type_index: Option<u32>) {
        match self.blocks.types.last_mut() {
            Some((last, count)) if *last == type_index => *count += 1,
            _ => self.blocks.types.push((type_index, 1)),
        }
    }

    fn add_pages(&mut self, first: u64, pages: u64, kind: AreaKind) {
        let kind = KINDS.iter().position(|(one, _)| *one == kind).expect("the list is complete");
        match self.blocks.pages.last_mut() {
            Some((start, count, same)) if *same == kind && *start + *count == first => *count += pages,
            _ => self.blocks.pages.push((first, pages, kind)),
        }
    }

    /// The map.
    pub(super) fn end(self) -> Blocks {
        Blocks { looks: self.looks.end(), fill: self.fill.end(), ..self.blocks }
    }
}

/// How many bytes of each look there are.
type Votes = [u64; LOOKS];

/// What each block and page of an area holds.
struct Ballot {
    block_bytes: u64,
    blocks: Vec<Votes>,
    pages: Vec<PageContent>,
}

/// What a page holds.
#[derive(Clone, Default)]
struct PageContent {
    used_bytes: u64,
    bytes_by_type: Vec<u64>,
}

impl Ballot {
    fn new(block_bytes: u64, pages: u64) -> Self {
        let blocks = vec![[0; LOOKS]; (pages * PAGE_BYTES / block_bytes) as usize];
        Ballot { block_bytes, blocks, pages: vec![PageContent::default(); pages as usize] }
    }

    fn count(&mut self, area: &Area, cell: &HeapCell) {
        let look = Look::of(area.kind, &cell.content) as usize;
        let start = cell.start.0 - area.start.0;
        let end = start + cell.size_bytes;
        for (block, bytes) in parts(start, end, self.block_bytes) {
            self.blocks[block][look] += bytes;
        }
        if let Some(type_index) = type_index(&cell.content) {
            parts(start, end, PAGE_BYTES).for_each(|(page, bytes)| self.pages[page].add(type_index, bytes));
        }
    }
}

impl PageContent {
    fn add(&mut self, type_index: u32, bytes: u64) {
        let index = type_index as usize;
        if self.bytes_by_type.len() <= index {
            self.bytes_by_type.resize(index + 1, 0);
        }
        self.bytes_by_type[index] += bytes;
        self.used_bytes += bytes;
    }

    /// The type whose objects take most; the first, if several take as much.
    fn main_type(&self) -> Option<u32> {
        let types = self.bytes_by_type.iter().zip(0..).filter(|(bytes, _)| **bytes > 0);
        types.max_by_key(|(bytes, index)| (**bytes, Reverse(*index))).map(|(_, index)| index)
    }
}

fn type_index(content: &Content) -> Option<u32> {
    match content {
        Content::Free => None,
        Content::Dead { type_index } => Some(*type_index),
        Content::Object(object) => Some(object.type_index),
    }
}

/// How many bytes from `start` to `end` fall into each unit of `unit_bytes`, a power of two, by its number.
fn parts(start: u64, end: u64, unit_bytes: u64) -> impl Iterator<Item = (usize, u64)> {
    // There are many cells, and to divide takes long.
    let shift = unit_bytes.trailing_zeros();
    let units = start >> shift..(end + unit_bytes - 1) >> shift;
    units.map(move |unit| {
        let bytes = end.min((unit + 1) * unit_bytes) - start.max(unit * unit_bytes);
        (unit as usize, bytes)
    })
}

/// What takes most of a block; what no cell takes is free.
fn winner(votes: &Votes, block_bytes: u64) -> Look {
    let unused = block_bytes.saturating_sub(votes.iter().sum());
    let bytes = |look: &Look| votes[*look as usize] + if *look == Look::Free { unused } else { 0 };
    Look::ALL.into_iter().max_by_key(bytes).expect("there are looks")
}

/// Letters, run-length encoded.
#[derive(Debug, Default)]
struct Letters {
    text: String,
    last: Option<(char, u64)>,
}

impl Letters {
    fn push(&mut self, letter: char) {
        match &mut self.last {
            Some((last, count)) if *last == letter => *count += 1,
            _ => {
                self.flush();
                self.last = Some((letter, 1));
            }
        }
    }

    fn flush(&mut self) {
        let Some((letter, count)) = self.last.take() else { return };
        self.text.push(letter);
        if count > 1 {
            write!(self.text, "{count}").expect("a string can always be written to");
        }
    }

    fn end(mut self) -> String {
        self.flush();
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::{Area, AreaKind, BlockSurvey, Blocks, Content, HeapCell, PAGE_BYTES};
    use gc_core::map::{Inhabitant, Place};

    fn object(start: u64, size_bytes: u64, type_index: u32) -> HeapCell {
        let object = Inhabitant { type_index, age: 0, colour: None, is_remembered: false };
        HeapCell { start: Place(start), size_bytes, content: Content::Object(object) }
    }

    fn old_page(number: u64, cells: Vec<HeapCell>) -> Area {
        Area {
            kind: AreaKind::OldPage,
            start: Place(number * PAGE_BYTES),
            size_bytes: PAGE_BYTES,
            is_chosen: false,
            cells,
        }
    }

    fn blocks(heap_bytes: u64, areas: &[Area]) -> Blocks {
        let mut survey = BlockSurvey::new(heap_bytes);
        areas.iter().for_each(|area| survey.add(area));
        survey.end()
    }

    #[test]
    fn a_block_looks_like_what_takes_most_of_it() {
        let start = 4 * PAGE_BYTES;
        let cells = vec![object(start, 7_000, 2), object(start + 7_000, 10_000, 1)];
        let blocks = blocks(PAGE_BYTES, &[old_page(4, cells), old_page(5, vec![])]);
        // 17,000 bytes are four blocks and a little; the second page is empty, and follows the first.
        assert_eq!(blocks.looks, "o4.124");
        assert_eq!((blocks.pages, blocks.fill), (vec![(4, 2, 2)], "BA".to_string()));
        assert_eq!(blocks.types, [(Some(1), 1), (None, 1)]);
    }

    #[test]
    fn large_heaps_have_larger_blocks() {
        let of_heap = |pages: u64| blocks(pages * PAGE_BYTES, &[old_page(0, vec![])]).looks;
        assert_eq!([10, 1_000, 3_000, 100_000].map(of_heap), [".64", ".16", ".4", "."]);
    }
}
