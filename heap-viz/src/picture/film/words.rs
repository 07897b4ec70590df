//! What a frame shows, in words.

use super::super::figure::Scene;
use super::super::sight::Sight;
use crate::quantity::{Bytes, Count, Time};
use gc_core::event::{Pause, PauseKind};
use gc_core::map::{AreaKind, Colour, Content, HeapCell, Move, MoveReason, Place};
use std::collections::BTreeMap;

/// Names in one sentence, at most.
const MOST_NAMES: usize = 8;

/// A frame's caption.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Caption {
    pub(super) title: String,
    pub(super) text: String,
}

/// What a pause was.
pub(super) fn caption(pause: &Pause) -> Caption {
    let kind = match pause.kind {
        PauseKind::Minor => "Scavenge",
        PauseKind::Full => "Full collection",
        PauseKind::Step => "Step",
        PauseKind::Finish => "Scavenge and end of a marking",
    };
    let title = format!("{kind}, pause {}: {}", pause.id + 1, pause.cause.name());
    let (duration, start) = (Time(pause.duration), Time(pause.start));
    Caption { title, text: format!("{} {duration} at {start}.", deeds(pause)) }
}

fn deeds(pause: &Pause) -> String {
    let work = &pause.work;
    let deed = |what: &str, objects: u64, bytes: u64| {
        let objects_word = if objects == 1 { "object" } else { "objects" };
        (objects > 0).then(|| format!("{what} {} {objects_word} ({})", Count(objects as f64), Bytes(bytes)))
    };
    let deeds = [
        deed("copied", work.copied_objects, work.copied_bytes),
        deed("promoted", work.promoted_objects, work.promoted_bytes),
        deed("marked", work.marked_objects, work.marked_bytes),
        deed("moved", work.moved_objects, work.moved_bytes),
        (work.swept_pages > 0).then(|| format!("examined {} pages", Count(work.swept_pages as f64))),
        (work.freed_bytes > 0).then(|| format!("found {} dead", Bytes(work.freed_bytes))),
    ];
    let deeds: Vec<_> = deeds.into_iter().flatten().collect();
    if deeds.is_empty() { "Found nothing to do.".into() } else { capital(&format!("{}.", deeds.join(", "))) }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// A sentence for each step of a scene: why each object was moved where, and what has come of it in the end.
pub(super) fn sentences(scene: &Scene<'_>) -> Vec<String> {
    let Scene::Pause { before, after, moves } = *scene else { return vec![String::new()] };
    let reasons = Reasons::of(before, after);
    let start = if moves.is_empty() { "Before the pause." } else { "Before: nothing has been moved yet." };
    let steps = moves.iter().map(|one| reasons.of_move(one));
    std::iter::once(start.to_string()).chain(steps).chain([reasons.of_end(moves)]).collect()
}

/// What tells why objects are moved.
struct Reasons<'a> {
    before: BTreeMap<Place, (AreaKind, &'a HeapCell)>,
    after: BTreeMap<Place, (AreaKind, &'a HeapCell)>,
    earlier: &'a Sight,
    /// Something alive that refers to an object.
    referrers: BTreeMap<Place, Referrer>,
}

/// What refers to an object.
#[derive(Clone, Copy)]
enum Referrer {
    Root,
    Object(Place),
}

impl<'a> Reasons<'a> {
    fn of(earlier: &'a Sight, later: &'a Sight) -> Self {
        let cells =
            |sight: &'a Sight| sight.objects().map(|(area, cell)| (cell.start, (area.kind, cell))).collect();
        let garbage = earlier.garbage();
        let arrows = earlier.map().arrows().filter(|arrow| !garbage.contains(&arrow.from));
        let mut referrers: BTreeMap<_, _> =
            arrows.map(|arrow| (arrow.to, Referrer::Object(arrow.from))).collect();
        referrers.extend(earlier.map().roots().map(|root| (root.to, Referrer::Root)));
        Reasons { before: cells(earlier), after: cells(later), earlier, referrers }
    }

    fn name(&self, place: Place) -> String {
        let Some((_, cell)) = self.before.get(&place) else { return format!("{:#x}", place.0) };
        let type_name = || self.earlier.map().type_name(type_index(cell)).to_string();
        self.earlier.name(place).map_or_else(type_name, Into::into)
    }

    fn of_move(&self, one: &Move) -> String {
        let name = self.name(one.from);
        let Some((_, cell)) = self.before.get(&one.from) else { return format!("{name} is moved.") };
        let why = |deed: &str| format!("{name} is alive: {}. {deed}", self.why(one.from));
        match (one.reason, age(cell)) {
            (MoveReason::Survived, _) => why("It is copied to to-space."),
            (MoveReason::OldEnough, 0) => why("Survivors are promoted at once: it moves to old space."),
            (MoveReason::OldEnough, 1) => {
                why("It has survived one scavenge before, so it is promoted to old space.")
            }
            (MoveReason::OldEnough, age) => {
                why(&format!("It has survived {age} scavenges before, so it is promoted to old space."))
            }
            (MoveReason::ToSpaceFull, _) => {
                why("It is young, but to-space has no more room for survivors: it is promoted to old space.")
            }
            (MoveReason::Compacted, _) => format!("{name} slides to the low end of old space."),
            (MoveReason::Evacuated, _) => {
                format!("{name} is moved to another page: its own is sparse, and is to be given back.")
            }
        }
    }

    fn why(&self, place: Place) -> String {
        match self.referrers.get(&place) {
            Some(Referrer::Root) => "a root refers to it".into(),
            Some(Referrer::Object(from)) => format!("{} refers to it", self.name(*from)),
            None => "something dead that is remembered refers to it, or it is to be finalized".into(),
        }
    }

    /// What has changed besides moves.
    fn of_end(&self, moves: &[Move]) -> String {
        let moved = |place: &Place| moves.iter().any(|one| one.from == *place);
        let is_gone = |place: &Place| !moved(place) && !self.remains(*place);
        let gone: Vec<_> =
            self.before.keys().filter(|place| is_gone(place)).map(|place| self.name(*place)).collect();
        let mut changes = vec![match &gone[..] {
            [] => "Nothing is freed.".into(),
            names => format!("Freed, since nothing alive refers to it: {}.", list(names)),
        }];
        for (colour, word) in [(Colour::Grey, "Grey now"), (Colour::Black, "Black now")] {
            let names: Vec<_> = self.turned(colour).map(|place| self.name(place)).collect();
            if !names.is_empty() {
                changes.push(format!("{word}: {}.", list(&names)));
            }
        }
        let found: Vec<_> = self.found_dead().map(|place| self.name(place)).collect();
        if !found.is_empty() {
            changes.push(format!("Found dead, to be swept later: {}.", list(&found)));
        }
        changes.join(" ")
    }

    /// Whether what was at `place` is still there.
    fn remains(&self, place: Place) -> bool {
        let same = |(_, cell): &(AreaKind, &HeapCell)| {
            self.before.get(&place).is_some_and(|(_, earlier)| type_index(earlier) == type_index(cell))
        };
        self.after.get(&place).is_some_and(same)
    }

    fn turned(&self, colour: Colour) -> impl Iterator<Item = Place> {
        let turned = move |place: &&Place| {
            let of = |cells: &BTreeMap<Place, (AreaKind, &HeapCell)>| {
                cells.get(place).and_then(|(_, cell)| colour_of(cell))
            };
            of(&self.after) == Some(colour) && of(&self.before) != Some(colour)
        };
        self.before.keys().filter(turned).copied()
    }

    fn found_dead(&self) -> impl Iterator<Item = Place> {
        let is_dead = |cell: &HeapCell| matches!(cell.content, Content::Dead { .. });
        let dead = self.after.iter().filter(move |(_, (_, cell))| is_dead(cell)).map(|(place, _)| *place);
        dead.filter(move |place| self.before.get(place).is_some_and(|(_, cell)| !is_dead(cell)))
    }
}

fn age(cell: &HeapCell) -> u8 {
    if let Content::Object(object) = cell.content { object.age } else { 0 }
}

fn colour_of(cell: &HeapCell) -> Option<Colour> {
    if let Content::Object(object) = cell.content { object.colour } else { None }
}

fn type_index(cell: &HeapCell) -> u32 {
    match cell.content {
        Content::Object(object) => object.type_index,
        Content::Dead { type_index } => type_index,
        Content::Free => 0,
    }
}

fn list(names: &[String]) -> String {
    let (named, more) = names.split_at(names.len().min(MOST_NAMES));
    let named = named.join(", ");
    if more.is_empty() { named } else { format!("{named} and {} more", more.len()) }
}
