//! The algorithm of Lengauer and Tarjan: immediate dominators in O(m log n), whatever the graph looks like.
//!
//! T. Lengauer and R. E. Tarjan: *A fast algorithm for finding dominators in a flowgraph* (TOPLAS 1979), in its simple
//! version, with compression of paths and without balancing. Everything is numbered by the places of a depth-first search.
//! Semi-NCA and Cooper-Harvey-Kennedy are as fast on most graphs and need less memory, but on graphs that heaps do have, a
//! list of which all that hangs at its end is reached by a shorter way too, they take the square of the objects: see
//! `benches/src/targets/dominators.rs`.

use super::ObjectGraph;
use super::search::Search;
use bumpalo::Bump;

/// No object.
const NONE: u32 = u32::MAX;

/// By place, the place of the immediate dominator; the root's is its own.
pub(super) fn immediate_dominators(graph: &ObjectGraph) -> (Search, Vec<u32>) {
    let len = graph.len() as usize;
    // Five numbers an object, and the references backwards: all of it is let go at once.
    let bump = Bump::new();
    let parents = bump.alloc_slice_fill_copy(len, 0);
    let buckets = bump.alloc_slice_fill_copy(len, 0);
    let search = Search::of(graph, parents, buckets);
    let reached = search.order.len();
    let backwards = Backwards::of(graph, &search, &bump);
    let identity = |place| place as u32;
    let mut state = State {
        ancestors: &mut parents[..reached],
        labels: bump.alloc_slice_fill_with(reached, identity),
        semi: bump.alloc_slice_fill_with(reached, identity),
        path: Vec::new(),
    };
    let buckets = &mut buckets[..reached];
    buckets.fill(NONE);
    let mut dominators = vec![0; reached];
    for place in (1..reached as u32).rev() {
        state.find_semidominator(place, backwards.of_place(place));
        state.decide_bucket(place, buckets, &mut dominators);
    }
    state.finish(&mut dominators);
    (search, dominators)
}

/// The references of what is reached, by their targets.
struct Backwards<'b> {
    /// By place, where the sources of the next one start; one more than there are places.
    ends: &'b [u32],
    sources: &'b [u32],
}

impl<'b> Backwards<'b> {
    fn of(graph: &ObjectGraph, search: &Search, bump: &'b Bump) -> Self {
        let ends = bump.alloc_slice_fill_copy(search.order.len(), 0);
        let places = |place: usize| {
            graph.targets(search.order[place]).iter().map(|target| search.places[*target as usize] as usize)
        };
        let all = 0..search.order.len();
        all.clone().flat_map(places).for_each(|target| ends[target] += 1);
        let mut total = 0;
        for end in ends.iter_mut() {
            total += std::mem::replace(end, total);
        }
        // Each count has become a start, and grows to be the end while the sources are filled in.
        let sources = bump.alloc_slice_fill_copy(total as usize, 0);
        for place in all {
            for target in places(place) {
                sources[ends[target] as usize] = place as u32;
                ends[target] += 1;
            }
        }
        Backwards { ends, sources }
    }

    fn of_place(&self, place: u32) -> &[u32] {
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.sources[start as usize..self.ends[place as usize] as usize]
    }
}

/// What the algorithm knows, by place. Places from that which it has come to on are linked into a forest.
struct State<'b> {
    /// Of what is linked, an ancestor in the forest; of all else, the parent in the tree of the search.
    ancestors: &'b mut [u32],
    /// What has the least semidominator on the way to the ancestor, it excluded.
    labels: &'b mut [u32],
    /// Semidominators, as far as they are known.
    semi: &'b mut [u32],
    /// A way through the forest, while it is made shorter.
    path: Vec<u32>,
}

impl State<'_> {
    /// The semidominator of a place, from which on all is linked but itself.
    fn find_semidominator(&mut self, place: u32, sources: &[u32]) {
        for source in sources {
            let best = self.best(*source, place + 1);
            self.semi[place as usize] = self.semi[place as usize].min(self.semi[best as usize]);
        }
    }

    /// Puts a place into the bucket of its semidominator, links it, and decides on what waits in the bucket of its parent.
    ///
    /// A bucket is a list: `buckets` has its first place, and `dominators` the next one of each, until that is decided on.
    fn decide_bucket(&mut self, place: u32, buckets: &mut [u32], dominators: &mut [u32]) {
        let bucket = &mut buckets[self.semi[place as usize] as usize];
        dominators[place as usize] = std::mem::replace(bucket, place);
        let parent = self.ancestors[place as usize];
        let mut waiting = std::mem::replace(&mut buckets[parent as usize], NONE);
        while waiting != NONE {
            let best = self.best(waiting, place);
            let is_better = self.semi[best as usize] < self.semi[waiting as usize];
            let dominator = if is_better { best } else { parent };
            waiting = std::mem::replace(&mut dominators[waiting as usize], dominator);
        }
    }

    /// What has the least semidominator on the way from a place to the root of its tree in the forest, where all places from
    /// `linked_from` on are linked.
    fn best(&mut self, place: u32, linked_from: u32) -> u32 {
        if place < linked_from {
            return place;
        }
        let mut top = place;
        while self.ancestors[top as usize] >= linked_from {
            self.path.push(top);
            top = self.ancestors[top as usize];
        }
        while let Some(below) = self.path.pop() {
            let above = self.ancestors[below as usize];
            let (own, other) = (self.labels[below as usize], self.labels[above as usize]);
            if self.semi[other as usize] < self.semi[own as usize] {
                self.labels[below as usize] = other;
            }
            self.ancestors[below as usize] = self.ancestors[above as usize];
        }
        self.labels[place as usize]
    }

    /// What was decided to have the dominator of another place has that.
    fn finish(&self, dominators: &mut [u32]) {
        for place in 1..dominators.len() {
            if dominators[place] != self.semi[place] {
                dominators[place] = dominators[dominators[place] as usize];
            }
        }
    }
}
