//! A small heap as it is at one moment.

use gc_core::map::{Area, Content, HeapCell, HeapMap, Move, Place};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A small heap at one moment: where everything lies, and what objects are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    map: HeapMap,
    names: BTreeMap<Place, String>,
}

impl Sight {
    /// What is seen on a map. To tell garbage from the rest, it must have been taken with references.
    #[must_use]
    pub fn new(map: HeapMap) -> Self {
        Sight { map, names: BTreeMap::new() }
    }

    /// Calls objects by `names`, by where they are.
    #[must_use]
    pub fn with_names(self, names: BTreeMap<Place, String>) -> Self {
        Sight { names, ..self }
    }

    /// Calls what lies dead as it was called before.
    pub(super) fn with_names_of_dead(mut self, before: &BTreeMap<Place, String>) -> Self {
        let is_dead = |cell: &HeapCell| matches!(cell.content, Content::Dead { .. });
        let dead: Vec<_> =
            self.objects().filter(|(_, cell)| is_dead(cell)).map(|(_, cell)| cell.start).collect();
        for place in dead {
            if let Some(name) = before.get(&place) {
                self.names.entry(place).or_insert_with(|| name.clone());
            }
        }
        self
    }

    /// Where everything lies.
    #[must_use]
    pub fn map(&self) -> &HeapMap {
        &self.map
    }

    /// The names, by where objects are.
    pub(super) fn names(&self) -> &BTreeMap<Place, String> {
        &self.names
    }

    /// What the object at `place` is called, if it has a name of its own.
    #[must_use]
    pub fn name(&self, place: Place) -> Option<&str> {
        self.names.get(&place).map(String::as_str)
    }

    /// What the object at `place` is called, be it by its type.
    pub(super) fn label(&self, place: Place) -> String {
        let object = || self.objects().find(|(_, cell)| cell.start == place);
        let type_name = || match object()?.1.content {
            Content::Object(object) => Some(self.map.type_name(object.type_index)),
            Content::Dead { type_index } => Some(self.map.type_name(type_index)),
            Content::Free => None,
        };
        self.name(place).or_else(type_name).unwrap_or_default().into()
    }

    /// The heap once a pause has made `moves`, after which `map` was taken: names go along with their objects.
    #[must_use]
    pub fn after(&self, map: HeapMap, moves: &[Move]) -> Sight {
        let moved: HashMap<_, _> = moves.iter().map(|one| (one.from, one.to)).collect();
        let (of_moved, mut names): (BTreeMap<_, _>, BTreeMap<_, _>) =
            self.names.clone().into_iter().partition(|(place, _)| moved.contains_key(place));
        // What has been moved onto something dead takes its place here, too.
        names.extend(of_moved.into_iter().map(|(place, name)| (moved[&place], name)));
        let sight = Sight::new(map);
        let places: BTreeSet<_> = sight.objects().map(|(_, cell)| cell.start).collect();
        names.retain(|place, _| places.contains(place));
        sight.with_names(names)
    }

    /// All cells with something in them, and their areas.
    pub(super) fn objects(&self) -> impl Iterator<Item = (&Area, &HeapCell)> {
        let cells = self.map.areas().flat_map(|area| area.cells.iter().map(move |cell| (area, cell)));
        cells.filter(|(_, cell)| cell.content != Content::Free)
    }

    /// What no root reaches, although no collection has found it dead.
    pub(super) fn garbage(&self) -> BTreeSet<Place> {
        let mut targets: HashMap<Place, Vec<Place>> = HashMap::new();
        self.map.arrows().for_each(|arrow| targets.entry(arrow.from).or_default().push(arrow.to));
        let mut unreached: BTreeSet<_> = self.objects().map(|(_, cell)| cell.start).collect();
        let mut pending: Vec<_> = self.map.roots().map(|root| root.to).collect();
        while let Some(place) = pending.pop() {
            if unreached.remove(&place) {
                pending.extend(targets.remove(&place).unwrap_or_default());
            }
        }
        unreached
    }
}
