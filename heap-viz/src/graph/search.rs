//! A depth-first search.

use super::ObjectGraph;

/// The objects that the root reaches, in the order in which a depth-first search meets them. Their places in this order are
/// what the search for dominators numbers them by.
#[derive(Debug)]
pub(super) struct Search {
    /// By place, the number of the object.
    pub(super) order: Vec<u32>,
    /// By number of the object, what the search knows of it.
    pub(super) met: Vec<Met>,
}

/// What a search knows of an object, side by side: in a large graph it is the way to memory that takes the time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Met {
    /// Its place; [`Search::UNREACHED`] if it is not reached.
    pub(super) place: u32,
    /// How many references lead to it from what is reached; for who turns references around, where they end.
    pub(super) references: u32,
}

impl Search {
    /// The place of what is not reached.
    pub(super) const UNREACHED: u32 = u32::MAX;

    /// Searches `graph`. By place, `parents` becomes the place of the object from which each was met; both it and `cursors`
    /// have room for all objects. The way back from an object leads over `parents`, so that there is no stack, however
    /// deep the graph is.
    pub(super) fn of(graph: &ObjectGraph, parents: &mut [u32], cursors: &mut [u32]) -> Search {
        let len = graph.len() as usize;
        let unmet = Met { place: Search::UNREACHED, references: 0 };
        let mut search = Search { order: Vec::with_capacity(len), met: vec![unmet; len] };
        if graph.is_empty() {
            return search;
        }
        search.meet(graph, ObjectGraph::ROOT, cursors);
        let (mut at, mut edges_end) = (0, graph.edges(ObjectGraph::ROOT).end);
        loop {
            if cursors[at] == edges_end {
                if at == 0 {
                    return search;
                }
                at = parents[at] as usize;
                edges_end = graph.edges(search.order[at]).end;
                continue;
            }
            let target = graph.target(cursors[at]);
            cursors[at] += 1;
            let met = &mut search.met[target as usize];
            met.references += 1;
            if met.place == Search::UNREACHED {
                parents[search.order.len()] = at as u32;
                at = search.order.len();
                edges_end = search.meet(graph, target, cursors);
            }
        }
    }

    /// Gives an object the next place; where its references end.
    fn meet(&mut self, graph: &ObjectGraph, object: u32, cursors: &mut [u32]) -> u32 {
        let (place, edges) = (self.order.len(), graph.edges(object));
        self.met[object as usize].place = place as u32;
        cursors[place] = edges.start;
        self.order.push(object);
        edges.end
    }
}
