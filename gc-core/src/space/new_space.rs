//! New space: two semispaces, of which the program allocates in one.
//!
//! ```text
//! | active semispace, `capacity`       | ... |  idle semispace, `capacity`        | ... |
//! | objects | free                     |     |  empty                             |     |
//!           top                        limit
//! ```
//!
//! Invariants:
//! - The active semispace is a gapless run of objects from its start to `top`.
//! - Outside a scavenge no reference leads into the idle semispace.
//! - Both have the same capacity, so to-space has room for all of from-space whatever survives.

use super::bump::Bump;
use super::page::PAGE_GRANULES;
use crate::memory::{Address, Granules, Memory};
use crate::object::ObjectRef;

/// The range of addresses that a semispace has used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Semispace {
    pub(crate) start: Address,
    pub(crate) used: Granules,
}

impl Semispace {
    /// Whether `object` lies in here.
    #[inline(always)]
    pub(crate) fn contains(&self, object: ObjectRef) -> bool {
        object.address() - self.start < self.used
    }
}

/// The two semispaces.
#[derive(Debug)]
pub(crate) struct NewSpace {
    bump: Bump,
    /// Start of the active semispace.
    active: Address,
    /// Start of the idle one.
    idle: Address,
    capacity: Granules,
    /// The reserved range of both.
    low: Address,
    reach: Granules,
    /// Most that either has been used: what is committed.
    touched: [Granules; 2],
}

impl NewSpace {
    /// Two semispaces of `capacity` at `starts`, in places of `max` granules that follow each other.
    pub(crate) fn new(starts: [Address; 2], capacity: Granules, max: Granules) -> NewSpace {
        let [active, idle] = starts;
        let bump = Bump::new(active, active + capacity);
        let touched = [Granules(0); 2];
        NewSpace { bump, active, idle, capacity, low: active, reach: max + max, touched }
    }

    /// Takes `size` granules, if there are as many.
    #[inline(always)]
    pub(crate) fn allocate(&mut self, size: Granules) -> Option<ObjectRef> {
        self.bump.allocate(size)
    }

    /// Takes `size` granules, if there are as many, whether or not allocation is held.
    pub(crate) fn allocate_to_capacity(&mut self, size: Granules) -> Option<ObjectRef> {
        self.bump = Bump::new(self.bump.top(), self.end());
        self.bump.allocate(size)
    }

    /// The free part, if it holds `size` granules. What is used of it must be told with [`NewSpace::set_top`].
    #[inline]
    pub(crate) fn run(&self, size: Granules) -> Option<Bump> {
        let top = self.bump.top();
        (self.bump.free() >= size).then(|| Bump::new(top, top + size))
    }

    /// Everything up to `top` is in use.
    #[inline]
    pub(crate) fn set_top(&mut self, top: Address) {
        self.bump = Bump::new(top, self.bump.limit().max(top));
    }

    /// Lets [`NewSpace::allocate`] take so much, and then find no room until the next call.
    pub(crate) fn allow(&mut self, size: Granules) {
        let limit = self.bump.top() + self.free().min(size);
        self.bump = Bump::new(self.bump.top(), limit);
    }

    /// What [`NewSpace::allocate`] may still take.
    pub(crate) fn allowed(&self) -> Granules {
        self.bump.free()
    }

    /// The end of the active semispace.
    fn end(&self) -> Address {
        self.active + self.capacity
    }

    /// What is free, whether it is allowed or not.
    pub(crate) fn free(&self) -> Granules {
        self.end() - self.bump.top()
    }

    /// Moves `top` back by `size`: a fault.
    #[cfg(feature = "faults")]
    pub(crate) fn lower_top(&mut self, size: Granules) {
        self.bump = Bump::new(Address(self.bump.top().0 - size.0), self.bump.limit());
    }

    /// Whether `object` lies in either semispace.
    #[inline(always)]
    pub(crate) fn contains(&self, object: ObjectRef) -> bool {
        object.address() - self.low < self.reach
    }

    /// The part of the active semispace that has been used.
    pub(crate) fn active(&self) -> Semispace {
        Semispace { start: self.active, used: self.bump.top() - self.active }
    }

    /// The start of the idle semispace.
    pub(crate) fn idle(&self) -> Address {
        self.idle
    }

    /// What is reserved for both semispaces.
    pub(crate) fn range(&self) -> (Address, Granules) {
        (self.low, self.reach)
    }

    /// Where the next object goes.
    #[inline(always)]
    pub(crate) fn top(&self) -> Address {
        self.bump.top()
    }

    /// Capacity of one semispace.
    pub(crate) fn capacity(&self) -> Granules {
        self.capacity
    }

    /// What is reserved for one semispace: its capacity may grow so far.
    pub(crate) fn most_capacity(&self) -> Granules {
        Granules(self.reach.0 / 2)
    }

    /// Swaps the roles: from-space, which is returned, becomes the idle one, and survivors go to the start of the
    /// other.
    pub(crate) fn flip(&mut self) -> Semispace {
        let from = self.active();
        self.note_touched();
        (self.active, self.idle) = (self.idle, self.active);
        self.bump = Bump::new(self.active, self.active + self.capacity);
        from
    }

    /// Changes the capacity of both semispaces.
    ///
    /// # Panics
    /// If the active one holds more than that.
    pub(crate) fn set_capacity(&mut self, capacity: Granules) {
        assert!(self.active().used <= capacity, "new space shrinks below its use");
        assert!(capacity + capacity <= self.reach, "new space grows beyond its reservation");
        self.capacity = capacity;
        self.bump = Bump::new(self.bump.top(), self.active + capacity);
    }

    /// Has the memory of both semispaces committed before it is touched.
    pub(crate) fn populate(&self, memory: &Memory) {
        let used = self.active().used;
        memory.populate(self.active + used, self.capacity - used);
        memory.populate(self.idle, self.capacity);
    }

    /// Gives the memory of both semispaces beyond the capacity back to the system.
    pub(crate) fn release_surplus(&mut self, memory: &mut Memory) {
        self.note_touched();
        let keep = Granules(self.capacity.0.next_multiple_of(PAGE_GRANULES));
        let starts = [self.low, self.active.max(self.idle)];
        for (touched, start) in self.touched.iter_mut().zip(starts) {
            if *touched > keep {
                let surplus = (*touched - keep).0.next_multiple_of(PAGE_GRANULES);
                memory.release(start + keep, Granules(surplus));
                *touched = keep;
            }
        }
    }

    /// Bytes of both semispaces that have been written to.
    pub(crate) fn touched_bytes(&self) -> u64 {
        let [low, high] = self.touched;
        let current = self.active().used;
        let (low, high) =
            if self.active == self.low { (low.max(current), high) } else { (low, high.max(current)) };
        low.bytes() + high.bytes()
    }

    fn note_touched(&mut self) {
        let used = self.active().used;
        let index = usize::from(self.active != self.low);
        self.touched[index] = self.touched[index].max(used);
    }

    /// Fills the idle semispace, as far as `from` was used, with a pattern.
    pub(crate) fn poison(&self, memory: &mut Memory, from: Semispace, pattern: u64) {
        memory.fill(from.start, from.used, pattern);
    }
}
