//! The scavenge: Cheney's copying collection of new space (C. J. Cheney, "A nonrecursive list compacting
//! algorithm", 1970), with promotion to old space.
//!
//! ```text
//! to-space  | scanned (black) | copied, not scanned (grey) | free     |
//!                             scan                         top
//! ```
//!
//! To-space is its own queue: everything between `scan` and `top` has been copied but its slots still refer to
//! from-space. Promoted objects are scanned in the same way where they lie in old space (see [`Grey`]). The scavenge is
//! done when no grey object is left in either.
//!
//! Invariants:
//! - It cannot fail half-way. A promotion that finds no room in old space becomes a copy, and to-space has room for
//!   all of from-space by construction.
//! - It looks at the young generation, its roots and the remembered set only: its cost does not depend on the size
//!   of the old generation.

use super::awaited::Awaited;
use super::finalize::Finalizers;
use super::grey::Grey;
use super::mark::Marker;
use super::remembered::Remembered;
use super::roots::Roots;
use crate::event::{MAX_AGE, Work};
use crate::fault::Fault;
use crate::memory::{Address, Granules, Memory};
use crate::object::{
    Cards, Ephemeron, Header, HeaderState, ObjectRef, Slot, Slots, TypedSlots, ValueSlots, WordSlots,
};
use crate::policy::{Fate, Promotion};
use crate::space::{Large, MarkBits, Semispace, Spaces};
use std::mem;

/// Remembered objects whose headers are fetched ahead: they lie all over the old generation.
const REMEMBERED_AHEAD: usize = 16;

/// One scavenge under way.
#[derive(Debug)]
pub(crate) struct Scavenger<'h> {
    spaces: &'h mut Spaces,
    remembered: &'h mut Remembered,
    promotion: Promotion,
    /// The marking under way, if there is one: what becomes old is then born black.
    marker: Option<&'h mut Marker>,
    from: Semispace,
    /// Start of to-space.
    to: Address,
    /// How far to-space may fill before every further survivor is promoted.
    to_limit: Granules,
    /// Grey objects of to-space.
    copied: Grey,
    /// Grey objects of the old generation.
    promoted: Grey,
    /// Ephemerons whose keys have not been reached.
    awaited: Awaited,
    survived_bytes_by_age: [u64; MAX_AGE as usize + 1],
    /// How much of that is large objects, which do not lie in from-space.
    survived_large_bytes: u64,
    work: Work,
}

impl<'h> Scavenger<'h> {
    /// Swaps the semispaces; nothing has moved yet.
    pub(crate) fn flip(
        spaces: &'h mut Spaces,
        remembered: &'h mut Remembered,
        promotion: Promotion,
        marker: Option<&'h mut Marker>,
    ) -> Self {
        let from = spaces.new.flip();
        let to = spaces.new.top();
        spaces.memory.permit(to, spaces.new.most_capacity());
        let to_limit = Granules(promotion.to_space_limit(spaces.new.capacity().0));
        let (copied, promoted) = (Grey::at(to), Grey::at(to));
        let survived_bytes_by_age = [0; MAX_AGE as usize + 1];
        Scavenger {
            spaces,
            remembered,
            promotion,
            marker,
            from,
            to,
            to_limit,
            copied,
            promoted,
            awaited: Awaited::default(),
            survived_bytes_by_age,
            survived_large_bytes: 0,
            work: Work::default(),
        }
    }

    /// Forwards what the roots refer to.
    pub(crate) fn scan_roots(&mut self, roots: &mut Roots) {
        let (handles, persistent) = (roots.handles.len(), roots.persistent.young_len());
        self.work.roots += (handles + persistent + roots.finalizers.young_queued()) as u64;
        if !self.spaces.faults.make(Fault::HandleSkipped) {
            for handle in roots.handles.iter_mut() {
                *handle = self.forward(*handle);
            }
        }
        if !self.spaces.faults.make(Fault::RootSkipped) {
            roots.persistent.update_young(|object| {
                let target = self.forward(object);
                Some((target, self.spaces.new.contains(target)))
            });
        }
        self.scan_finalizable(&mut roots.finalizers);
    }

    /// Forwards the young objects that wait to be finalized.
    fn scan_finalizable(&mut self, finalizers: &mut Finalizers) {
        if !self.spaces.faults.make(Fault::FinalizableLost) {
            finalizers.update_queue(|object| {
                let target = self.forward(object);
                (target, self.spaces.new.contains(target))
            });
        }
    }

    /// Forwards what remembered objects refer to, and forgets those that refer to no young object any more.
    pub(crate) fn scan_remembered(&mut self) {
        self.work.remembered += self.remembered.len() as u64;
        if self.spaces.faults.make(Fault::RememberedSkipped) {
            return;
        }
        let objects = self.remembered.take_objects();
        for (index, object) in objects.iter().enumerate() {
            if let Some(later) = objects.get(index + REMEMBERED_AHEAD) {
                self.spaces.memory.prefetch(later.address());
            }
            self.scan_remembered_object(*object);
        }
        for (object, card) in self.remembered.take_cards() {
            let header = object.header(&self.spaces.memory);
            Cards::of(object, header).clear(&mut self.spaces.memory, card);
            self.scan_card(object, header, card);
        }
    }

    fn scan_remembered_object(&mut self, object: ObjectRef) {
        let header = object.header(&self.spaces.memory);
        if self.scan_slots(self.spaces.shapes.slots(object, header)) {
            self.remembered.add(&mut self.spaces.memory, object, header);
        } else if !self.spaces.faults.make(Fault::NotRearmed) {
            object.set_header(&mut self.spaces.memory, header.unlogged());
        }
    }

    /// Copies the transitive closure of what has been forwarded so far.
    #[inline(never)]
    pub(crate) fn copy_closure(&mut self) {
        loop {
            if let Some((object, header)) = self.next_grey() {
                self.scan(object, header);
            } else if let Some(ephemeron) = self.awaited.next_ready() {
                self.scan_ephemeron(ephemeron);
            } else {
                break;
            }
        }
    }

    #[inline(always)]
    fn next_grey(&mut self) -> Option<(ObjectRef, Header)> {
        let memory = &self.spaces.memory;
        self.copied.next(memory).or_else(|| self.promoted.next(memory))
    }

    /// Scans a grey object. One that has become old is remembered if it refers to young ones; for one that is young
    /// itself that does not matter.
    #[inline(always)]
    fn scan(&mut self, object: ObjectRef, header: Header) {
        if let Some(marker) = &mut self.marker
            && header.is_unlogged()
        {
            marker.note_promoted(self.spaces, object, header);
        }
        if header.is_unlogged() && header.cards() > 0 {
            return (0..header.cards()).for_each(|card| self.scan_card(object, header, card));
        }
        let any_young = match self.spaces.shapes.slots(object, header) {
            Slots::Words(words) => self.scan_words(words),
            Slots::Values(values) => self.scan_values(values),
            Slots::Typed(typed) => self.scan_typed(typed),
            Slots::Ephemeron(ephemeron) => self.scan_ephemeron(ephemeron),
        };
        if any_young && header.is_unlogged() && !self.spaces.faults.make(Fault::PromotedForgotten) {
            self.remembered.add(&mut self.spaces.memory, object, header);
        }
    }

    /// Scans a card of an old array, and remembers it if it refers to young objects.
    #[inline(never)]
    fn scan_card(&mut self, object: ObjectRef, header: Header, card: u32) {
        let slots = self.spaces.shapes.slots_of_card(object, header, card);
        if self.scan_slots(slots) && !self.spaces.faults.make(Fault::CardForgotten) {
            self.remembered.add_card(&mut self.spaces.memory, object, header, card);
        }
    }

    /// Forwards what the slots of an old object refer to; whether any of that is still young.
    #[inline(never)]
    fn scan_slots(&mut self, slots: Slots) -> bool {
        match slots {
            Slots::Words(words) => self.scan_words(words),
            Slots::Values(values) => self.scan_values(values),
            Slots::Typed(typed) => self.scan_typed(typed),
            Slots::Ephemeron(ephemeron) => self.scan_ephemeron(ephemeron),
        }
    }

    /// Forwards key and value of an ephemeron if its key has been reached or is null; if not, it waits. Whether it may
    /// still refer to young objects.
    #[cold]
    fn scan_ephemeron(&mut self, ephemeron: Ephemeron) -> bool {
        self.work.slots += 2;
        if let Some(key) = ephemeron.key(&self.spaces.memory)
            && !self.is_reached(key)
        {
            self.awaited.add(&mut self.spaces.memory, ephemeron, key);
            // It stays remembered, if it is old, until the next scavenge looks again.
            return !self.spaces.faults.make(Fault::EphemeronForgotten);
        }
        let is_key_young = self.scan_slot(ephemeron.key_slot());
        let keeps_value = !self.spaces.faults.make(Fault::EphemeronValueLost);
        keeps_value && self.scan_slot(ephemeron.value_slot()) || is_key_young
    }

    /// Whether an object is old or has been reached.
    fn is_reached(&self, object: ObjectRef) -> bool {
        if self.from.contains(object) {
            return matches!(object.state(&self.spaces.memory), HeaderState::Forwarded(_));
        }
        if !self.spaces.is_young_large(object) {
            return true;
        }
        matches!(object.state(&self.spaces.memory), HeaderState::Live(header) if has_survived(header))
    }

    /// When the closure has been copied: clears the ephemerons whose keys are dead.
    pub(crate) fn clear_dead_keys(&mut self) {
        for ephemeron in self.awaited.take_dead(&mut self.spaces.memory) {
            if !self.spaces.faults.make(Fault::EphemeronKept) {
                ephemeron.clear(&mut self.spaces.memory);
            }
        }
    }

    #[inline(always)]
    fn scan_words(&mut self, mut words: WordSlots) -> bool {
        self.work.slots += words.len() as u64;
        if self.spaces.faults.make(Fault::SlotSkipped) {
            words.next();
        }
        let mut any_young = false;
        for slot in words {
            any_young |= self.scan_slot(slot);
        }
        any_young
    }

    #[inline(never)]
    fn scan_values(&mut self, values: ValueSlots) -> bool {
        self.work.slots += values.len() as u64;
        let mut any_young = false;
        for slot in values {
            any_young |= self.scan_slot(slot);
        }
        any_young
    }

    #[inline(never)]
    fn scan_typed(&mut self, typed: TypedSlots) -> bool {
        let mut any_young = false;
        self.spaces.shapes.typed(typed).for_each(self.spaces.memory.base(), |slot| {
            self.work.slots += 1;
            any_young |= self.scan_slot(slot);
        });
        any_young
    }

    /// Forwards what `slot` refers to; whether that is still young.
    #[inline(always)]
    fn scan_slot(&mut self, slot: impl Slot) -> bool {
        let Some(object) = slot.load(&self.spaces.memory) else { return false };
        let target = self.forward(object);
        if target != object {
            slot.store(&mut self.spaces.memory, target);
        }
        self.spaces.new.contains(target)
    }

    /// Where `object` is after this scavenge, having seen to it that it is alive.
    #[inline(always)]
    fn forward(&mut self, object: ObjectRef) -> ObjectRef {
        if !self.from.contains(object) {
            if self.spaces.is_young_large(object) {
                self.reach_large(object);
            }
            return object;
        }
        match object.state(&self.spaces.memory) {
            HeaderState::Forwarded(_) if self.spaces.faults.make(Fault::StaleForwarding) => object,
            HeaderState::Forwarded(target) => target,
            HeaderState::Live(header) => self.evacuate(object, header),
            HeaderState::Awaited(number) => self.reach_awaited(object, number),
        }
    }

    /// Moves a live object for which ephemerons wait out of from-space.
    #[cold]
    #[inline(never)]
    fn reach_awaited(&mut self, object: ObjectRef, number: u32) -> ObjectRef {
        let header = self.awaited.reach(&mut self.spaces.memory, number);
        self.evacuate(object, header)
    }

    /// Moves a live object out of from-space.
    #[inline(always)]
    fn evacuate(&mut self, object: ObjectRef, header: Header) -> ObjectRef {
        let size = header.size();
        let age = header.age();
        self.survived_bytes_by_age[usize::from(age)] += size.bytes();
        let to_used = self.spaces.new.top() + size - self.to;
        let target = match self.promotion.fate(age, to_used.0, self.to_limit.0) {
            Fate::Copy => self.copy(object, header, size),
            Fate::Promote => self.promote(object, header, size),
        };
        object.forward_to(&mut self.spaces.memory, target);
        target
    }

    /// Copies an object to to-space.
    #[inline(always)]
    fn copy(&mut self, object: ObjectRef, header: Header, size: Granules) -> ObjectRef {
        let target = self.spaces.new.allocate(size).expect("to-space has room for all of from-space");
        let header = match () {
            () if self.spaces.faults.make(Fault::WrongSize) => header.one_granule_larger(),
            () if self.spaces.faults.make(Fault::YoungUnlogged) => header.aged().unlogged(),
            () => header.aged(),
        };
        self.write(object, header, size, target);
        self.copied.push(target, size);
        target
    }

    /// Moves an object to old space, or to to-space if old space has no room.
    #[inline(always)]
    fn promote(&mut self, object: ObjectRef, header: Header, size: Granules) -> ObjectRef {
        let spaces = &mut *self.spaces;
        let Some(target) = spaces.old.allocate(&mut spaces.memory, &mut spaces.pages, &spaces.faults, size)
        else {
            return self.copy(object, header, size);
        };
        let header = if spaces.faults.make(Fault::ShapeLost) { header.of_no_shape() } else { header };
        self.write(object, header.aged().unlogged(), size, target);
        if self.marker.is_some() && !self.spaces.faults.make(Fault::BornWhite) {
            Marker::mark_born(self.spaces, target, size);
        }
        self.promoted.push(target, size);
        target
    }

    /// Writes an object to its new place.
    #[inline(always)]
    fn write(&mut self, object: ObjectRef, header: Header, size: Granules, target: ObjectRef) {
        target.set_header(&mut self.spaces.memory, header);
        let (from, to) = (object.address(), target.address());
        let (from, to, body) = (from + Granules(1), to + Granules(1), size - Granules(1));
        self.spaces.memory.copy(from, to, body);
    }

    /// Makes a young large object old, where it is.
    #[cold]
    fn reach_large(&mut self, object: ObjectRef) {
        let memory = &mut self.spaces.memory;
        let header = match object.state(memory) {
            HeaderState::Awaited(number) => self.awaited.reach(memory, number),
            _ => object.header(memory),
        };
        if has_survived(header) {
            return;
        }
        if self.marker.is_some() && !self.spaces.faults.make(Fault::LargeBornWhite) {
            MarkBits::mark(&mut self.spaces.memory, object.address());
        }
        self.survived_bytes_by_age[usize::from(header.age())] += header.size().bytes();
        self.survived_large_bytes += header.size().bytes();
        object.set_header(&mut self.spaces.memory, header.aged().unlogged());
        self.promoted.push(object, header.size());
    }

    /// Clears weak handles to dead young objects.
    pub(crate) fn clear_weak(&mut self, roots: &mut Roots) {
        if !self.spaces.faults.make(Fault::WeakKept) {
            roots.weak.update_young(|object| fate(self.spaces, self.from, object));
        }
    }

    /// Queues the young objects that are dead and to be finalized. False if there are none.
    pub(crate) fn queue_finalizable(&mut self, finalizers: &mut Finalizers) -> bool {
        finalizers.queue_dead_young(|object| fate(self.spaces, self.from, object))
    }

    /// Copies what has been queued, with all that it refers to.
    pub(crate) fn resurrect(&mut self, finalizers: &mut Finalizers) {
        self.scan_finalizable(finalizers);
        if self.spaces.faults.make(Fault::FinalizedTwice) {
            finalizers.keep_registered();
        }
        self.copy_closure();
        self.clear_dead_keys();
    }

    /// Frees what dead young objects own.
    pub(crate) fn free_owned(&mut self) {
        let (spaces, from) = (&mut *self.spaces, self.from);
        let (mut external, mut hosted) = (mem::take(&mut spaces.external), mem::take(&mut spaces.hosted));
        if !spaces.faults.make(Fault::BufferKept) {
            external.update_young(|object| fate(spaces, from, object));
            hosted.update_young(|object| fate(spaces, from, object));
        }
        (spaces.external, spaces.hosted) = (external, hosted);
    }

    /// Tells identities and numbers where the young objects are now, and which are dead.
    pub(crate) fn update_identities(&self, roots: &mut Roots) {
        if !self.spaces.faults.make(Fault::IdentityKept) {
            roots.identities.update_young(|object| fate(self.spaces, self.from, object));
        }
        if let Some(numbering) = &mut roots.numbering {
            numbering.update_young(self.from, |object| fate(self.spaces, self.from, object));
        }
    }

    /// Frees the young large objects that were not reached. To be called last.
    pub(crate) fn free_large(&mut self) {
        let spaces = &mut *self.spaces;
        let faulty = spaces.faults.make(Fault::LargeFreed);
        let survived = |memory: &Memory, large: Large| has_survived(large.object.header(memory)) && !faulty;
        let freed_bytes = spaces.large.promote_young(&mut spaces.memory, &mut spaces.pages, survived);
        let survived_bytes = self.survived_bytes_by_age.iter().sum::<u64>() - self.survived_large_bytes;
        self.work.freed_bytes += freed_bytes + self.from.used.bytes() - survived_bytes;
    }

    /// The work done since the last call.
    pub(crate) fn take_work(&mut self) -> Work {
        let (copied, promoted) = (self.copied.take_scanned(), self.promoted.take_scanned());
        (self.work.copied_objects, self.work.copied_bytes) = (copied.objects, copied.size.bytes());
        (self.work.promoted_objects, self.work.promoted_bytes) = (promoted.objects, promoted.size.bytes());
        mem::take(&mut self.work)
    }

    /// From-space, and the bytes that survived by the age they had in it.
    pub(crate) fn finish(self) -> (Semispace, [u64; MAX_AGE as usize + 1]) {
        debug_assert!(self.copied.is_empty() && self.promoted.is_empty());
        (self.from, self.survived_bytes_by_age)
    }
}

/// Whether a large object that was young when the scavenge started has been reached: the first one makes it old, so
/// until then its age is 0.
fn has_survived(header: Header) -> bool {
    header.age() > 0
}

/// After the closure has been copied: where a young object is now and whether it is still young, or that it died.
fn fate(spaces: &Spaces, from: Semispace, object: ObjectRef) -> Option<(ObjectRef, bool)> {
    if from.contains(object) {
        return match object.state(&spaces.memory) {
            HeaderState::Forwarded(target) => Some((target, spaces.new.contains(target))),
            HeaderState::Live(_) | HeaderState::Awaited(_) => None,
        };
    }
    if spaces.is_young_large(object) {
        return has_survived(object.header(&spaces.memory)).then_some((object, false));
    }
    Some((object, spaces.new.contains(object)))
}
