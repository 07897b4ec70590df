//! What keeps each object alive, and what each object keeps alive.

use super::ObjectGraph;
use super::lengauer_tarjan::immediate_dominators;
use super::search::Search;

/// For each object of a graph its immediate dominator, the nearest object without which nothing else would keep it alive, and
/// its retained size: what would be freed if it were.
#[derive(Debug)]
pub struct Dominators<'g> {
    graph: &'g ObjectGraph,
    search: Search,
    /// By place in the search, the place of the dominator, which is a smaller one.
    dominators: Vec<u32>,
    /// By place, bytes.
    retained: Vec<u64>,
}

impl<'g> Dominators<'g> {
    /// Finds them, in 56 bytes an object and 4 a reference, of which 24 bytes an object are kept.
    #[must_use]
    pub fn of(graph: &'g ObjectGraph) -> Self {
        let (search, dominators) = immediate_dominators(graph);
        let mut retained: Vec<_> = search.order.iter().map(|object| graph.shallow_bytes(*object)).collect();
        for place in (1..retained.len()).rev() {
            retained[dominators[place] as usize] += retained[place];
        }
        Dominators { graph, search, dominators, retained }
    }

    /// The graph.
    #[must_use]
    pub fn graph(&self) -> &'g ObjectGraph {
        self.graph
    }

    /// How many objects the root reaches, itself included.
    #[must_use]
    pub fn reached(&self) -> u32 {
        self.search.order.len() as u32
    }

    /// Whether the root reaches an object.
    ///
    /// # Panics
    /// If there is no such object.
    #[must_use]
    pub fn is_reached(&self, object: u32) -> bool {
        self.place(object).is_some()
    }

    /// The immediate dominator of an object; none of the root, and of what is not reached.
    ///
    /// # Panics
    /// If there is no such object.
    #[must_use]
    pub fn dominator(&self, object: u32) -> Option<u32> {
        let place = self.place(object).filter(|place| *place > 0)?;
        Some(self.object_at(self.dominators[place]))
    }

    /// What would be freed if an object were, itself included, in bytes; nothing for what is not reached.
    ///
    /// # Panics
    /// If there is no such object.
    #[must_use]
    pub fn retained_bytes(&self, object: u32) -> u64 {
        self.place(object).map_or(0, |place| self.retained[place])
    }

    /// All objects that the root reaches, each behind its dominator.
    pub fn objects(&self) -> impl Iterator<Item = u32> {
        self.search.order.iter().copied()
    }

    /// The objects that would be freed if an object were, itself first.
    ///
    /// # Panics
    /// If there is no such object.
    pub fn retained_by(&self, object: u32) -> impl Iterator<Item = u32> {
        let top = self.place(object);
        let mut is_below = vec![false; self.search.order.len()];
        (top.unwrap_or(is_below.len())..is_below.len()).filter_map(move |place| {
            is_below[place] = Some(place) == top || is_below[self.dominators[place] as usize];
            is_below[place].then(|| self.object_at(place as u32))
        })
    }

    /// The place of an object in the search, if it is reached.
    fn place(&self, object: u32) -> Option<usize> {
        Some(self.search.met[object as usize].place)
            .filter(|place| *place != Search::UNREACHED)
            .map(|it| it as usize)
    }

    pub(super) fn object_at(&self, place: u32) -> u32 {
        self.search.order[place as usize]
    }

    /// By place, the place of the dominator.
    pub(super) fn by_place(&self) -> &[u32] {
        &self.dominators
    }

    pub(super) fn retained_at(&self, place: u32) -> u64 {
        self.retained[place as usize]
    }
}
