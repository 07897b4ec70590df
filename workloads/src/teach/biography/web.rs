//! What reaches what in a heap: a map, as it is searched.

use gc_core::map::{Area, AreaKind, Colour, Content, HeapCell, HeapMap, Inhabitant, Place};
use std::collections::{BTreeMap, BTreeSet};

/// The word of an ephemeron's body that its key stands in. A key is not kept alive by it.
const KEY: u32 = 0;

/// What lies where, and what refers to what.
#[derive(Debug)]
pub(super) struct Web {
    objects: BTreeMap<Place, (AreaKind, Inhabitant)>,
    /// References, by the object that they are in; of ephemerons in `ephemerons` instead.
    targets: BTreeMap<Place, Vec<Place>>,
    /// Ephemerons: their keys and values.
    ephemerons: BTreeMap<Place, Pair>,
    roots: BTreeSet<Place>,
}

/// What an ephemeron refers to.
#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    key: Option<Place>,
    value: Option<Place>,
}

/// A part of the way to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// A root.
    Root,
    /// An old object that the write barrier has remembered.
    Remembered(Place),
    /// Any object.
    Object(Place),
}

/// From where each object was reached first.
#[derive(Debug, Default)]
pub(super) struct Reached(BTreeMap<Place, Link>);

impl Reached {
    /// The way to an object, if it was reached: a root or a remembered object first, the object itself last.
    pub(super) fn path(&self, place: Place) -> Option<Vec<Link>> {
        let mut path = vec![Link::Object(place)];
        let mut link = *self.0.get(&place)?;
        while let Link::Object(from) = link {
            path.push(link);
            link = self.0[&from];
        }
        path.push(link);
        path.reverse();
        Some(path)
    }
}

impl Web {
    pub(super) fn of(map: &HeapMap) -> Web {
        let cells = map.areas().flat_map(|area| area.cells.iter().map(move |cell| (area, cell)));
        let objects = cells.filter_map(inhabitant).collect();
        let mut web = Web {
            objects,
            targets: BTreeMap::new(),
            ephemerons: BTreeMap::new(),
            roots: map.roots().map(|root| root.to).collect(),
        };
        for arrow in map.arrows() {
            match web.type_name(map, arrow.from) {
                Some("ephemeron") => {
                    let pair = web.ephemerons.entry(arrow.from).or_default();
                    *(if arrow.word == KEY { &mut pair.key } else { &mut pair.value }) = Some(arrow.to);
                }
                _ => web.targets.entry(arrow.from).or_default().push(arrow.to),
            }
        }
        web
    }

    fn type_name<'m>(&self, map: &'m HeapMap, place: Place) -> Option<&'m str> {
        self.objects.get(&place).map(|(_, object)| map.type_name(object.type_index))
    }

    /// The sort of area that an object lies in, if one lies there.
    pub(super) fn area(&self, place: Place) -> Option<AreaKind> {
        self.objects.get(&place).map(|(kind, _)| *kind)
    }

    /// Whether there is an object that is not known to be dead.
    pub(super) fn is_alive(&self, place: Place) -> bool {
        self.objects.contains_key(&place)
    }

    /// How many scavenges an object has survived.
    pub(super) fn age(&self, place: Place) -> u8 {
        self.objects.get(&place).map_or(0, |(_, object)| object.age)
    }

    /// What a marking under way knows of an object.
    pub(super) fn colour(&self, place: Place) -> Option<Colour> {
        self.objects.get(&place).and_then(|(_, object)| object.colour)
    }

    /// What a marking of everything reaches.
    pub(super) fn reached_from_roots(&self) -> Reached {
        self.search(self.roots.iter().map(|place| (*place, Link::Root)), &|_| true)
    }

    /// What a scavenge reaches: it goes through young objects, from roots and from what is remembered.
    pub(super) fn reached_by_scavenge(&self) -> Reached {
        let is_remembered = |(_, (_, object)): &(&Place, &(AreaKind, Inhabitant))| object.is_remembered;
        let holders = self.objects.iter().filter(is_remembered).map(|(place, _)| *place);
        let held = holders.flat_map(|holder| {
            let targets = self.targets.get(&holder).into_iter().flatten().copied();
            let pair = self.ephemerons.get(&holder).copied().unwrap_or_default();
            targets.chain(pair.value).map(move |to| (to, Link::Remembered(holder)))
        });
        let roots = self.roots.iter().map(|place| (*place, Link::Root));
        self.search(roots.chain(held), &|place| self.is_young(place))
    }

    fn is_young(&self, place: Place) -> bool {
        matches!(self.area(place), Some(AreaKind::ActiveSemispace | AreaKind::YoungLarge))
    }

    /// Goes from `start` wherever references lead, breadth first, so that ways are short. Values of ephemerons are reached once
    /// their keys are.
    fn search(&self, start: impl Iterator<Item = (Place, Link)>, goes_to: &dyn Fn(Place) -> bool) -> Reached {
        let mut reached = Reached::default();
        let mut pending: Vec<_> = start.collect();
        while !pending.is_empty() {
            let mut next = Vec::new();
            for (place, link) in std::mem::take(&mut pending) {
                if goes_to(place) && !reached.0.contains_key(&place) {
                    reached.0.insert(place, link);
                    let targets = self.targets.get(&place).into_iter().flatten();
                    next.extend(targets.map(|to| (*to, Link::Object(place))));
                }
            }
            if next.is_empty() {
                next = self.values_reached(&reached, goes_to);
            }
            pending = next;
        }
        reached
    }

    /// Values whose ephemerons and keys have been reached, and which themselves have not. What the search does not go to
    /// counts as reached.
    fn values_reached(&self, reached: &Reached, goes_to: &dyn Fn(Place) -> bool) -> Vec<(Place, Link)> {
        let is_reached = |place: Place| !goes_to(place) || reached.0.contains_key(&place);
        let value = |(ephemeron, pair): (&Place, &Pair)| {
            let (key, value) = (pair.key?, pair.value?);
            let is_new = goes_to(value) && !reached.0.contains_key(&value);
            let has_gone_there = reached.0.contains_key(ephemeron);
            let link = if has_gone_there { Link::Object(*ephemeron) } else { Link::Remembered(*ephemeron) };
            (is_reached(*ephemeron) && is_reached(key) && is_new).then_some((value, link))
        };
        self.ephemerons.iter().filter_map(value).collect()
    }
}

fn inhabitant((area, cell): (&Area, &HeapCell)) -> Option<(Place, (AreaKind, Inhabitant))> {
    match cell.content {
        Content::Object(object) => Some((cell.start, (area.kind, object))),
        Content::Free | Content::Dead { .. } => None,
    }
}
