//! What happens to a snapshot once it is there.

use super::SnapshotHeap;
use super::build::{self, Maker};
use crate::Random;
use crate::graph::{HeapGraph, Reach, Step};
use gc_core::{Heap, HeapFull, Local};

/// How far from the root an object may be that is looked for.
const MAX_DEPTH: usize = 64;

/// One allocation: a copy of the object that is reached at `place`.
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
pub(super) struct Plan<'g> {
    /// The places of objects that can be copied, and of those that can be replaced too.
    near: Vec<u32>,
    replaceable: Vec<u32>,
    kept_percent: u32,
    left: u64,
    random: Random,
    reach: &'g Reach,
}

impl<'g> Plan<'g> {
    pub(super) fn new(of: &SnapshotHeap, graph: &HeapGraph, reach: &'g Reach) -> Self {
        let near = near_places(reach);
        let references = references_to(graph, reach);
        let is_replaceable = |place: &u32| {
            let number = reach.order()[*place as usize];
            number != HeapGraph::ROOT && references[number as usize] == 1
        };
        let replaceable = near.iter().copied().filter(is_replaceable).collect();
        let (kept_percent, left, random) = (of.kept_percent, of.allocations, Random::new(of.seed));
        Plan { near, replaceable, kept_percent, left, random, reach }
    }

    /// What each object is filled with in the end, by its place.
    pub(super) fn contents(self) -> Vec<u64> {
        let mut contents: Vec<_> = (0..self.reach.order().len() as u32).map(build::content_of).collect();
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

impl Iterator for Plan<'_> {
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

/// The places of all objects that are not too far away: the root's is one.
fn near_places(reach: &Reach) -> Vec<u32> {
    let mut depths = vec![0_u32; reach.order().len()];
    let places = reach.places();
    for (place, number) in reach.order().iter().enumerate() {
        if let Some(step) = reach.found_by(*number) {
            depths[place] = depths[places[step.from as usize] as usize] + 1;
        }
    }
    (0..).zip(depths).filter(|(_, depth)| *depth as usize <= MAX_DEPTH).map(|(place, _)| place).collect()
}

/// For each object, how many references lead to it, from what is reached.
fn references_to(graph: &HeapGraph, reach: &Reach) -> Vec<u32> {
    let mut counts = vec![0_u32; graph.len() as usize];
    for number in reach.order() {
        graph.targets(*number).iter().for_each(|target| counts[*target as usize] += 1);
    }
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
        let number = self.maker.reach.order()[place as usize];
        let slot = self.walk_to(heap, number);
        let copy = self.maker.make(heap, place, content)?;
        let references = self.maker.graph.targets(number).len() as u32;
        heap.copy_slots(self.original, 0..references, copy, 0);
        if let (Fate::Replaces, Some(slot)) = (fate, slot) {
            heap.store(self.holder, slot, Some(copy));
        }
        Ok(())
    }

    /// Makes `original` refer to an object, and `holder` to the one before it, whose slot is given; the root has none.
    fn walk_to(&mut self, heap: &mut Heap, number: u32) -> Option<u32> {
        let steps = std::iter::successors(self.maker.reach.found_by(number), |step| {
            self.maker.reach.found_by(step.from)
        });
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
