//! What is drawn for each piece of memory, and in which steps of a pause it is there.

use super::super::look::Look;
use super::super::sight::Sight;
use gc_core::map::{Area, AreaKind, Content, HeapCell, Move, Place};
use std::collections::{BTreeMap, BTreeSet};

/// What is drawn for a piece of memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) place: Place,
    pub(super) size_bytes: u64,
    pub(super) look: Look,
    /// The name of the object, or of its type.
    pub(super) label: String,
    pub(super) type_name: String,
    pub(super) age: u8,
    pub(super) is_remembered: bool,
    pub(super) shown: Shown,
}

/// In which steps something is there. A pause that moves `n` objects has the steps from 0, where nothing has happened,
/// to `n`, where all have been moved, and one more, where everything is as it is after the pause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) from: Option<usize>,
    /// The first step in which it is gone.
    pub(super) until: Option<usize>,
}

impl Shown {
    pub(super) fn from(step: usize) -> Self {
        Shown { from: Some(step), until: None }
    }

    /// Whether it is there in a step.
    pub(super) fn is_at(self, step: usize) -> bool {
        self.from.is_none_or(|from| from <= step) && self.until.is_none_or(|until| step < until)
    }

    fn until(step: usize) -> Self {
        Shown { from: None, until: Some(step) }
    }
}

impl Mark {
    fn of(sight: &Sight, garbage: &BTreeSet<Place>, (area, cell): (&Area, &HeapCell)) -> Mark {
        let (type_index, age, is_remembered) = match cell.content {
            Content::Object(object) => (Some(object.type_index), object.age, object.is_remembered),
            Content::Dead { type_index } => (Some(type_index), 0, false),
            Content::Free => (None, 0, false),
        };
        let type_name = type_index.map_or("", |index| sight.map().type_name(index));
        let look = match Look::of(area.kind, &cell.content) {
            // What a marking knows counts while it runs.
            look @ (Look::Free | Look::Dead | Look::White | Look::Grey | Look::Black) => look,
            _ if garbage.contains(&cell.start) => Look::Garbage,
            look => look,
        };
        Mark {
            place: cell.start,
            size_bytes: cell.size_bytes,
            look,
            label: sight.name(cell.start).unwrap_or(type_name).into(),
            type_name: type_name.into(),
            // What is old does not age.
            age: if area.kind == AreaKind::ActiveSemispace { age } else { 0 },
            is_remembered,
            shown: Shown::default(),
        }
    }

    fn with_shown(&self, shown: Shown) -> Mark {
        Mark { shown, ..self.clone() }
    }
}

/// What is drawn of a heap at one moment.
pub(super) fn still(sight: &Sight) -> Vec<Mark> {
    let garbage = sight.garbage();
    let cells = sight.map().areas().flat_map(|area| area.cells.iter().map(move |cell| (area, cell)));
    cells.map(|cell| Mark::of(sight, &garbage, cell)).collect()
}

/// What is drawn of a pause: what was there before, ghosts of it, and what is there after.
pub(super) fn pause(before: &Sight, after: &Sight, moves: &[Move]) -> Vec<Mark> {
    let steps = Steps::of(moves);
    let (earlier, later) = (still(before), still(after));
    let stayed: BTreeMap<_, _> =
        later.iter().filter(|mark| steps.stays(mark)).map(|mark| (mark.place, mark)).collect();
    let mut marks = Vec::new();
    for mark in &earlier {
        match stayed.get(&mark.place) {
            Some(same) if *same == mark => {}
            Some(_) => marks.push(mark.with_shown(Shown::until(steps.last))),
            None => {
                marks.push(mark.with_shown(Shown::until(steps.departure(mark.place))));
                marks.extend(steps.ghost(mark));
            }
        }
    }
    let unchanged = |mark: &Mark| stayed.contains_key(&mark.place) && earlier.contains(mark);
    marks.extend(later.iter().map(|mark| match unchanged(mark) {
        true => mark.clone(),
        false => mark.with_shown(Shown::from(steps.arrival(mark.place))),
    }));
    marks
}

/// At which step each object leaves its place and gets to its new one.
struct Steps {
    departures: BTreeMap<Place, usize>,
    arrivals: BTreeMap<Place, usize>,
    last: usize,
}

impl Steps {
    fn of(moves: &[Move]) -> Self {
        Steps {
            departures: moves.iter().zip(1..).map(|(one, step)| (one.from, step)).collect(),
            arrivals: moves.iter().zip(1..).map(|(one, step)| (one.to, step)).collect(),
            last: moves.len() + 1,
        }
    }

    fn departure(&self, place: Place) -> usize {
        self.departures.get(&place).copied().unwrap_or(self.last)
    }

    fn arrival(&self, place: Place) -> usize {
        self.arrivals.get(&place).copied().unwrap_or(self.last)
    }

    /// Whether what is seen after the pause has been there before.
    fn stays(&self, mark: &Mark) -> bool {
        mark.look != Look::Free && !self.arrivals.contains_key(&mark.place)
    }

    /// What is left where an object was.
    fn ghost(&self, mark: &Mark) -> Option<Mark> {
        let look = if self.departures.contains_key(&mark.place) { Look::Moved } else { Look::Freed };
        let ghost =
            Mark { look, is_remembered: false, ..mark.with_shown(Shown::from(self.departure(mark.place))) };
        (mark.look != Look::Free).then_some(ghost)
    }
}
