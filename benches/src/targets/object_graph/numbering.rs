//! What the algorithms that were not chosen start from.

use heap_viz::graph::ObjectGraph;

/// The objects in the order in which a depth-first search meets them, all of which are numbered by their places in it.
pub(super) struct Numbering {
    /// By place, the place of the object from which it was met.
    pub(super) parents: Vec<u32>,
    /// The places in the order in which the search has left them.
    pub(super) left: Vec<u32>,
    /// By place, where the sources of the next one start.
    ends: Vec<u32>,
    sources: Vec<u32>,
}

const UNREACHED: u32 = u32::MAX;

impl Numbering {
    pub(super) fn of(graph: &ObjectGraph) -> Numbering {
        let mut places = vec![UNREACHED; graph.len() as usize];
        let (mut order, mut parents, mut left) = (vec![0], vec![0], Vec::new());
        places[0] = 0;
        let mut path = vec![(0_u32, graph.edges(0).start)];
        while let Some((place, cursor)) = path.last_mut() {
            if *cursor == graph.edges(order[*place as usize]).end {
                left.push(*place);
                path.pop();
                continue;
            }
            let target = graph.target(*cursor);
            *cursor += 1;
            if places[target as usize] == UNREACHED {
                parents.push(*place);
                places[target as usize] = order.len() as u32;
                path.push((order.len() as u32, graph.edges(target).start));
                order.push(target);
            }
        }
        let (ends, sources) = backwards(graph, &order, &places);
        Numbering { parents, left, ends, sources }
    }

    pub(super) fn len(&self) -> usize {
        self.parents.len()
    }

    pub(super) fn sources(&self, place: usize) -> &[u32] {
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.sources[start as usize..self.ends[place] as usize]
    }
}

fn backwards(graph: &ObjectGraph, order: &[u32], places: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let targets = |place: usize| graph.targets(order[place]).iter().map(|it| places[*it as usize] as usize);
    let mut ends = vec![0; order.len()];
    (0..order.len()).flat_map(targets).for_each(|target| ends[target] += 1);
    let mut total = 0;
    for end in &mut ends {
        total += std::mem::replace(end, total);
    }
    let mut sources = vec![0; total as usize];
    for place in 0..order.len() {
        for target in targets(place) {
            sources[ends[target] as usize] = place as u32;
            ends[target] += 1;
        }
    }
    (ends, sources)
}
