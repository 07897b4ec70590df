//! The algorithm of Lengauer and Tarjan: immediate dominators in O(m log n), whatever the graph looks like.
//!
//! T. Lengauer and R. E. Tarjan: *A fast algorithm for finding dominators in a flowgraph* (TOPLAS 1979), in its simple
//! version, with compression of paths and without balancing. Everything is numbered by the places of a depth-first search.
//! Semi-NCA and Cooper-Harvey-Kennedy are as fast on most graphs and need less memory, but on graphs that heaps do have, a
//! list of which all that hangs at its end is reached by a shorter way too, they take the square of the objects: see
//! `benches/src/targets/object_graph.rs`.

use super::ObjectGraph;
use super::search::Search;
use bumpalo::Bump;

/// No object.
const NONE: u32 = u32::MAX;

/// By place, the place of the immediate dominator; the root's is its own.
pub(super) fn immediate_dominators(graph: &ObjectGraph) -> (Search, Vec<u32>) {
    let len = graph.len() as usize;
    // What is needed for as long as this takes: all of it is let go at once.
    let bump = Bump::new();
    let parents = bump.alloc_slice_fill_copy(len, 0);
    let buckets = bump.alloc_slice_fill_copy(len, 0);
    let mut search = Search::of(graph, parents, buckets);
    let sources = turned_around(graph, &mut search, &bump);
    let reached = search.order.len();
    let mut forest = Forest {
        links: bump.alloc_slice_fill_with(reached, |place| Link::new(place as u32, parents[place])),
        path: Vec::new(),
    };
    let buckets = &mut buckets[..reached];
    buckets.fill(NONE);
    let mut dominators = vec![0; reached];
    for place in (1..reached as u32).rev() {
        forest.find_semidominator(place, sources_of(search.order[place as usize], &search, sources));
        forest.decide_bucket(place, buckets, &mut dominators);
    }
    forest.finish(&mut dominators);
    (search, dominators)
}

/// The references of what is reached by what they lead to: the places of their sources, in the order of the objects. Where
/// those of an object end, the search notes in place of how many there are.
fn turned_around<'b>(graph: &ObjectGraph, search: &mut Search, bump: &'b Bump) -> &'b [u32] {
    let mut total = 0;
    for met in &mut search.met {
        total += std::mem::replace(&mut met.references, total);
    }
    // Each count has become a start, and grows to be the end while the sources are filled in.
    let sources = bump.alloc_slice_fill_copy(total as usize, 0);
    for (place, object) in (0..).zip(&search.order) {
        for target in graph.targets(*object) {
            let end = &mut search.met[*target as usize].references;
            sources[*end as usize] = place;
            *end += 1;
        }
    }
    sources
}

fn sources_of<'b>(object: u32, search: &Search, sources: &'b [u32]) -> &'b [u32] {
    let end = |object: u32| search.met[object as usize].references as usize;
    &sources[object.checked_sub(1).map_or(0, end)..end(object)]
}

/// The forest that the algorithm links places into, from the last one on.
struct Forest<'b> {
    /// By place.
    links: &'b mut [Link],
    /// A way through the forest, while it is made shorter.
    path: Vec<u32>,
}

/// What is known of a place, in one piece: most of the time goes into getting it from memory.
#[derive(Clone, Copy)]
struct Link {
    /// Of what is linked, an ancestor in the forest; of all else, the parent in the tree of the search.
    ancestor: u32,
    /// What has the least semidominator on the way to the ancestor, it excluded.
    label: u32,
    /// The semidominator of the label.
    label_semi: u32,
    /// The semidominator, once it is known.
    semi: u32,
}

impl Link {
    fn new(place: u32, parent: u32) -> Link {
        Link { ancestor: parent, label: place, label_semi: place, semi: place }
    }
}

impl Forest<'_> {
    fn link(&mut self, place: u32) -> &mut Link {
        &mut self.links[place as usize]
    }

    /// The semidominator of a place, behind which all is linked.
    fn find_semidominator(&mut self, place: u32, sources: &[u32]) {
        let semi = sources.iter().map(|source| self.best(*source, place + 1).label_semi).min();
        let link = self.link(place);
        link.semi = semi.map_or(place, |semi| semi.min(place));
        link.label_semi = link.semi;
    }

    /// Puts a place into the bucket of its semidominator, links it, and decides on what waits in the bucket of its parent.
    ///
    /// A bucket is a list: `buckets` has its first place, and `dominators` the next one of each, until that is decided on.
    fn decide_bucket(&mut self, place: u32, buckets: &mut [u32], dominators: &mut [u32]) {
        let Link { semi, ancestor: parent, .. } = *self.link(place);
        dominators[place as usize] = std::mem::replace(&mut buckets[semi as usize], place);
        let mut waiting = std::mem::replace(&mut buckets[parent as usize], NONE);
        while waiting != NONE {
            let best = self.best(waiting, place);
            let dominator = if best.label_semi < self.link(waiting).semi { best.label } else { parent };
            waiting = std::mem::replace(&mut dominators[waiting as usize], dominator);
        }
    }

    /// The link whose label has the least semidominator on the way from a place to the root of its tree in the forest, where all
    /// places from `linked_from` on are linked.
    fn best(&mut self, place: u32, linked_from: u32) -> Link {
        let mut top = *self.link(place);
        if place < linked_from || top.ancestor < linked_from {
            return top;
        }
        self.path.push(place);
        loop {
            let above = top.ancestor;
            top = *self.link(above);
            if top.ancestor < linked_from {
                break;
            }
            self.path.push(above);
        }
        // From the top down, each gets the ancestor of the top, and the better label of its own and the one above.
        while let Some(below) = self.path.pop() {
            let link = self.link(below);
            link.ancestor = top.ancestor;
            if top.label_semi < link.label_semi {
                (link.label, link.label_semi) = (top.label, top.label_semi);
            }
            top = *link;
        }
        top
    }

    /// What was decided to have the dominator of another place has that.
    fn finish(&self, dominators: &mut [u32]) {
        for place in 1..dominators.len() {
            if dominators[place] != self.links[place].semi {
                dominators[place] = dominators[dominators[place] as usize];
            }
        }
    }
}
