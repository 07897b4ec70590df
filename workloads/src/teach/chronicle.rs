//! What becomes of a script's objects.

use super::Place;
use super::figure::Seen;
use gc_core::event::{Event, Pause, PauseKind, Recorder, Usage};
use gc_core::snapshot::Space;
use gc_core::{Heap, Local, View, Weak};
use std::collections::BTreeMap;
use std::fmt;

/// What collections have made of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It was alive in new space, and still is there.
    Copied,
    /// It was young, and is old now.
    Promoted,
    /// It is old, or large, and was kept by a collection of the old generation.
    Kept,
    /// It was found dead.
    Freed,
}

impl Fate {
    /// Every fate, in the order in which they are told.
    const ALL: [Fate; 4] = [Fate::Copied, Fate::Promoted, Fate::Kept, Fate::Freed];

    /// As it is told.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Fate::Copied => "copied",
            Fate::Promoted => "promoted",
            Fate::Kept => "kept",
            Fate::Freed => "freed",
        }
    }
}

/// What a statement has led to that made the heap collect.
#[derive(Clone, Debug)]
pub struct Collected {
    /// Where the statement is.
    pub place: Place,
    /// The pauses, in order.
    pub pauses: Vec<Pause>,
    /// What became of the objects that the script has made, other than by `fill`, in the order in which they were made.
    pub fates: Vec<(String, Fate)>,
    /// Memory in use afterwards.
    pub usage: Usage,
}

/// Most objects of one fate that are named.
const MOST_NAMED: usize = 8;

impl fmt::Display for Collected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pauses: Vec<_> = self
            .pauses
            .iter()
            .map(|pause| format!("{} ({})", pause.kind.name(), pause.cause.name()))
            .collect();
        writeln!(f, "line {}: {}", self.place.line, pauses.join(", "))?;
        for fate in Fate::ALL {
            self.tell(f, fate)?;
        }
        let Usage { new_used, old_used, large_used, external, .. } = self.usage;
        write!(f, "  bytes in use: new {new_used}, old {old_used}, large {large_used}, external {external}")
    }
}

impl Collected {
    fn tell(&self, f: &mut fmt::Formatter<'_>, fate: Fate) -> fmt::Result {
        let names: Vec<_> = self.fates.iter().filter(|one| one.1 == fate).map(|one| &*one.0).collect();
        let (named, more) = names.split_at(names.len().min(MOST_NAMED));
        if named.is_empty() {
            return Ok(());
        }
        write!(f, "  {:<9}{}", fate.name(), named.join(", "))?;
        if more.is_empty() { writeln!(f) } else { writeln!(f, " and {} more", more.len()) }
    }
}

/// Follows the objects of a script, and what their heap tells.
#[derive(Debug)]
pub(super) struct Chronicle {
    events: Recorder,
    objects: Vec<Followed>,
    /// How many objects have had each name.
    names: BTreeMap<String, u64>,
    seen: Seen,
    pauses: u64,
}

/// An object that was alive when it was last looked at.
#[derive(Debug)]
struct Followed {
    name: String,
    weak: Weak,
    /// Whether no scavenge has promoted it yet. All objects are born young.
    is_young: bool,
}

impl Chronicle {
    /// A chronicle of `heap` from now on.
    pub(super) fn new(heap: &mut Heap) -> Self {
        let events = Recorder::default();
        heap.set_sink(Box::new(events.clone()));
        Chronicle { events, objects: Vec::new(), names: BTreeMap::new(), seen: Seen::default(), pauses: 0 }
    }

    /// Follows a new object, and tells what it is called: the second of a name is `name#2`.
    pub(super) fn follow(&mut self, heap: &mut Heap, name: &str, object: Local) -> String {
        let count = self.names.entry(name.into()).or_default();
        *count += 1;
        let name = if *count == 1 { name.into() } else { format!("{name}#{count}") };
        self.objects.push(Followed { name: name.clone(), weak: heap.weak(object), is_young: true });
        name
    }

    /// What has become of all objects, if the heap has collected since this was last asked.
    pub(super) fn look(&mut self, heap: &Heap, place: Place) -> Option<Collected> {
        let pauses: Vec<_> = self.events.take().into_iter().filter_map(pause).collect();
        let last = pauses.last()?;
        self.seen.remembered = last.remembered_entries;
        self.pauses += pauses.len() as u64;
        let fates = self.fates(heap, &pauses);
        self.seen.freed += fates.iter().filter(|(_, fate)| *fate == Fate::Freed).count() as u64;
        Some(Collected { place, pauses, fates, usage: heap.usage() })
    }

    fn fates(&mut self, heap: &Heap, pauses: &[Pause]) -> Vec<(String, Fate)> {
        let has_scavenged = pauses.iter().any(|pause| pause.kind != PauseKind::Step);
        let has_marked = pauses.iter().any(|pause| matches!(pause.kind, PauseKind::Full | PauseKind::Finish));
        let mut fates = Vec::new();
        self.objects.retain_mut(|object| {
            let space = heap.view_weak(&object.weak).map(|view| view.space());
            let is_promoted = object.is_young && has_scavenged && space != Some(Space::New);
            object.is_young &= !is_promoted;
            let fate = match space {
                None => Some(Fate::Freed),
                Some(_) if is_promoted => Some(Fate::Promoted),
                Some(_) if object.is_young => has_scavenged.then_some(Fate::Copied),
                Some(_) => has_marked.then_some(Fate::Kept),
            };
            fates.extend(fate.map(|fate| (object.name.clone(), fate)));
            space.is_some()
        });
        fates
    }

    /// What has not been found dead.
    pub(super) fn objects<'s>(&'s self, heap: &'s Heap) -> impl Iterator<Item = (&'s str, View<'s>)> {
        self.objects.iter().filter_map(|object| Some((&*object.name, heap.view_weak(&object.weak)?)))
    }

    /// What has been seen so far.
    pub(super) fn seen(&self) -> &Seen {
        &self.seen
    }

    /// How many pauses there have been.
    pub(super) fn pauses(&self) -> u64 {
        self.pauses
    }
}

fn pause(event: Event) -> Option<Pause> {
    match event {
        Event::PauseEnded(pause) => Some(*pause),
        _ => None,
    }
}
