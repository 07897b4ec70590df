//! Why an object is alive.

use super::{EdgeName, ObjectGraph};
use std::collections::VecDeque;

/// A shortest way from the root to an object: the references that keep it alive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RootPath<'g> {
    /// Its references, that of the root first; empty for the root itself.
    pub steps: Vec<Step<'g>>,
}

/// A reference on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step<'g> {
    /// What it is called.
    pub name: EdgeName<'g>,
    /// The object that it leads to.
    pub to: u32,
}

/// The reference that nothing is found by.
const NONE: u32 = u32::MAX;

impl<'g> RootPath<'g> {
    /// The way to an object; none if the root does not reach it. Of several shortest ones it is that which is found first
    /// if references are followed in their order.
    ///
    /// # Panics
    /// If there is no such object.
    #[must_use]
    pub fn to(graph: &'g ObjectGraph, object: u32) -> Option<RootPath<'g>> {
        assert!(object < graph.len(), "there is no object {object}");
        let mut found_by = vec![NONE; graph.len() as usize];
        let mut queue = VecDeque::from([ObjectGraph::ROOT]);
        while found_by[object as usize] == NONE && object != ObjectGraph::ROOT {
            let from = queue.pop_front()?;
            for edge in graph.edges(from) {
                let to = graph.target(edge);
                if to != ObjectGraph::ROOT && found_by[to as usize] == NONE {
                    found_by[to as usize] = edge;
                    queue.push_back(to);
                }
            }
        }
        Some(RootPath { steps: steps(graph, &found_by, object) })
    }

    /// What people read of a long way, which is mostly the same again and again: so many first steps, how many are left out,
    /// and so many last steps. What is short enough is all among the first.
    #[must_use]
    pub fn ends(&self, first: usize, last: usize) -> (&[Step<'g>], usize, &[Step<'g>]) {
        let len = self.steps.len();
        // To leave one out saves nothing.
        if len <= first + last + 1 {
            return (&self.steps, 0, &[]);
        }
        (&self.steps[..first], len - first - last, &self.steps[len - last..])
    }
}

/// The way back from an object, turned around.
fn steps<'g>(graph: &'g ObjectGraph, found_by: &[u32], object: u32) -> Vec<Step<'g>> {
    let mut steps = Vec::new();
    let mut at = object;
    while at != ObjectGraph::ROOT {
        let edge = found_by[at as usize];
        steps.push(Step { name: graph.edge_name(edge), to: at });
        at = graph.source(edge);
    }
    steps.reverse();
    steps
}
