//! Marking: the transitive closure of the roots, as a state machine that can stop after any step.
//!
//! White objects have no mark bit and wait nowhere; grey ones wait in the worklist, perhaps more than once; black ones
//! have their mark bits. The worklist holds everything that is left to do, so a deep structure needs no stack and a
//! step can end anywhere: a list of ten million nodes is marked with a worklist of one entry.
//!
//! Whether an object is marked already is asked when it leaves the worklist and not when it enters, so that the cache
//! lines of its header and of its mark bits have arrived by then.
//!
//! Long arrays are taken in pieces of [`PIECE`] elements, so that a step is bounded whatever it meets.
//!
//! **Two scopes.** A stop-the-world marking goes through the [`WholeHeap`](Scope::WholeHeap) and is exact. An
//! incremental one colours the [`OldGeneration`](Scope::OldGeneration) only, since new space moves under it. It keeps
//! the *snapshot* promise (T. Yuasa, "Real-time garbage collection on general-purpose machines", 1990): every old
//! object that can be reached when it starts is black when it ends. That takes
//!
//! 1. at the start, before which no large object is young, what roots, young and remembered objects refer to
//!    ([`Marker::start`]);
//! 2. before the first store into an old object after a scavenge, what it refers to ([`Marker::snapshot`]);
//! 3. objects that become old meanwhile are born black. What they refer to needs no shading: it was reachable when the
//!    marking started, and is kept by 1 and 2, or became old since.
//!
//! **Ephemerons** are part of the closure: see [`Waiting`]. For the snapshot, an ephemeron that is young at the start, and
//! so may move before its turn, counts as two strong references; and of one that is stored into, the value does. An
//! ephemeron that becomes old meanwhile needs no second look: its key was shaded at the start, or the program had it.

use super::ephemeron::Waiting;
use super::evacuate::Evacuation;
use super::finalize::Finalizers;
use super::pipeline::Pipeline;
use super::remembered::Remembered;
use super::roots::Roots;
use super::weak::is_live;

use crate::event::Work;
use crate::fault::Fault;
use crate::memory::{Address, Granules};
use crate::object::{Ephemeron, Header, Kind, ObjectRef, Slot, Slots, TypedSlots, array_bytes};
use crate::space::{MIN_LARGE, MarkBits, Spaces};
use std::ops::Range;

/// Elements of a long array that are scanned as one piece of work. As many pieces as are marked between two looks at the
/// clock take no more than a tenth of a millisecond.
const PIECE: u32 = 512;
/// Size of an ephemeron: what a look at one counts for.
const EPHEMERON_BYTES: u64 = 16;

/// Whether there is work left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// There is.
    More,
    /// There is none.
    Done,
}

/// What a look at an ephemeron has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// Its key is alive: its value has been shaded.
    Alive,
    /// Its key is not known to be alive.
    Waits,
}

/// What a marking goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Both generations. The program must not run meanwhile.
    WholeHeap,
    /// Old objects only.
    OldGeneration,
}

/// A black array whose slots from `first` on have not been scanned.
#[derive(Clone, Copy, Debug)]
struct Piece {
    array: ObjectRef,
    first: u32,
}

/// One marking under way.
#[derive(Debug)]
pub(crate) struct Marker {
    scope: Scope,
    grey: Pipeline<ObjectRef>,
    arrays: Vec<Piece>,
    waiting: Waiting,
    work: Work,
    marked_bytes: u64,
    /// Ephemerons looked at.
    looks: u64,
    /// What is to be moved when the marking ends.
    evacuation: Option<Evacuation>,
}

impl Marker {
    /// Starts from a white heap: shades the roots, and what else a marking of the old generation starts from.
    pub(crate) fn start(scope: Scope, spaces: &mut Spaces, roots: &Roots, remembered: &Remembered) -> Marker {
        spaces.old.prepare_marking(&mut spaces.memory, &spaces.faults);
        let mut marker = Marker {
            scope,
            grey: Pipeline::default(),
            arrays: Vec::new(),
            waiting: Waiting::default(),
            work: Work::default(),
            marked_bytes: 0,
            looks: 0,
            evacuation: None,
        };
        marker.shade_roots(spaces, roots);
        if scope == Scope::OldGeneration {
            marker.shade_from_young(spaces);
            marker.shade_from_remembered(spaces, remembered);
        }
        marker
    }

    /// Shades what the roots refer to.
    fn shade_roots(&mut self, spaces: &Spaces, roots: &Roots) {
        if spaces.faults.make(Fault::SnapshotRootsSkipped) {
            return;
        }
        for object in roots.strong() {
            self.work.roots += 1;
            self.shade(spaces, object);
        }
    }

    /// Shades what the objects in new space refer to: their slots have no write barrier.
    fn shade_from_young(&mut self, spaces: &Spaces) {
        debug_assert!(!spaces.large.has_young(), "large objects are not looked at");
        if spaces.faults.make(Fault::SnapshotYoungSkipped) {
            return;
        }
        let active = spaces.new.active();
        let mut next = active.start;
        while next < active.start + active.used {
            let object = ObjectRef::at(next);
            let header = object.header(&spaces.memory);
            let slots = spaces.shapes.slots(object, header);
            if let Slots::Ephemeron(ephemeron) = slots {
                self.shade_slot(spaces, ephemeron.key_slot());
            }
            self.shade_slots(spaces, slots);
            next = next + header.size();
        }
    }

    /// Shades what the remembered objects refer to: their next stores are not told.
    fn shade_from_remembered(&mut self, spaces: &Spaces, remembered: &Remembered) {
        let skipped = |fault| spaces.faults.make(fault);
        for object in remembered.objects().iter().filter(|_| !skipped(Fault::SnapshotRememberedSkipped)) {
            self.shade_slots(spaces, spaces.shapes.slots(*object, object.header(&spaces.memory)));
        }
        for (object, card) in remembered.cards().iter().filter(|_| !skipped(Fault::SnapshotCardSkipped)) {
            let header = object.header(&spaces.memory);
            self.shade_slots(spaces, spaces.shapes.slots_of_card(*object, header, *card));
        }
    }

    /// Shades what an old object refers to before it is stored into: all of it, or, of a long array, its slots `range`.
    pub(crate) fn snapshot(&mut self, spaces: &Spaces, object: ObjectRef, header: Header, range: Range<u32>) {
        if header.cards() == 0 {
            return self.shade_slots(spaces, spaces.shapes.slots(object, header));
        }
        self.shade_slots(spaces, spaces.shapes.slots_in(object, header, range));
    }

    /// Makes an object grey unless it is out of scope.
    #[inline(always)]
    pub(crate) fn shade(&mut self, spaces: &Spaces, object: ObjectRef) {
        if self.scope == Scope::WholeHeap || !spaces.is_young(object) {
            self.grey.push(object);
        }
    }

    /// A small object has become old: it is born black.
    #[inline(always)]
    pub(crate) fn mark_born(spaces: &mut Spaces, object: ObjectRef, size: Granules) {
        MarkBits::mark_all(&mut spaces.memory, object.address(), size);
        spaces.old.note_marked(size);
    }

    /// Takes up to `pieces` objects, pieces of arrays or, when there are none, ephemerons.
    pub(crate) fn step(&mut self, spaces: &mut Spaces, pieces: u64) -> Progress {
        for _ in 0..self.trace(spaces, pieces) {
            match self.look_at_ephemeron(spaces) {
                Some(Look::Waits) => {}
                Some(Look::Alive) => return Progress::More,
                None => return Progress::Done,
            }
        }
        if self.is_done() { Progress::Done } else { Progress::More }
    }

    /// Takes up to `pieces` objects, or pieces of arrays, from the worklist; how many of `pieces` are left.
    pub(crate) fn trace(&mut self, spaces: &mut Spaces, pieces: u64) -> u64 {
        if self.waiting.is_by_key() {
            self.trace_keys::<true>(spaces, pieces)
        } else {
            self.trace_keys::<false>(spaces, pieces)
        }
    }

    /// As [`Marker::trace`]; `BY_KEY` if ephemerons have to be told of each object.
    #[inline(always)]
    fn trace_keys<const BY_KEY: bool>(&mut self, spaces: &mut Spaces, pieces: u64) -> u64 {
        for taken in 0..pieces {
            let fetch = |object: &ObjectRef| prefetch(spaces, object.address());
            if let Some(object) = self.grey.pop(fetch) {
                if BY_KEY {
                    self.waiting.note_marked(object);
                }
                self.blacken(spaces, object);
            } else if let Some(piece) = self.arrays.pop() {
                self.scan_piece(spaces, piece);
            } else {
                return pieces - taken;
            }
        }
        0
    }

    /// Looks whether the key of an ephemeron that waits is alive by now; `None` if none of them needs that.
    fn look_at_ephemeron(&mut self, spaces: &Spaces) -> Option<Look> {
        let ephemeron = self.waiting.next(self.marked_bytes)?;
        self.looks += 1;
        Some(self.scan_ephemeron(spaces, ephemeron))
    }

    /// Shades the value of an ephemeron if its key is alive or null; if not, the ephemeron waits.
    fn scan_ephemeron(&mut self, spaces: &Spaces, ephemeron: Ephemeron) -> Look {
        self.work.slots += 1;
        if let Some(key) = ephemeron.key(&spaces.memory)
            && !is_live(self.scope, spaces, key)
        {
            self.waiting.add(ephemeron, key);
            return Look::Waits;
        }
        self.work.slots += 1;
        if !spaces.faults.make(Fault::EphemeronValueUnmarked) {
            self.shade_slot(spaces, ephemeron.value_slot());
        }
        Look::Alive
    }

    /// When nothing is left to do: clears the ephemerons whose keys are dead.
    pub(crate) fn clear_dead_keys(&mut self, spaces: &mut Spaces) {
        if spaces.faults.make(Fault::EphemeronKept) {
            return;
        }
        for ephemeron in self.waiting.take() {
            self.work.slots += 1;
            let key = ephemeron.key(&spaces.memory);
            if key.is_some_and(|key| !is_live(self.scope, spaces, key)) {
                ephemeron.clear(&mut spaces.memory);
            }
        }
    }

    /// Queues the objects that are dead and to be finalized. False if there are none.
    pub(crate) fn queue_finalizable(&self, spaces: &Spaces, finalizers: &mut Finalizers) -> bool {
        finalizers.queue_dead(|object| is_live(self.scope, spaces, object))
    }

    /// Marks what has been queued, with all that it refers to.
    pub(crate) fn resurrect(&mut self, spaces: &mut Spaces, finalizers: &mut Finalizers) {
        if !spaces.faults.make(Fault::FinalizableLost) {
            finalizers.queued().for_each(|object| self.shade(spaces, object));
        }
        if spaces.faults.make(Fault::FinalizedTwice) {
            finalizers.keep_registered();
        }
        while self.step(spaces, u64::MAX) == Progress::More {}
        self.clear_dead_keys(spaces);
    }

    /// What is grey: reached, and not or not wholly scanned. Some entries wait although their objects are black already.
    pub(crate) fn grey(&self, spaces: &Spaces) -> impl Iterator<Item = ObjectRef> {
        let is_white = |object: &ObjectRef| !MarkBits::is_marked(&spaces.memory, object.address());
        self.grey.iter().copied().filter(is_white).chain(self.arrays.iter().map(|piece| piece.array))
    }

    /// Whether the marking goes where `object` lies.
    pub(crate) fn colours(&self, spaces: &Spaces, object: ObjectRef) -> bool {
        self.scope == Scope::WholeHeap || !spaces.is_young(object)
    }

    /// What it goes through.
    pub(crate) fn scope(&self) -> Scope {
        self.scope
    }

    /// Whether nothing is left to do.
    pub(crate) fn is_done(&self) -> bool {
        self.is_traced() && self.waiting.is_settled(self.marked_bytes)
    }

    /// Whether nothing is grey.
    pub(crate) fn is_traced(&self) -> bool {
        self.grey.is_empty() && self.arrays.is_empty()
    }

    /// Whether fewer than `count` objects are grey, and no array in part. Some may be black already.
    pub(crate) fn is_nearly_traced(&self, count: usize) -> bool {
        self.grey.len() < count && self.arrays.is_empty()
    }

    /// Makes an object grey that the program has come across, if it is white: whether it was.
    pub(crate) fn shade_white(&mut self, spaces: &Spaces, object: ObjectRef) -> bool {
        let is_white = self.colours(spaces, object) && !MarkBits::is_marked(&spaces.memory, object.address());
        if is_white {
            self.grey.push(object);
        }
        is_white
    }

    /// Bytes of all that has been scanned, long arrays by the piece: how far the marking has come.
    pub(crate) fn marked_bytes(&self) -> u64 {
        self.marked_bytes
    }

    /// Bytes of all objects that have been scanned, and of an ephemeron for each look at one: a measure of the time taken.
    pub(crate) fn effort_bytes(&self) -> u64 {
        self.marked_bytes + EPHEMERON_BYTES * self.looks
    }

    /// Marks and scans an object, unless it is black.
    #[inline(always)]
    fn blacken(&mut self, spaces: &mut Spaces, object: ObjectRef) {
        let header = object.header(&spaces.memory);
        let size = header.size();
        if !mark_body(spaces, object, size) {
            return;
        }
        self.work.marked_objects += 1;
        self.work.marked_bytes += size.bytes();
        if is_long(header) {
            return self.scan_piece(spaces, Piece { array: object, first: 0 });
        }
        self.marked_bytes += size.bytes();
        match spaces.shapes.slots(object, header) {
            Slots::Ephemeron(ephemeron) => {
                self.scan_ephemeron(spaces, ephemeron);
            }
            slots => self.shade_slots(spaces, slots),
        }
        if let Some(evacuation) = &mut self.evacuation {
            evacuation.note(spaces, object, header);
        }
    }

    /// Scans the next slots of a long array.
    fn scan_piece(&mut self, spaces: &Spaces, piece: Piece) {
        let header = piece.array.header(&spaces.memory);
        let end = piece.first.saturating_add(PIECE).min(header.length());
        if end < header.length() {
            self.arrays.push(Piece { first: end, ..piece });
        }
        self.marked_bytes += array_bytes(header.kind(), end - piece.first);
        self.shade_slots(spaces, spaces.shapes.slots_in(piece.array, header, piece.first..end));
        if let Some(evacuation) = &mut self.evacuation {
            let cards = piece.first / header.elements_per_card()
                ..end.min(header.length()).div_ceil(header.elements_per_card());
            cards.for_each(|card| evacuation.note_card(spaces, piece.array, header, card));
        }
    }

    /// Prepares an evacuation to be carried out when the marking ends.
    pub(crate) fn prepare_evacuation(&mut self, evacuation: Option<Evacuation>) {
        self.evacuation = evacuation;
    }

    /// The evacuation that has been prepared.
    pub(crate) fn take_evacuation(&mut self) -> Option<Evacuation> {
        self.evacuation.take()
    }

    /// Before a scavenge: takes note of what the objects logged since the last one refer to.
    pub(crate) fn note_remembered(&mut self, spaces: &Spaces, remembered: &Remembered) {
        let Some(evacuation) = &mut self.evacuation else { return };
        for object in remembered.objects() {
            evacuation.note(spaces, *object, object.header(&spaces.memory));
        }
        for (array, card) in remembered.cards() {
            evacuation.note_card(spaces, *array, array.header(&spaces.memory), *card);
        }
    }

    /// Takes note of what an object refers to that has become old.
    #[inline]
    pub(crate) fn note_promoted(&mut self, spaces: &Spaces, object: ObjectRef, header: Header) {
        if let Some(evacuation) = &mut self.evacuation {
            evacuation.note(spaces, object, header);
        }
    }

    /// Shades what the slots refer to; of an ephemeron the value.
    #[inline(always)]
    fn shade_slots(&mut self, spaces: &Spaces, slots: Slots) {
        match slots {
            Slots::Words(words) => {
                self.work.slots += words.len() as u64;
                words.for_each(|slot| self.shade_slot(spaces, slot));
            }
            Slots::Values(values) => {
                self.work.slots += values.len() as u64;
                values.for_each(|slot| self.shade_slot(spaces, slot));
            }
            Slots::Typed(typed) => self.shade_typed(spaces, typed),
            Slots::Ephemeron(ephemeron) => {
                self.work.slots += 1;
                self.shade_slot(spaces, ephemeron.value_slot());
            }
        }
    }

    #[inline(never)]
    fn shade_typed(&mut self, spaces: &Spaces, typed: TypedSlots) {
        spaces.shapes.typed(typed).for_each(spaces.memory.base(), |slot| {
            self.work.slots += 1;
            self.shade_slot(spaces, slot);
        });
    }

    #[inline(always)]
    fn shade_slot(&mut self, spaces: &Spaces, slot: impl Slot) {
        if let Some(object) = slot.load(&spaces.memory)
            && !spaces.faults.make(Fault::ChildUnmarked)
        {
            self.shade(spaces, object);
        }
    }

    /// The work done since it was taken last.
    pub(crate) fn work(&self) -> Work {
        self.work
    }

    /// The work done since the last call.
    pub(crate) fn take_work(&mut self) -> Work {
        std::mem::take(&mut self.work)
    }
}

/// Marks an object; whether it was unmarked. If it lies in old space, all of its granules are marked, so that the holes
/// between objects can be read off the bits.
#[inline(always)]
fn mark_body(spaces: &mut Spaces, object: ObjectRef, size: Granules) -> bool {
    let address = object.address();
    if spaces.faults.make(Fault::MarkLost) {
        return true;
    }
    if spaces.new.contains(object) || size >= MIN_LARGE && spaces.is_large(object) {
        return MarkBits::mark(&mut spaces.memory, address);
    }
    let is_new = MarkBits::mark_unmarked(&mut spaces.memory, address, size);
    if is_new {
        spaces.old.note_marked(size);
    }
    is_new
}

/// Asks for the header of an object and for its mark bits.
#[inline(always)]
fn prefetch(spaces: &Spaces, address: Address) {
    spaces.memory.prefetch(address);
    MarkBits::prefetch(&spaces.memory, address);
}

#[inline(always)]
fn is_long(header: Header) -> bool {
    matches!(header.kind(), Kind::Slots | Kind::Values | Kind::Typed) && header.length() > PIECE
}
