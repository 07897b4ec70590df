//! Allocation: a bump of a pointer, and what happens when that does not do.

use super::config::MIN_LARGE_BYTES;
use super::handle::Scope;
use super::{Heap, HeapFull, Local};
use crate::event::{Cause, Event, PauseKind};
#[cfg(feature = "faults")]
use crate::fault::Fault;
use crate::memory::{GRANULE_BYTES, Granules};
use crate::object::{Header, Kind, MAX_LENGTH, ObjectRef, Shape, ShapeWithSlots, array_bytes, slots_size};
use crate::policy::FutilityAccount;
use crate::space::PAGE_BYTES;

/// An object of this size is no large object, whatever the configuration.
pub(super) const ALWAYS_SMALL: Granules = Granules((MIN_LARGE_BYTES / GRANULE_BYTES) as u32);
/// Largest object, in bytes: more than any heap holds, less than would overflow a count of granules.
const MAX_OBJECT_BYTES: u64 = crate::heap::MAX_OLD_BYTES;

/// Under stress, collections after which everything is collected at once. Marking in steps has time to end meanwhile.
const STRESS_ROUND: u64 = 50;

/// Room for an object, as asked of the spaces.
#[derive(Clone, Copy, Debug)]
enum Demand {
    /// In new space.
    Small(Granules),
    /// On pages of its own.
    Large(Granules),
}

impl Heap {
    /// Allocates a fixed object with null slots and zero bytes. Like every allocation, it may collect.
    ///
    /// # Errors
    /// If the heap is full.
    ///
    /// # Panics
    /// If `shape` is not that of fixed objects. In debug builds, if it is registered with another heap.
    #[inline(always)]
    pub fn alloc(&mut self, shape: Shape) -> Result<Local, HeapFull> {
        shape.check_heap(self.id);
        let header = shape.header();
        let size = fixed_size(header);
        let object = self.allocate(header, size)?;
        object.set_header(&mut self.spaces.memory, header);
        self.clear(object, Granules(1), size);
        Ok(self.new_local(object))
    }

    /// Allocates a fixed object with these slots, as many as its shape has, and zero bytes. A
    /// [`FixedShape`](crate::FixedShape) leaves nothing to check.
    ///
    /// # Errors
    /// If the heap is full.
    ///
    /// # Panics
    /// If `shape` is not that of fixed objects with `N` slots. In debug builds, if it is registered with another heap.
    #[inline(always)]
    pub fn alloc_with<const N: usize>(
        &mut self,
        shape: impl ShapeWithSlots<N>,
        slots: [Option<Local>; N],
    ) -> Result<Local, HeapFull> {
        let object = self.make_with(shape, slots)?;
        Ok(self.new_local(object))
    }

    /// Allocates a fixed object with the slots that `parts` makes; handles made meanwhile end, and the new object's takes
    /// their place. The way to build trees: it keeps one handle a node in the making.
    ///
    /// ```
    /// use gc_core::{Config, FixedShape, Heap, HeapFull, Local};
    ///
    /// fn tree(heap: &mut Heap, node: FixedShape<2, 0>, depth: u32) -> Result<Local, HeapFull> {
    ///     if depth == 0 {
    ///         return heap.alloc_with(node, [None, None]);
    ///     }
    ///     heap.alloc_from(node, |heap| Ok([Some(tree(heap, node, depth - 1)?), Some(tree(heap, node, depth - 1)?)]))
    /// }
    ///
    /// let mut heap = Heap::new(Config::default())?;
    /// let node = heap.register_fixed("node");
    /// let root = tree(&mut heap, node, 3)?;
    /// assert!(heap.view(root).slot(1).is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Those of `parts`, or if the heap is full.
    ///
    /// # Panics
    /// As [`Heap::alloc_with`].
    #[inline(always)]
    pub fn alloc_from<const N: usize, E: From<HeapFull>>(
        &mut self,
        shape: impl ShapeWithSlots<N>,
        parts: impl FnOnce(&mut Heap) -> Result<[Option<Local>; N], E>,
    ) -> Result<Local, E> {
        let scope = Scope::open(self);
        let slots = parts(scope.heap)?;
        let object = scope.heap.make_with(shape, slots)?;
        Ok(scope.close_with(object))
    }

    /// Makes a fixed object: `allocate` finds the room, and then `slots` says what to refer to.
    #[inline(always)]
    pub(super) fn make_fixed<const N: usize, E>(
        &mut self,
        shape: impl ShapeWithSlots<N>,
        allocate: impl FnOnce(&mut Heap, Header, Granules) -> Result<ObjectRef, E>,
        slots: impl FnOnce(&Heap) -> [Option<ObjectRef>; N],
    ) -> Result<ObjectRef, E> {
        shape.shape().check_heap(self.id);
        let header = shape.shape().header();
        let slots_end = Granules(1) + slots_size(N as u32);
        let size = Granules(shape.size_granules());
        if size == slots_end {
            // On this path the size is a constant of the call, whatever the shape.
            let object = allocate(self, header, slots_end)?;
            self.write_slots(object, header, slots(self));
            return Ok(object);
        }
        let object = allocate(self, header, size)?;
        self.write_slots(object, header, slots(self));
        self.clear(object, slots_end, size);
        Ok(object)
    }

    /// Writes the header and the slots of a new fixed object.
    #[inline(always)]
    fn write_slots<const N: usize>(
        &mut self,
        object: ObjectRef,
        header: Header,
        slots: [Option<ObjectRef>; N],
    ) {
        let place = object.address();
        let word = |index: usize| u64::from(ObjectRef::to_word(slots.get(index).copied().flatten()));
        let pair = |index: usize| word(2 * index) | word(2 * index + 1) << 32;
        if N == 0 {
            self.spaces.memory.store(place, header.bits());
        } else {
            self.spaces.memory.store_all(place, [header.bits(), pair(0)]);
        }
        for index in 1..N.div_ceil(2) {
            self.spaces.memory.store(place + Granules(1 + index as u32), pair(index));
        }
    }

    /// Makes a fixed object in new space, or as a large object.
    #[inline(always)]
    fn make_with<const N: usize>(
        &mut self,
        shape: impl ShapeWithSlots<N>,
        slots: [Option<Local>; N],
    ) -> Result<ObjectRef, HeapFull> {
        // Handles are followed once there is room: making it may move what they refer to.
        let references = |heap: &Heap| slots.map(|slot| slot.map(|local| heap.resolve(local)));
        self.make_fixed(shape, Heap::allocate, references)
    }

    /// Allocates an array of `length` slots, bytes or values, all null or zero.
    ///
    /// # Errors
    /// If the heap is full.
    ///
    /// # Panics
    /// If `shape` is that of fixed objects. In debug builds, if it is registered with another heap.
    #[inline]
    pub fn alloc_array(&mut self, shape: Shape, length: u32) -> Result<Local, HeapFull> {
        shape.check_heap(self.id);
        check_array(shape.header());
        let header = shape.header_of_length(length);
        let bytes = array_bytes(header.kind(), length);
        if length > MAX_LENGTH || bytes > MAX_OBJECT_BYTES {
            return Err(self.refuse(bytes));
        }
        let size = Granules::holding(bytes);
        let object = self.allocate(header, size)?;
        object.set_header(&mut self.spaces.memory, header);
        self.clear(object, Granules(1), size);
        Ok(self.new_local(object))
    }

    /// Allocates an object that owns `bytes` zeroed bytes off the heap. Buffers of up to 8 KiB share slabs of that
    /// size; a larger one has a slab of its own.
    ///
    /// # Errors
    /// If the heap is full.
    pub fn alloc_buffer(&mut self, bytes: u32) -> Result<Local, HeapFull> {
        self.step_for_buffer(bytes.into());
        if self.is_young_external_full() {
            self.collect_for_allocation(Cause::YoungExternal);
        }
        if bytes > MAX_LENGTH {
            return Err(self.refuse(bytes.into()));
        }
        let header = Header::new(Kind::Buffer, 0, bytes);
        let object = self.allocate(header, header.size())?;
        object.set_header(&mut self.spaces.memory, header);
        let id = self.spaces.external.allocate(object, bytes);
        id.write(&mut self.spaces.memory, object);
        Ok(self.new_local(object))
    }

    /// Whether so much external memory belongs to young objects that a scavenge is due.
    pub(super) fn is_young_external_full(&self) -> bool {
        let pacing = &self.config.pacing;
        let survivors_bytes =
            if pacing.young_external_survivors { self.spaces.young_external_survivor_bytes() } else { 0 };
        self.spaces.young_external_bytes() + survivors_bytes >= pacing.young_external_bytes
    }

    /// Room for a young object with this header, of this size.
    #[inline(always)]
    pub(super) fn allocate(&mut self, header: Header, size: Granules) -> Result<ObjectRef, HeapFull> {
        let is_small = size <= ALWAYS_SMALL || size <= self.largest_small;
        let fits = if is_small { self.spaces.new.allocate(size) } else { None };
        let object = match fits {
            Some(object) => object,
            None => self.allocate_slow(header)?,
        };
        #[cfg(feature = "faults")]
        if self.spaces.faults.make(Fault::TopTooLow) {
            self.spaces.new.lower_top(Granules(1));
        }
        Ok(object)
    }

    /// Writes zeros to the granules `from` up to `end` of an object.
    #[inline(always)]
    pub(super) fn clear(&mut self, object: ObjectRef, from: Granules, end: Granules) {
        // One or two granules are the usual case, and not worth a call.
        let start = object.address() + from;
        match end.0 - from.0 {
            0 => {}
            1 => self.spaces.memory.store(start, 0),
            2 => self.spaces.memory.store_all(start, [0, 0]),
            _ => self.spaces.memory.fill(start, end - from, 0),
        }
    }

    #[cold]
    #[inline(never)]
    fn allocate_slow(&mut self, header: Header) -> Result<ObjectRef, HeapFull> {
        if self.sampling.is_none() {
            return self.make_room_and_allocate(header);
        }
        let size = header.size();
        let is_small = size <= self.largest_small;
        self.sampled(|heap| {
            let at_hand = if is_small { heap.spaces.new.allocate(size) } else { None };
            at_hand.map_or_else(|| heap.make_room_and_allocate(header), Ok)
        })
    }

    fn make_room_and_allocate(&mut self, header: Header) -> Result<ObjectRef, HeapFull> {
        let size = header.size();
        if size <= self.largest_small && self.goes_on_after_point(size) {
            return Ok(self.spaces.new.allocate(size).expect("there is room after the point"));
        }
        self.collect_under_stress();
        if size <= self.largest_small {
            self.step_for_small(size);
            return self.meet(Demand::Small(size));
        }
        self.step_for_large(size);
        let young_large_bytes = self.spaces.large.young_bytes() + size.bytes();
        if self.spaces.large.has_young() && young_large_bytes > self.spaces.new.capacity().bytes() {
            self.collect_for_allocation(Cause::YoungLargeFull);
        }
        let object = self.meet(Demand::Large(size))?;
        self.ledger.work.allocated_bytes += size.bytes();
        Ok(object)
    }

    /// Finds room: collects a little, then everything, then asks the program for a higher limit.
    fn meet(&mut self, demand: Demand) -> Result<ObjectRef, HeapFull> {
        let (Demand::Small(size) | Demand::Large(size)) = demand;
        self.refuse_if_hopeless(size)?;
        let scavenges: &[Cause] = match demand {
            // What the first one leaves in new space the second one promotes.
            Demand::Small(_) => &[Cause::NewSpaceFull, Cause::NewSpaceCrowded],
            Demand::Large(_) => &[Cause::YoungLargeFull],
        };
        for cause in scavenges {
            if let Some(object) = self.attempt(demand) {
                return Ok(object);
            }
            self.collect_for_allocation(*cause);
        }
        if let Some(object) = self.attempt(demand) {
            return Ok(object);
        }
        self.collect_as_last_resort();
        loop {
            if let Some(object) = self.attempt(demand) {
                return Ok(object);
            }
            if !self.raise_maximum(size.bytes()) {
                return Err(self.refuse(size.bytes()));
            }
            self.collect_minor_for(Cause::LastResort);
        }
    }

    /// Refuses an allocation of `size` if collecting has been in vain again and again, unless the program raises the
    /// maximum. Then the count starts anew: the program may have dropped what filled the heap.
    pub(super) fn refuse_if_hopeless(&mut self, size: Granules) -> Result<(), HeapFull> {
        let is_hopeless = self.config.futility.is_some_and(|policy| self.futility.is_hopeless(&policy));
        if !is_hopeless {
            return Ok(());
        }
        self.futility = FutilityAccount::default();
        if self.raise_maximum(size.bytes()) { Ok(()) } else { Err(self.refuse(size.bytes())) }
    }

    pub(super) fn collect_as_last_resort(&mut self) {
        self.collect(PauseKind::Full, Cause::LastResort);
    }

    fn attempt(&mut self, demand: Demand) -> Option<ObjectRef> {
        if let Demand::Large(size) = demand {
            self.sweep_for_pages(size.bytes().div_ceil(PAGE_BYTES as u64));
        }
        let spaces = &mut self.spaces;
        let object = match demand {
            Demand::Small(size) => spaces.new.allocate_to_capacity(size),
            Demand::Large(size) => spaces.large.allocate(&mut spaces.memory, &mut spaces.pages, size),
        };
        self.set_allowance();
        object
    }

    /// Asks the near-limit callback, if there is one, for a higher maximum; whether that has raised it.
    pub(super) fn raise_maximum(&mut self, requested_bytes: u64) -> bool {
        let from_bytes = self.config.max_old_bytes;
        let Some(asked_bytes) = self.near_limit.ask(from_bytes, requested_bytes) else { return false };
        let to_bytes = self.set_max_old(asked_bytes);
        if to_bytes == from_bytes {
            return false;
        }
        let at = self.now();
        self.ledger.tell(|| Event::MaximumRaised { at, from_bytes, to_bytes });
        true
    }

    pub(super) fn refuse(&mut self, requested_bytes: u64) -> HeapFull {
        self.ledger.stats.heap_full += 1;
        let (at, limit_bytes) = (self.now(), self.config.max_old_bytes);
        self.ledger.tell(|| Event::HeapFull { at, requested_bytes, limit_bytes });
        HeapFull::new(requested_bytes)
    }

    /// Whether allocations collect under stress.
    #[inline(always)]
    pub(super) fn is_stressed(&self) -> bool {
        self.config.stress.collect_every.is_some()
    }

    /// Under stress, at every n-th allocation: collects new space or everything, or advances the collection of the old
    /// generation by the smallest step, so that the program runs between any two of them.
    pub(super) fn collect_under_stress(&mut self) {
        let Some(every) = self.config.stress.collect_every else { return };
        self.slow_allocations += 1;
        if !self.slow_allocations.is_multiple_of(u64::from(every)) {
            return;
        }
        match self.slow_allocations / u64::from(every) % STRESS_ROUND {
            0 => self.collect(PauseKind::Full, Cause::Stress),
            turn if turn == STRESS_ROUND / 2 => self.collect(PauseKind::Full, Cause::Fragmentation),
            turn if turn % 4 == 1 => self.collect_minor_for(Cause::Stress),
            _ => self.step_under_stress(),
        }
    }
}

/// The size of a fixed object, from its header.
#[inline(always)]
fn fixed_size(header: Header) -> Granules {
    check_fixed(header);
    header.size()
}

#[inline(always)]
pub(super) fn check_fixed(header: Header) {
    if !matches!(header.kind(), Kind::Fixed | Kind::Wide) {
        no_length();
    }
}

#[inline(always)]
pub(super) fn check_array(header: Header) {
    if matches!(header.kind(), Kind::Fixed | Kind::Wide | Kind::Ephemeron) {
        fixed_length();
    }
}

#[cold]
#[inline(never)]
fn no_length() -> ! {
    panic!("objects of this shape need a length: use `alloc_array`; ephemerons `alloc_ephemeron`")
}

#[cold]
#[inline(never)]
fn fixed_length() -> ! {
    panic!("objects of this shape have no length: use `alloc`; ephemerons `alloc_ephemeron`")
}
