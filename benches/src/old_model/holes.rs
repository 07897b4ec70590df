//! Bumping through holes.

use super::{Allocator, Memory, PAGE, Scene};

/// Holes below this are passed over.
const SMALLEST_HOLE: u32 = 2;
/// Objects larger than this go to a fresh page rather than pass over a hole: 256 bytes.
const MEDIUM: u32 = 32;

/// Allocates from the start of each hole in turn, and leaves what is left of it once an object does not fit.
#[derive(Debug)]
pub struct Holes<'s> {
    scene: &'s Scene,
    /// The hole being filled.
    top: u32,
    limit: u32,
    /// How far the mark bits have been walked.
    walked: u32,
    /// What is left of the last fresh page, which lies behind old space.
    fresh_top: u32,
    fresh_limit: u32,
}

impl<'s> Holes<'s> {
    /// An allocator that has not swept anything.
    #[must_use]
    pub fn new(scene: &'s Scene) -> Self {
        let fresh = scene.granules();
        Holes { scene, top: 0, limit: 0, walked: 0, fresh_top: fresh, fresh_limit: fresh }
    }

    /// Finds room that the hole being filled does not have.
    #[cold]
    #[inline(never)]
    fn allocate_slow(&mut self, memory: &mut Memory, size: u32) -> Option<u32> {
        if size > MEDIUM {
            return Some(self.allocate_fresh(size));
        }
        while self.next_hole(memory) {
            if let Some(place) = self.bump(size) {
                return Some(place);
            }
        }
        None
    }

    #[inline(always)]
    fn bump(&mut self, size: u32) -> Option<u32> {
        if size > self.limit - self.top {
            return None;
        }
        self.top += size;
        Some(self.top - size)
    }

    fn allocate_fresh(&mut self, size: u32) -> u32 {
        if size > self.fresh_limit - self.fresh_top {
            (self.fresh_top, self.fresh_limit) = (self.fresh_limit, self.fresh_limit + PAGE);
        }
        self.fresh_top += size;
        self.fresh_top - size
    }

    /// Finds the next hole; whether there is one.
    fn next_hole(&mut self, memory: &mut Memory) -> bool {
        self.leave(memory);
        let end = self.scene.granules();
        while let Some((start, limit)) = self.scene.marks.next_hole(self.walked, end) {
            (self.walked, self.top, self.limit) = (limit, start, limit);
            if limit - start >= SMALLEST_HOLE {
                return true;
            }
            self.leave(memory);
        }
        false
    }

    /// Makes what is left of a hole a free cell, so that the heap can be walked.
    fn leave(&mut self, memory: &mut Memory) {
        if self.top < self.limit {
            memory.store(self.top, u64::from(self.limit - self.top));
            self.top = self.limit;
        }
    }
}

impl Allocator for Holes<'_> {
    #[inline(always)]
    fn allocate(&mut self, memory: &mut Memory, size: u32) -> Option<u32> {
        self.bump(size).or_else(|| self.allocate_slow(memory, size))
    }
}
