//! Bumping through holes.

use super::{Allocator, Memory, PAGE, Scene};

/// Holes below this are passed over.
const SMALLEST_HOLE: u32 = 2;
/// Objects larger than this have a run of their own: 256 bytes.
const MEDIUM: u32 = 32;
/// Holes that a medium object passes over, if they are too small, before it is given a fresh page.
const MEDIUM_TRIES: usize = 16;

/// Free memory that is handed out from its start: a hole, or a fresh page.
#[derive(Clone, Copy, Debug, Default)]
struct Run {
    top: u32,
    limit: u32,
}

impl Run {
    fn free(self) -> u32 {
        self.limit - self.top
    }

    #[inline(always)]
    fn allocate(&mut self, size: u32) -> Option<u32> {
        if size > self.free() {
            return None;
        }
        self.top += size;
        Some(self.top - size)
    }

    /// Makes what is left a free cell, so that the heap can be walked.
    fn leave(self, memory: &mut Memory) {
        if self.free() > 0 {
            memory.store(self.top, u64::from(self.free()));
        }
    }
}

/// Allocates from the start of each hole in turn, and leaves what is left of it once an object does not fit.
#[derive(Debug)]
pub struct Holes<'s> {
    scene: &'s Scene,
    run: Run,
    medium_run: Run,
    /// How far the mark bits have been walked.
    walked: u32,
    /// The first fresh page, which lies behind old space.
    fresh: u32,
}

impl<'s> Holes<'s> {
    /// An allocator that has not swept anything.
    #[must_use]
    pub fn new(scene: &'s Scene) -> Self {
        let (run, medium_run) = (Run::default(), Run::default());
        Holes { scene, run, medium_run, walked: 0, fresh: scene.granules() }
    }

    /// Finds room that the run at hand does not have.
    #[cold]
    #[inline(never)]
    fn allocate_slow(&mut self, memory: &mut Memory, size: u32) -> Option<u32> {
        if size > MEDIUM {
            return self.allocate_medium(memory, size);
        }
        while let Some(hole) = self.next_hole(memory) {
            std::mem::replace(&mut self.run, hole).leave(memory);
            if let Some(place) = self.run.allocate(size) {
                return Some(place);
            }
        }
        None
    }

    fn allocate_medium(&mut self, memory: &mut Memory, size: u32) -> Option<u32> {
        if let Some(place) = self.medium_run.allocate(size) {
            return Some(place);
        }
        let run = self.next_medium_hole(memory, size).unwrap_or_else(|| self.fresh_page());
        std::mem::replace(&mut self.medium_run, run).leave(memory);
        self.medium_run.allocate(size)
    }

    /// The first hole among the next few that `size` fits.
    fn next_medium_hole(&mut self, memory: &mut Memory, size: u32) -> Option<Run> {
        for _ in 0..MEDIUM_TRIES {
            let hole = self.next_hole(memory)?;
            if hole.free() >= size {
                return Some(hole);
            }
            hole.leave(memory);
        }
        None
    }

    /// Walks to the next hole that is worth taking.
    fn next_hole(&mut self, memory: &mut Memory) -> Option<Run> {
        while let Some((top, limit)) = self.scene.marks.next_hole(self.walked, self.scene.granules()) {
            self.walked = limit;
            let hole = Run { top, limit };
            if hole.free() >= SMALLEST_HOLE {
                return Some(hole);
            }
            hole.leave(memory);
        }
        None
    }

    fn fresh_page(&mut self) -> Run {
        let top = self.fresh;
        self.fresh += PAGE;
        Run { top, limit: self.fresh }
    }
}

impl Allocator for Holes<'_> {
    #[inline(always)]
    fn allocate(&mut self, memory: &mut Memory, size: u32) -> Option<u32> {
        self.run.allocate(size).or_else(|| self.allocate_slow(memory, size))
    }
}
