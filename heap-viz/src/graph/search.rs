//! A depth-first search.

use super::ObjectGraph;

/// The objects that the root reaches, in the order in which a depth-first search meets them. Their places in this order are
/// what the search for dominators numbers them by.
#[derive(Debug)]
pub(super) struct Search {
    /// By place, the number of the object.
    pub(super) order: Vec<u32>,
    /// By number of the object, its place; [`Search::UNREACHED`] of what is not reached.
    pub(super) places: Vec<u32>,
}

impl Search {
    /// The place of what is not reached.
    pub(super) const UNREACHED: u32 = u32::MAX;

    /// Searches `graph`. By place, `parents` becomes the place of the object from which each was met; both it and `cursors`
    /// have room for all objects. The way back from an object leads over `parents`, so that there is no stack, however
    /// deep the graph is.
    pub(super) fn of(graph: &ObjectGraph, parents: &mut [u32], cursors: &mut [u32]) -> Search {
        let len = graph.len() as usize;
        let mut search = Search { order: Vec::with_capacity(len), places: vec![Search::UNREACHED; len] };
        if graph.is_empty() {
            return search;
        }
        search.meet(graph, ObjectGraph::ROOT, cursors);
        let mut at = 0;
        loop {
            let edges_end = graph.edges(search.order[at]).end;
            let cursor = &mut cursors[at];
            if *cursor == edges_end {
                if at == 0 {
                    return search;
                }
                at = parents[at] as usize;
                continue;
            }
            let target = graph.target(*cursor);
            *cursor += 1;
            if search.places[target as usize] == Search::UNREACHED {
                parents[search.order.len()] = at as u32;
                at = search.order.len();
                search.meet(graph, target, cursors);
            }
        }
    }

    fn meet(&mut self, graph: &ObjectGraph, object: u32, cursors: &mut [u32]) {
        let place = self.order.len();
        self.places[object as usize] = place as u32;
        cursors[place] = graph.edges(object).start;
        self.order.push(object);
    }
}
