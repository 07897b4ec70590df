//! What the root of a graph reaches.

use super::HeapGraph;

/// The objects that the root reaches, breadth first, and a shortest way to each.
#[derive(Clone, Debug)]
pub struct Reach {
    order: Vec<u32>,
    /// For each object of the graph the reference that it was found by; the root has none, nor has what is not reached.
    found_by: Vec<Option<Step>>,
}

/// One reference of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The object that has it.
    pub from: u32,
    /// Its place among the references of that object.
    pub slot: u32,
}

impl Reach {
    /// What the root of `graph` reaches.
    #[must_use]
    pub fn of(graph: &HeapGraph) -> Self {
        let mut reach = Reach { order: Vec::new(), found_by: vec![None; graph.len() as usize] };
        reach.order.extend((!graph.is_empty()).then_some(HeapGraph::ROOT));
        let mut next = 0;
        while let Some(&from) = reach.order.get(next) {
            next += 1;
            reach.scan(graph, from);
        }
        reach
    }

    fn scan(&mut self, graph: &HeapGraph, from: u32) {
        for (slot, &target) in (0..).zip(graph.targets(from)) {
            let found_by = &mut self.found_by[target as usize];
            if target != HeapGraph::ROOT && found_by.is_none() {
                *found_by = Some(Step { from, slot });
                self.order.push(target);
            }
        }
    }

    /// The objects that are reached, the root first.
    #[must_use]
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// For each object of the graph its place in the order; of those that are not reached, 0.
    #[must_use]
    pub fn places(&self) -> Vec<u32> {
        let mut places = vec![0; self.found_by.len()];
        for (place, number) in (0..).zip(&self.order) {
            places[*number as usize] = place;
        }
        places
    }

    /// The reference by which an object was found; none for the root, and for what is not reached.
    #[must_use]
    pub fn found_by(&self, number: u32) -> Option<Step> {
        self.found_by[number as usize]
    }

    /// Whether an object is reached.
    #[must_use]
    pub fn contains(&self, number: u32) -> bool {
        number == HeapGraph::ROOT || self.found_by(number).is_some()
    }
}
