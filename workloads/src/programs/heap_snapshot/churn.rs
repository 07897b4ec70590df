//! What happens to a snapshot once it is there.

use super::SnapshotHeap;
use super::build::{self, Maker};
use crate::Random;
use crate::graph::{Placement, Step};
use gc_core::{Heap, HeapFull, Local};

/// How far from the root an object may be that is looked for.
const MAX_DEPTH: usize = 64;

/// One allocation: a copy of the object at `place`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Copy {
    pub(super) place: u32,
    pub(super) content: u64,
    pub(super) fate: Fate,
}

/// What becomes of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It dies.
    Dies,
    /// It takes the place of what it is a copy of.
    Replaces,
}

/// The allocations of a run, the same every time.
pub(super) struct Plan {
    /// The places of objects that can be copied, and of those that can be replaced too.
    near: Vec<u32>,
    replaceable: Vec<u32>,
    kept_percent: u32,
    left: u64,
    random: Random,
}

impl Plan {
    pub(super) fn new(of: &SnapshotHeap, objects: &Placement) -> Self {
        let near = near_places(objects);
        let references = references_to(objects);
        let is_replaceable = |place: &u32| *place > 0 && references[*place as usize] == 1;
        let replaceable = near.iter().copied().filter(is_replaceable).collect();
        let (kept_percent, left, random) = (of.kept_percent, of.allocations, Random::new(of.seed));
        Plan { near, replaceable, kept_percent, left, random }
    }

    /// What each of so many objects is filled with in the end.
    pub(super) fn contents(self, objects: u32) -> Vec<u64> {
        let mut contents: Vec<_> = (0..objects).map(build::content_of).collect();
        for copy in self.filter(|copy| copy.fate == Fate::Replaces) {
            contents[copy.place as usize] = copy.content;
        }
        contents
    }

    fn draw(&mut self, of: fn(&Self) -> &Vec<u32>) -> u32 {
        let index = self.random.below(of(self).len() as u32);
        of(self)[index as usize]
    }
}

impl Iterator for Plan {
    type Item = Copy;

    fn next(&mut self) -> Option<Copy> {
        self.left = self.left.checked_sub(1)?;
        let is_kept = self.random.chance(self.kept_percent) && !self.replaceable.is_empty();
        let (place, fate) = match is_kept {
            true => (self.draw(|plan| &plan.replaceable), Fate::Replaces),
            false => (self.draw(|plan| &plan.near), Fate::Dies),
        };
        Some(Copy { place, content: self.random.number(), fate })
    }
}

/// The places of all objects that are not too far away: the root's is one. Each is found by one that comes before it.
fn near_places(objects: &Placement) -> Vec<u32> {
    let mut depths: Vec<usize> = Vec::with_capacity(objects.len() as usize);
    for place in 0..objects.len() {
        depths.push(objects.found_by(place).map_or(0, |step| depths[step.from as usize] + 1));
    }
    (0..).zip(depths).filter(|(_, depth)| *depth <= MAX_DEPTH).map(|(place, _)| place).collect()
}

/// For each object, how many references lead to it.
fn references_to(objects: &Placement) -> Vec<u32> {
    let mut counts = vec![0_u32; objects.len() as usize];
    (0..objects.len()).flat_map(|place| objects.targets(place)).for_each(|to| counts[to as usize] += 1);
    counts
}

/// Makes the allocations.
pub(super) struct Churn<'m, 'g> {
    maker: &'m Maker<'g>,
    root: Local,
    /// What is walked with.
    holder: Local,
    original: Local,
    path: Vec<Step>,
}

impl<'m, 'g> Churn<'m, 'g> {
    pub(super) fn new(maker: &'m Maker<'g>, root: Local, heap: &mut Heap) -> Self {
        let (holder, original) = (heap.duplicate(root), heap.duplicate(root));
        Churn { maker, root, holder, original, path: Vec::with_capacity(MAX_DEPTH) }
    }

    pub(super) fn make(
        &mut self,
        heap: &mut Heap,
        Copy { place, content, fate }: Copy,
    ) -> Result<(), HeapFull> {
        let slot = self.walk_to(heap, place);
        let copy = self.maker.make(heap, place, content)?;
        let references = self.maker.objects.body(place).slots;
        heap.copy_slots(self.original, 0..references, copy, 0);
        if let (Fate::Replaces, Some(slot)) = (fate, slot) {
            heap.store(self.holder, slot, Some(copy));
        }
        Ok(())
    }

    /// Makes `original` refer to the object at a place, and `holder` to the one before it, whose slot is given; the
    /// root has none.
    fn walk_to(&mut self, heap: &mut Heap, place: u32) -> Option<u32> {
        let objects = self.maker.objects;
        let steps = std::iter::successors(objects.found_by(place), |step| objects.found_by(step.from));
        self.path.clear();
        self.path.extend(steps);
        heap.assign(self.original, self.root);
        for step in self.path.iter().rev() {
            heap.assign(self.holder, self.original);
            heap.advance(self.original, self.holder, step.slot);
        }
        self.path.first().map(|step| step.slot)
    }
}
