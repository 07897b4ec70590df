//! What collections have made of single objects, and why: as the heap tells it, not as the script lets expect.

mod web;

use gc_core::event::{Cause, Pause, PauseKind};
use gc_core::map::{AreaKind, Colour, MoveReason, Place};
use gc_core::{Glimpse, Heap, Local, Moment, Watcher};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use web::{Link, Web};

/// Follows objects through the pauses of a heap. Clones are one.
#[derive(Clone, Debug, Default)]
pub(super) struct Biographer(Arc<Mutex<Lives>>);

/// What is known of all objects that are followed.
#[derive(Debug, Default)]
struct Lives {
    lives: Vec<Life>,
    /// The line of the script that is being carried out.
    line: u32,
    /// The heap before the pause that is under way.
    before: Option<Web>,
}

/// What is known of one.
#[derive(Debug)]
struct Life {
    name: String,
    born_in_line: u32,
    /// Where it is; nowhere if it was found dead.
    place: Option<Place>,
    /// What has become of it, a sentence a pause.
    episodes: Vec<String>,
}

/// What a pause has made of an object.
enum Outcome {
    /// It has left its place.
    Moved { to: Place, reason: MoveReason },
    /// It lies where it was, and so it must be alive as far as the heap knows.
    Stayed,
    /// It was found dead.
    Died,
}

impl Biographer {
    fn lives(&self) -> MutexGuard<'_, Lives> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note that a statement in this line is being carried out.
    pub(super) fn reach_line(&self, line: u32) {
        self.lives().line = line;
    }

    /// Follows a new object.
    pub(super) fn follow(&self, heap: &Heap, name: &str, object: Local) {
        let place = Some(heap.view(object).place());
        let mut lives = self.lives();
        let born_in_line = lives.line;
        lives.lives.push(Life { name: name.into(), born_in_line, place, episodes: Vec::new() });
    }

    /// What has become of the object at a place.
    pub(super) fn of_place(&self, place: Place) -> Option<String> {
        self.lives().lives.iter().find(|life| life.place == Some(place)).map(Life::text)
    }

    /// What has become of the last object that was made under a name, as `a`, or of one of several, as `a#2`.
    pub(super) fn of_name(&self, name: &str) -> Option<String> {
        let lives = self.lives();
        let is_meant = |life: &&Life| life.name == name || life.name.split('#').next() == Some(name);
        lives.lives.iter().rfind(is_meant).map(Life::text)
    }
}

impl Watcher for Biographer {
    fn look(&mut self, glimpse: &Glimpse<'_>) {
        let map = glimpse.map_with_references();
        let mut lives = self.lives();
        match (glimpse.moment, glimpse.pause) {
            (Moment::After, Some(pause)) => lives.pause(glimpse, &Web::of(&map), pause),
            _ => lives.before = Some(Web::of(&map)),
        }
    }
}

impl Life {
    fn text(&self) -> String {
        let mut text = format!("{}, made in line {}:\n", self.name, self.born_in_line);
        self.episodes.iter().for_each(|episode| {
            writeln!(text, "  {episode}").expect("a string can always be written to");
        });
        if self.episodes.is_empty() {
            text += "  no collection has met it\n";
        }
        text
    }
}

impl Lives {
    /// Adds what a pause has made of each object.
    fn pause(&mut self, glimpse: &Glimpse<'_>, after: &Web, pause: &Pause) {
        let Some(before) = self.before.take() else { return };
        let names = self.names();
        let told = Told { before: &before, after, names: &names, pause };
        let line = self.line;
        for life in &mut self.lives {
            let Some(place) = life.place else { continue };
            let outcome = told.outcome(place, glimpse);
            if let Some(sentence) = told.sentence(place, &outcome) {
                let (kind, cause) = (pause.kind.name(), pause.cause.name());
                life.episodes.push(format!("line {line}, {kind} ({cause}): {sentence}"));
            }
            life.place = match outcome {
                Outcome::Moved { to, .. } => Some(to),
                Outcome::Stayed => Some(place),
                Outcome::Died => None,
            };
        }
    }

    fn names(&self) -> BTreeMap<Place, String> {
        self.lives.iter().filter_map(|life| Some((life.place?, life.name.clone()))).collect()
    }
}

/// A pause, as far as it tells of objects.
struct Told<'p> {
    before: &'p Web,
    after: &'p Web,
    names: &'p BTreeMap<Place, String>,
    pause: &'p Pause,
}

impl Told<'_> {
    fn outcome(&self, place: Place, glimpse: &Glimpse<'_>) -> Outcome {
        if let Some(one) = glimpse.moves.iter().find(|one| one.from == place) {
            return Outcome::Moved { to: one.to, reason: one.reason };
        }
        let was_young = self.before.area(place) == Some(AreaKind::ActiveSemispace);
        // What has come in this pause lies where something died.
        let is_taken = glimpse.moves.iter().any(|one| one.to == place);
        let scavenges = self.pause.kind != PauseKind::Step;
        if (was_young && scavenges) || is_taken || !self.after.is_alive(place) {
            Outcome::Died
        } else {
            Outcome::Stayed
        }
    }

    /// What is told of an object; nothing if the pause had nothing to do with it.
    fn sentence(&self, place: Place, outcome: &Outcome) -> Option<String> {
        match outcome {
            Outcome::Died => Some(format!("died: {}.", self.why_dead(place))),
            Outcome::Moved { to, reason } => {
                Some(format!("alive: {}. {}", self.why_alive(place), self.deed(place, *to, *reason)))
            }
            Outcome::Stayed => self.stayed(place),
        }
    }

    fn why_dead(&self, place: Place) -> &'static str {
        match self.before.area(place) {
            Some(AreaKind::ActiveSemispace | AreaKind::YoungLarge) if self.pause.kind != PauseKind::Full => {
                "no root and no remembered object reaches it"
            }
            _ => "no root reaches it",
        }
    }

    /// What a collection did with an object that it has moved.
    fn deed(&self, from: Place, to: Place, reason: MoveReason) -> String {
        let age = self.before.age(from);
        match reason {
            MoveReason::Survived => {
                format!("Copied from from-space to to-space: its age is {} now.", self.after.age(to))
            }
            MoveReason::OldEnough => format!("Promoted to old space: {}.", self.why_old_enough(age)),
            MoveReason::ToSpaceFull => {
                format!(
                    "Promoted to old space, at an age of {age}: survivors have filled their part of to-space."
                )
            }
            MoveReason::Compacted => {
                format!("Moved {} bytes down, to the low end of old space: it is compacted.", from.0 - to.0)
            }
            MoveReason::Evacuated => {
                "Moved to another page: its own was sparse, and has been emptied and given back.".into()
            }
        }
    }

    fn why_old_enough(&self, age: u8) -> String {
        match (self.pause.cause, age) {
            (Cause::NewSpaceCrowded | Cause::LastResort, _) => "all survivors are, to make room".into(),
            (_, 0) => "survivors are promoted at once".into(),
            (_, 1) => "it had survived a scavenge".into(),
            (_, age) => format!("it had survived {age} scavenges"),
        }
    }

    /// What is told of an object that stays where it is.
    fn stayed(&self, place: Place) -> Option<String> {
        if self.before.area(place) == Some(AreaKind::YoungLarge)
            && self.after.area(place) == Some(AreaKind::OldLarge)
        {
            let why = self.why_alive(place);
            return Some(format!("alive: {why}. Promoted where it is: large objects are not copied."));
        }
        if matches!(self.pause.kind, PauseKind::Full | PauseKind::Finish) {
            return Some(format!("kept where it is: {}.", self.why_alive(place)));
        }
        let colour = self.after.colour(place);
        match colour {
            Some(Colour::Grey) if colour != self.before.colour(place) => {
                Some("grey now: the marking has reached it, and will scan it.".into())
            }
            Some(Colour::Black) if colour != self.before.colour(place) => {
                Some("black now: the marking has scanned it.".into())
            }
            _ => None,
        }
    }

    /// What keeps an object alive in this pause.
    fn why_alive(&self, place: Place) -> String {
        let is_young =
            matches!(self.before.area(place), Some(AreaKind::ActiveSemispace | AreaKind::YoungLarge));
        let everywhere = self.before.reached_from_roots();
        if !is_young || self.pause.kind == PauseKind::Full {
            return match everywhere.path(place) {
                Some(path) => self.path(&path),
                None => self.why_floating(place),
            };
        }
        let Some(path) = self.before.reached_by_scavenge().path(place) else {
            return "it is to be finalized, or something that is refers to it".into();
        };
        match path.first() {
            Some(Link::Remembered(holder)) if everywhere.path(*holder).is_none() => {
                format!("{}; nobody knows yet that this is dead", self.path(&path))
            }
            _ => self.path(&path),
        }
    }

    /// What a marking keeps although no root reaches it any more.
    fn why_floating(&self, place: Place) -> String {
        match self.before.colour(place) {
            Some(Colour::Black | Colour::Grey) => {
                "no root reaches it any more, but it was marked before that, or born while the marking ran: it floats \
                 until the next marking"
                    .into()
            }
            Some(Colour::White) => {
                "no root reaches it any more, but the write barrier marked it when a reference was overwritten: it floats \
                 until the next marking"
                    .into()
            }
            None => "it is to be finalized, or something that is refers to it".into(),
        }
    }

    /// A way from a root, in words.
    fn path(&self, path: &[Link]) -> String {
        match path {
            [Link::Root, _] => "a root refers to it".into(),
            [Link::Remembered(holder), _] => {
                format!("{} refers to it, and is old and remembered", self.name(*holder))
            }
            _ => {
                let links: Vec<_> = path.iter().map(|link| self.link(*link)).collect();
                links.join(" > ")
            }
        }
    }

    fn link(&self, link: Link) -> String {
        match link {
            Link::Root => "a root".into(),
            Link::Remembered(holder) => format!("{} (old, remembered)", self.name(holder)),
            Link::Object(place) => self.name(place),
        }
    }

    fn name(&self, place: Place) -> String {
        self.names.get(&place).cloned().unwrap_or_else(|| "something".into())
    }
}
