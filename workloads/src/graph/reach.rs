//! What the root of a graph reaches.

use super::HeapGraph;

/// The objects that the root reaches, breadth first. Their places in this order are what they are numbered by here.
#[derive(Clone, Debug)]
pub(super) struct Reach {
    /// The number in the graph of each object that is reached, the root first.
    pub(super) order: Vec<u32>,
    /// For each object of the graph its place; of those that are not reached, none.
    pub(super) places: Vec<Option<Place>>,
    /// For each object that is reached the reference that it was found by: none for the root.
    pub(super) found_by: Vec<Option<Step>>,
}

/// A place in the order, so kept that none takes no more than one.
pub(super) type Place = std::num::NonZeroU32;

/// One reference of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The place of the object that has it.
    pub from: u32,
    /// Which of its references it is.
    pub slot: u32,
}

impl Reach {
    pub(super) fn of(graph: &HeapGraph) -> Self {
        let places = vec![None; graph.len() as usize];
        let mut reach = Reach { order: Vec::new(), places, found_by: Vec::new() };
        if !graph.is_empty() {
            reach.add(HeapGraph::ROOT, None);
        }
        let mut next = 0;
        while let Some(&number) = reach.order.get(next) {
            for (slot, &target) in (0..).zip(graph.targets(number)) {
                if reach.places[target as usize].is_none() {
                    reach.add(target, Some(Step { from: next as u32, slot }));
                }
            }
            next += 1;
        }
        reach
    }

    fn add(&mut self, number: u32, found_by: Option<Step>) {
        self.order.push(number);
        self.found_by.push(found_by);
        self.places[number as usize] = Place::new(self.order.len() as u32);
    }

    /// The place of an object that is reached.
    pub(super) fn place(&self, number: u32) -> u32 {
        self.places[number as usize].map_or(0, |after| after.get() - 1)
    }
}
