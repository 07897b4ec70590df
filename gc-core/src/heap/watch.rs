//! Looking at the heap at the start and at the end of each of its pauses.
//!
//! This is for pictures: a watcher costs time in pauses, and a heap without one pays nothing but a test a pause.

use super::Heap;
use crate::event::{Cause, MAX_AGE, Pause, PauseKind, Usage};
use crate::map::{Area, HeapMap, Move, MoveReason, TypeTally};
use crate::memory::{Address, Granules, Memory};
use crate::object::{HeaderState, Kind, ObjectRef};
use crate::policy::Promotion;
use crate::space::{MarkBits, Semispace, Spaces};
use std::fmt;

/// Looks at a heap around its pauses. It cannot change the heap.
pub trait Watcher: Send {
    /// A pause is about to start, or has just ended. The program is stopped meanwhile, and the pause's account does not
    /// include it.
    fn look(&mut self, glimpse: &Glimpse<'_>);

    /// Whether it wants to know what the pause moves that is about to start. Asked after it has looked before the pause.
    /// To tell that takes time, and all of new space is looked at.
    fn wants_moves(&self) -> bool {
        true
    }
}

/// Several watchers, which look one after the other.
impl Watcher for Vec<Box<dyn Watcher>> {
    fn look(&mut self, glimpse: &Glimpse<'_>) {
        self.iter_mut().for_each(|watcher| watcher.look(glimpse));
    }

    fn wants_moves(&self) -> bool {
        self.iter().any(|watcher| watcher.wants_moves())
    }
}

/// A heap just before or just after a pause.
#[derive(Debug)]
pub struct Glimpse<'h> {
    pub(crate) heap: &'h Heap,
    /// When it is.
    pub moment: Moment,
    /// What the pause does.
    pub kind: PauseKind,
    /// Why it is made.
    pub cause: Cause,
    /// The account of the pause, after it.
    pub pause: Option<&'h Pause>,
    /// What the pause has moved, in the order in which it did; nothing yet before it, and nothing at all if the watcher does
    /// not want to know.
    pub moves: &'h [Move],
}

/// When a watcher looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Before the pause.
    Before,
    /// After it.
    After,
}

impl Glimpse<'_> {
    /// Where everything lies.
    #[must_use]
    pub fn map(&self) -> HeapMap {
        self.heap.map()
    }

    /// Where everything lies, and what refers to what.
    #[must_use]
    pub fn map_with_references(&self) -> HeapMap {
        self.heap.map_with_references()
    }

    /// Shows each area to `visit`, for what is too large for a map. See [`Heap::visit_areas`].
    pub fn visit_areas(&self, visit: &mut dyn FnMut(&Area)) {
        self.heap.visit_areas(visit);
    }

    /// The names of all types that there are, by their numbers.
    pub fn type_names(&self) -> impl Iterator<Item = &str> {
        self.heap.type_names()
    }

    /// How many objects of each type there are that are not known to be dead. See [`Heap::tally`].
    #[must_use]
    pub fn tally(&self) -> Vec<TypeTally> {
        self.heap.tally()
    }

    /// Memory in use.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.heap.usage()
    }
}

/// The watcher of a heap, if it has one, and what it is to be told.
#[derive(Default)]
pub(super) struct Watch {
    watcher: Option<Box<dyn Watcher>>,
    /// Whether it wants to know what this pause moves.
    notes_moves: bool,
    moves: Vec<Move>,
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("is_set", &self.watcher.is_some()).finish_non_exhaustive()
    }
}

impl Watch {
    /// After a scavenge, while from-space still says where its objects have gone: those, in the order in which they were
    /// copied. Cheney's order is that of the new places.
    pub(super) fn note_scavenged(&mut self, spaces: &Spaces, from: Semispace, promotion: Promotion) {
        if !self.notes_moves {
            return;
        }
        let first = self.moves.len();
        let mut next = from.start;
        while next < from.start + from.used {
            let (size, target) = resident(&spaces.memory, next);
            self.moves
                .extend(target.map(|to| moved(next, to, size, reason_of_scavenge(spaces, to, promotion))));
            next = next + size;
        }
        self.moves[first..].sort_unstable_by_key(|moved| moved.to);
    }

    /// After an evacuation: from where to where objects have gone, in the order in which they were copied.
    pub(super) fn note_evacuated(&mut self, spaces: &Spaces, copies: &[(ObjectRef, ObjectRef)]) {
        if !self.notes_moves {
            return;
        }
        let size = |object: ObjectRef| object.header(&spaces.memory).size();
        self.moves.extend(
            copies.iter().map(|(from, to)| moved(from.address(), *to, size(*to), MoveReason::Evacuated)),
        );
    }

    /// Before a slide: what is alive in old space, in the order of places.
    pub(super) fn live_before_slide(&self, spaces: &Spaces) -> Vec<ObjectRef> {
        if !self.notes_moves {
            return Vec::new();
        }
        let memory = &spaces.memory;
        let mut live = Vec::new();
        for page in spaces.old.pages() {
            let mut next = MarkBits::next_marked(memory, page.start(), page.end());
            while next < page.end() {
                let object = ObjectRef::at(next);
                live.push(object);
                next = MarkBits::next_marked(memory, next + object.header(memory).size(), page.end());
            }
        }
        live
    }

    /// After a slide, which keeps the order: the objects that are now where others were.
    pub(super) fn note_slid(&mut self, spaces: &Spaces, live_before: &[ObjectRef]) {
        let mut before = live_before.iter();
        for page in spaces.old.pages() {
            let mut next = page.start();
            while let Some(object) = object_at(spaces, next, page.end()) {
                let size = object.header(&spaces.memory).size();
                next = next + size;
                let Some(from) = before.next() else { return };
                if *from != object {
                    self.moves.push(moved(from.address(), object, size, MoveReason::Compacted));
                }
            }
        }
    }
}

/// The object that starts at `place`, if one does before `end`.
fn object_at(spaces: &Spaces, place: Address, end: Address) -> Option<ObjectRef> {
    let is_free = |place| spaces.old.runs().any(|(start, _)| start == place);
    if place >= end || is_free(place) {
        return None;
    }
    let object = ObjectRef::at(place);
    let is_cell = object.header(&spaces.memory).kind() == Kind::Free;
    (!is_cell).then_some(object)
}

/// The size of what lies at `place` in from-space, and where it has gone, if it has.
fn resident(memory: &Memory, place: Address) -> (Granules, Option<ObjectRef>) {
    match HeaderState::from_bits(memory.load(place)) {
        HeaderState::Live(header) => (header.size(), None),
        HeaderState::Forwarded(to) => (to.header(memory).size(), Some(to)),
        HeaderState::Awaited(_) => unreachable!("ephemerons wait during scavenges only"),
    }
}

/// Why a scavenge has moved an object `to` where it is. Its age there counts the scavenge; no age is above [`MAX_AGE`].
fn reason_of_scavenge(spaces: &Spaces, to: ObjectRef, promotion: Promotion) -> MoveReason {
    let age = to.header(&spaces.memory).age();
    if spaces.is_young(to) {
        MoveReason::Survived
    } else if age > promotion.age || age == MAX_AGE {
        MoveReason::OldEnough
    } else {
        MoveReason::ToSpaceFull
    }
}

fn moved(from: Address, to: ObjectRef, size: Granules, reason: MoveReason) -> Move {
    Move { from: from.into(), to: to.address().into(), size_bytes: size.bytes(), reason }
}

impl Heap {
    /// Has `watcher` look at the heap around each pause from now on, instead of any other.
    pub fn watch(&mut self, watcher: Box<dyn Watcher>) {
        self.watch.watcher = Some(watcher);
    }

    /// Shows the heap to the watcher, if there is one.
    pub(super) fn show(&mut self, moment: Moment, kind: PauseKind, cause: Cause, pause: Option<&Pause>) {
        let Some(mut watcher) = self.watch.watcher.take() else { return };
        let moves = std::mem::take(&mut self.watch.moves);
        watcher.look(&Glimpse { heap: self, moment, kind, cause, pause, moves: &moves });
        self.watch.notes_moves = moment == Moment::Before && watcher.wants_moves();
        self.watch.watcher = Some(watcher);
    }
}
