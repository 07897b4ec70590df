//! Lists of holes by size.

use super::{Allocator, Memory, PAGE, Scene};

/// Lists for holes of 0, 1, 2 ... granules; the last one is for all larger holes too. Nothing larger is allocated.
const LISTS: usize = 65;
const LARGEST: u32 = LISTS as u32 - 1;
/// The end of a list.
const NIL: u32 = u32::MAX;

/// Allocates from the smallest hole that fits, and puts what is left of it back on a list.
///
/// A free cell holds its size and the next cell of its list, so it takes two granules; a single one is lost.
#[derive(Debug)]
pub struct FittingLists<'s> {
    scene: &'s Scene,
    heads: [u32; LISTS],
    /// A bit for each list that is not empty.
    filled: u128,
    /// The first page that has not been swept.
    unswept: u32,
}

impl<'s> FittingLists<'s> {
    /// An allocator that has not swept anything.
    #[must_use]
    pub fn new(scene: &'s Scene) -> Self {
        FittingLists { scene, heads: [NIL; LISTS], filled: 0, unswept: 0 }
    }

    /// Threads the holes of the next page into lists.
    #[cold]
    fn sweep_page(&mut self, memory: &mut Memory) {
        let (mut next, end) = (self.unswept, (self.unswept + PAGE).min(self.scene.granules()));
        while let Some((start, limit)) = self.scene.marks.next_hole(next, end) {
            self.free(memory, start, limit - start);
            next = limit;
        }
        self.unswept = end;
    }

    /// Puts a free cell on its list.
    #[inline(always)]
    fn free(&mut self, memory: &mut Memory, place: u32, size: u32) {
        if size < 2 {
            return memory.store(place, u64::from(size));
        }
        let list = size.min(LARGEST) as usize;
        memory.store(place, u64::from(size));
        memory.store(place + 1, u64::from(self.heads[list]));
        self.heads[list] = place;
        self.filled |= 1 << list;
    }

    /// Takes a cell from the first list, from that of `size` on, that has one.
    #[inline(always)]
    fn take(&mut self, memory: &Memory, size: u32) -> Option<u32> {
        let filled = self.filled >> size << size;
        if filled == 0 {
            return None;
        }
        let list = filled.trailing_zeros() as usize;
        let place = self.heads[list];
        self.heads[list] = memory.load(place + 1) as u32;
        if self.heads[list] == NIL {
            self.filled &= !(1 << list);
        }
        Some(place)
    }
}

impl Allocator for FittingLists<'_> {
    #[inline(always)]
    fn allocate(&mut self, memory: &mut Memory, size: u32) -> Option<u32> {
        let place = loop {
            if let Some(place) = self.take(memory, size) {
                break place;
            }
            if self.unswept == self.scene.granules() {
                return None;
            }
            self.sweep_page(memory);
        };
        let left = memory.load(place) as u32 - size;
        if left > 0 {
            self.free(memory, place + size, left);
        }
        Some(place)
    }
}
