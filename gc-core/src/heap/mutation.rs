//! What the typed face asks of the heap: allocation that never collects, and the collection at the next boundary that makes
//! up for it.
//!
//! While a program changes objects through plain references nothing may move. So an allocation that finds new space full
//! enlarges it, and when that is not allowed, goes to old space; what should have been done instead is noted as [`Due`],
//! and done at the boundary, when the program holds no references. No event is told meanwhile: sinks are code of the
//! program.

use super::allocate::ALWAYS_SMALL;
use super::marking::Share;
use super::{Heap, HeapFull, MAX_OLD_BYTES, MAX_SMALL_BYTES, Root};
use crate::collect::Marker;
use crate::event::{Cause, Event};
use crate::fault::Fault;
use crate::memory::{Granules, Memory, StableBox, WORDS_PER_GRANULE};
use crate::object::{Body, Description, Ephemeron, Header, Kind, ObjectRef, ShapeError, Slot, slot};
use crate::space::PAGE_BYTES;
use std::ops::Range;

/// What allocations leave to be done at the next boundary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Due {
    /// Nothing.
    #[default]
    Nothing,
    /// A record point.
    Point,
    /// The share of a marking or a sweep that is to be paid for by what has been allocated.
    Step,
    /// A scavenge.
    Scavenge(Cause),
    /// Everything: an allocation of so many bytes was refused.
    Everything { requested_bytes: u64 },
}

impl Due {
    fn rank(self) -> u8 {
        match self {
            Due::Nothing => 0,
            Due::Point => 1,
            Due::Step => 2,
            Due::Scavenge(_) => 3,
            Due::Everything { .. } => 4,
        }
    }
}

/// Between two boundaries.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mutating {
    due: Due,
    /// Capacity of a semispace before it had to be enlarged.
    capacity_before: Option<Granules>,
    /// Bytes of pages that a large object may want: there should be room for it after each boundary. What the largest one has
    /// had, and an eighth less after each collection that was made for its sake: it may have been the only one.
    wanted_page_bytes: u64,
    /// Least bytes of pages in use at a boundary since then: what that collection could not free.
    least_page_bytes: u64,
}

impl Mutating {
    /// The capacity of a semispace before it had to be enlarged, if it was.
    pub(super) fn take_capacity_before(&mut self) -> Option<Granules> {
        self.capacity_before.take()
    }
}

impl Heap {
    /// The memory.
    #[inline(always)]
    pub(crate) fn memory(&self) -> &Memory {
        &self.spaces.memory
    }

    /// Adds a shape; its number.
    pub(crate) fn add_shape(
        &mut self,
        name: &str,
        body: Body,
        description: Description,
    ) -> Result<u16, ShapeError> {
        self.spaces.shapes.add(name, body, description)
    }

    /// Room for an object of `size` in new space, if it is a small one and there is room at hand. Nothing of it is written.
    #[inline(always)]
    pub(crate) fn bump(&mut self, size: Granules) -> Option<ObjectRef> {
        if size <= ALWAYS_SMALL { self.spaces.new.allocate(size) } else { None }
    }

    /// Makes an object without collecting. Its header and the bits of its cards are written, its body is not.
    #[inline(never)]
    pub(crate) fn allocate_still(&mut self, header: Header) -> Result<ObjectRef, HeapFull> {
        if self.sampling.is_some() {
            return self.sampled(|heap| heap.allocate_unsampled(header));
        }
        self.allocate_unsampled(header)
    }

    #[inline(always)]
    fn allocate_unsampled(&mut self, header: Header) -> Result<ObjectRef, HeapFull> {
        let size = header.size();
        let object = if size <= self.largest_small {
            self.small_still(header, size)
        } else {
            self.large_still(header, size)
        };
        object.ok_or_else(|| self.refuse_still(size.bytes()))
    }

    /// Refuses an object of `size` that no heap with this limit has room for, before the program goes to any length to
    /// make it.
    pub(crate) fn check_limit(&mut self, size: Granules) -> Result<(), HeapFull> {
        let fits = size <= self.largest_small || size.bytes() <= self.config.max_old_bytes;
        if fits { Ok(()) } else { Err(self.refuse_still(size.bytes())) }
    }

    /// Refuses an object of so many bytes, which may be more than any heap holds.
    pub(crate) fn refuse_still(&mut self, bytes: u64) -> HeapFull {
        let full = HeapFull::new(bytes);
        self.ledger.stats.heap_full += 1;
        self.owe(Due::Everything { requested_bytes: full.requested_bytes() });
        full
    }

    /// The end of new space, which is left for what the program allocates from when a scavenge is due up to the boundary:
    /// there may be no room elsewhere.
    fn slack(&self) -> Granules {
        Granules(self.spaces.new.capacity().0 / 8).min(Granules::holding(MAX_SMALL_BYTES))
    }

    /// After a collection of any kind: lets the program allocate until something is due.
    pub(crate) fn set_allowance_still(&mut self) {
        if let Some(kept) = self.take_kept_allowance() {
            return self.allow(kept);
        }
        if self.is_short_of_pages() {
            self.owe(Due::Scavenge(Cause::YoungLargeFull));
        }
        // Half at least: a heap that is all but full would otherwise be collected again after every object.
        let free = self.spaces.new.free().0;
        let up_to_slack = Granules(free.saturating_sub(self.slack().0).max(free / 2));
        self.allow(self.allowance().min(up_to_slack));
    }

    fn small_still(&mut self, header: Header, size: Granules) -> Option<ObjectRef> {
        match self.young_still(size) {
            Some(object) => Some(self.born_young(object, header)),
            None => self.born_old(header, size),
        }
    }

    /// Room for an object of `size` in new space, which may be enlarged for it.
    fn young_still(&mut self, size: Granules) -> Option<ObjectRef> {
        if let Some(object) = self.spaces.new.allocate(size) {
            return Some(object);
        }
        if self.goes_on_until_point(size) {
            self.owe(Due::Point);
            return self.spaces.new.allocate(size);
        }
        self.owe(Due::Step);
        let object = self.spaces.new.allocate_to_capacity(size);
        if object.is_none() || self.spaces.new.free() < self.slack() {
            self.owe(Due::Scavenge(Cause::NewSpaceFull));
        }
        if object.is_none() && self.enlarge_new_space(size) {
            return self.spaces.new.allocate_to_capacity(size);
        }
        object
    }

    /// Enlarges new space for an object of `size`, if the configuration allows that.
    fn enlarge_new_space(&mut self, size: Granules) -> bool {
        let new = &mut self.spaces.new;
        let (capacity, needed) = (new.capacity(), new.active().used + size);
        let most = Granules::holding(self.max_semispace_bytes);
        if needed > most {
            return false;
        }
        self.mutating.capacity_before.get_or_insert(capacity);
        new.set_capacity((capacity + capacity).max(needed).min(most));
        true
    }

    fn born_young(&mut self, object: ObjectRef, header: Header) -> ObjectRef {
        object.set_header(&mut self.spaces.memory, header);
        self.clear_cards(object, header);
        object
    }

    /// An object in old space: remembered, since it may be given references to young ones, and black if a marking is
    /// under way.
    fn born_old(&mut self, header: Header, size: Granules) -> Option<ObjectRef> {
        let object = self.place_in_old_space(header, size)?;
        self.remember_born_old(object, header);
        Some(object)
    }

    /// Room in old space for an object, black if a marking is under way; its cards are cleared.
    pub(super) fn place_in_old_space(&mut self, header: Header, size: Granules) -> Option<ObjectRef> {
        let spaces = &mut self.spaces;
        let object = spaces.old.allocate(&mut spaces.memory, &mut spaces.pages, &spaces.faults, size)?;
        if self.old_cycle.is_marking() && !spaces.faults.make(Fault::BornOldWhite) {
            Marker::mark_born(spaces, object, size);
        }
        self.ledger.work.allocated_bytes += size.bytes();
        self.clear_cards(object, header);
        Some(object)
    }

    /// Writes the header of an object in old space and remembers it.
    pub(super) fn remember_born_old(&mut self, object: ObjectRef, header: Header) {
        object.set_header(&mut self.spaces.memory, header.unlogged());
        if !self.spaces.faults.make(Fault::BornOldForgotten) {
            self.remembered.record(&mut self.spaces.memory, object, header.unlogged(), 0..header.length());
        }
        self.record_born_old(object);
    }

    fn large_still(&mut self, header: Header, size: Granules) -> Option<ObjectRef> {
        let spaces = &mut self.spaces;
        let object = spaces.large.allocate(&mut spaces.memory, &mut spaces.pages, size)?;
        self.ledger.work.allocated_bytes += size.bytes();
        let page_bytes = size.bytes().next_multiple_of(PAGE_BYTES as u64);
        self.mutating.wanted_page_bytes = self.mutating.wanted_page_bytes.max(page_bytes);
        let (young_bytes, room_bytes) =
            (self.spaces.large.young_bytes(), self.spaces.pages.room_left_bytes());
        let is_much = young_bytes > self.spaces.new.capacity().bytes().min(room_bytes)
            || room_bytes < self.mutating.wanted_page_bytes;
        self.owe(if is_much { Due::Scavenge(Cause::YoungLargeFull) } else { Due::Step });
        Some(self.born_young(object, header))
    }

    fn clear_cards(&mut self, object: ObjectRef, header: Header) {
        let size = header.cards_size();
        if size > Granules(0) && !self.spaces.faults.make(Fault::CardsNotCleared) {
            self.spaces.memory.fill(object.address() + header.cards_offset(), size, 0);
        }
    }

    fn owe(&mut self, due: Due) {
        if due.rank() > self.mutating.due.rank() {
            self.mutating.due = due;
        }
    }

    /// Whether allocations have left something to be done at the next boundary. Under stress any of them does.
    #[inline(always)]
    pub(crate) fn owes(&self) -> bool {
        self.mutating.due != Due::Nothing
    }

    /// Whether there is something to do at the next boundary.
    #[inline(always)]
    pub(crate) fn is_due(&self) -> bool {
        self.owes() || self.is_stressed()
    }

    /// The write barrier of an object any part of which may be stored into until the next boundary.
    #[inline(always)]
    pub(crate) fn log_all(&mut self, object: ObjectRef, header: Header) {
        if !self.spaces.faults.make(Fault::TypedBarrierDropped) {
            self.log(object, header, 0..header.length());
        }
    }

    /// The write barrier of the words `range` of the body of an object that holds references or typed values.
    #[inline(always)]
    pub(crate) fn log_words(&mut self, object: ObjectRef, header: Header, range: Range<u32>) {
        if header.is_to_be_told() && !self.spaces.faults.make(Fault::ElementBarrierDropped) {
            let has_granules = matches!(header.kind(), Kind::Typed | Kind::Values);
            let granules = range.start / WORDS_PER_GRANULE..range.end.div_ceil(WORDS_PER_GRANULE);
            self.log(object, header, if has_granules { granules } else { range });
        }
    }

    /// Writes bytes and the texts behind them, one behind the other, into an object of so many bytes.
    pub(crate) fn write_bytes(&mut self, object: ObjectRef, length: usize, start: &[u8], texts: &[&str]) {
        let mut place = self.spaces.memory.bytes_mut(object.address() + Granules(1), length);
        for bytes in std::iter::once(start).chain(texts.iter().map(|text| text.as_bytes())) {
            let (part, behind) = place.split_at_mut(bytes.len());
            part.copy_from_slice(bytes);
            place = behind;
        }
    }

    /// Makes an ephemeron, without collecting.
    pub(crate) fn ephemeron_still(
        &mut self,
        header: Header,
        key: ObjectRef,
        value: Option<ObjectRef>,
    ) -> Result<ObjectRef, HeapFull> {
        let object = self.allocate_still(header)?;
        Ephemeron::at(object).write(&mut self.spaces.memory, Some(key), value);
        Ok(object)
    }

    /// What word `index` of an ephemeron refers to.
    pub(crate) fn ephemeron_target(&mut self, ephemeron: ObjectRef, index: u32) -> Option<ObjectRef> {
        let target = slot(ephemeron, index).load(&self.spaces.memory)?;
        self.shade_weakly_reached(target);
        Some(target)
    }

    /// Whether the key of an ephemeron was found dead, or was never set. Does not count as reading the key.
    pub(crate) fn is_cleared(&self, ephemeron: ObjectRef) -> bool {
        slot(ephemeron, 0).load(&self.spaces.memory).is_none()
    }

    /// Makes an object own a host value, which stands for so many bytes of external memory.
    pub(crate) fn own_still(&mut self, owner: ObjectRef, value: StableBox, bytes: u64) {
        let is_young = self.spaces.is_young(owner);
        self.spaces.hosted.add(owner, is_young, value, bytes);
        if self.is_young_external_full() {
            self.owe(Due::Scavenge(Cause::YoungExternal));
        }
    }

    /// The host values whose owners have died, which are to be dropped.
    pub(crate) fn take_dead_host_values(&mut self) -> Vec<StableBox> {
        self.spaces.hosted.take_dead()
    }

    /// The number that tells an object from all others.
    pub(crate) fn identity(&mut self, object: ObjectRef) -> u64 {
        let is_young = self.spaces.is_young(object);
        self.roots.identities.of(object, is_young)
    }

    /// The number that tells an object from all others, if it has been asked for before.
    pub(crate) fn known_identity(&self, object: ObjectRef) -> Option<u64> {
        self.roots.identities.known(object)
    }

    /// Asks for an object to be queued when it has died.
    pub(crate) fn finalize_object(&mut self, object: ObjectRef) {
        let is_young = self.spaces.is_young(object);
        self.roots.finalizers.register(object, is_young);
    }

    /// Takes the object that has waited longest to be finalized.
    pub(crate) fn take_finalizable(&mut self) -> Option<ObjectRef> {
        self.roots.finalizers.take()
    }

    /// The object of a root; `None` if it is one of another heap.
    pub(crate) fn root_target(&self, root: &Root) -> Option<ObjectRef> {
        self.owns(root).then(|| self.rooted(root))
    }

    /// At a boundary, when the program holds no references into the heap: does what is due.
    pub(crate) fn collect_if_due(&mut self) {
        if self.is_stressed() {
            self.collect_under_stress();
        }
        self.record_point();
        match std::mem::take(&mut self.mutating.due) {
            Due::Nothing => {}
            Due::Point => self.keep_allowance(),
            Due::Step => self.pay_for_portion(),
            Due::Scavenge(cause) => self.scavenge_until_there_is_room(cause),
            Due::Everything { requested_bytes } => self.make_room_for(requested_bytes),
        }
        if self.is_short_of_pages() {
            self.collect_as_last_resort();
            self.mutating.wanted_page_bytes -= self.mutating.wanted_page_bytes / 8;
            self.mutating.least_page_bytes = self.spaces.pages.in_use_bytes();
        }
    }

    /// Does the share of the work in steps that what has been allocated since the last portion is to pay for.
    fn pay_for_portion(&mut self) {
        let free_bytes = self.spaces.new.free().bytes();
        let part = self.config.marking.step_bytes;
        if free_bytes < part + self.slack().bytes() {
            return self.scavenge_until_there_is_room(Cause::NewSpaceFull);
        }
        self.step_for_allocation(Share { part, left: free_bytes });
    }

    /// Collects a little, and more if that leaves new space crowded.
    fn scavenge_until_there_is_room(&mut self, cause: Cause) {
        self.collect_for_allocation(cause);
        if self.is_crowded() {
            self.collect_for_allocation(Cause::NewSpaceCrowded);
        }
        if self.is_crowded() {
            self.collect_as_last_resort();
        }
    }

    /// Whether survivors leave less than half of new space free.
    fn is_crowded(&self) -> bool {
        self.spaces.new.free() < Granules(self.spaces.new.capacity().0 / 2)
    }

    /// Whether there is no room for a large object, and there may be once everything is collected.
    fn is_short_of_pages(&mut self) -> bool {
        let (pages, mutating) = (&self.spaces.pages, &mut self.mutating);
        mutating.least_page_bytes = mutating.least_page_bytes.min(pages.in_use_bytes());
        let has_grown = pages.in_use_bytes() > mutating.least_page_bytes;
        has_grown && pages.room_left_bytes() < mutating.wanted_page_bytes
    }

    /// After an allocation was refused: collects everything, unless no collection could help, and asks the program for a
    /// higher limit for as long as there is still no room.
    fn make_room_for(&mut self, requested_bytes: u64) {
        let (at, limit_bytes) = (self.now(), self.config.max_old_bytes);
        self.ledger.tell(|| Event::HeapFull { at, requested_bytes, limit_bytes });
        if requested_bytes <= limit_bytes {
            self.collect_as_last_resort();
        }
        // For what no limit has room for, nobody is asked to raise it.
        while requested_bytes <= MAX_OLD_BYTES
            && !self.has_room_for(Granules::holding(requested_bytes))
            && self.raise_maximum(requested_bytes)
        {
            self.collect_minor_for(Cause::LastResort);
        }
    }

    /// Whether an allocation of `size` will find room, and for small objects many more.
    fn has_room_for(&self, size: Granules) -> bool {
        if size <= self.largest_small {
            !self.is_crowded()
        } else {
            size.bytes() <= self.spaces.pages.room_left_bytes()
        }
    }
}
