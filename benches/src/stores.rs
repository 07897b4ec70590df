//! Loops that store references to new objects into other objects, which is what a write barrier watches.
//!
//! Each step allocates an object of 16 bytes and stores it into a random slot of one of many *holders*, objects of
//! four slots. Old holders are remembered at the first store after a scavenge. What the barrier costs shows beside
//! the same loop without one, of which there are three:
//!
//! 1. [`StoreLoop`] with young holders: the same code on the same heap, between two scavenges. The barrier's test is
//!    still made and fails; what is missing is the remembering.
//! 2. [`SteadyLoop`] with handles in place of slots: scavenges included. The same objects survive, found through as
//!    many roots as there were slots; a handle needs no barrier, and nothing is remembered.
//! 3. [`PlainLoop`]: plain Rust arrays with the same memory traffic, without a collector or a test. The floor.

use crate::settings::{MIB, Survival, fixed_semispaces, heap};
use gc_core::{Config, Heap, HeapFull, Layout, Local, Shape};
use std::time::{Duration, Instant};

/// Slots of a holder.
const SLOTS: u32 = 4;
const HOLDER: Layout = Layout::Fixed { slots: SLOTS as u16, bytes: 0 };
const VALUE: Layout = Layout::Fixed { slots: 2, bytes: 0 };

/// A stream of slots to store into. A linear congruence: one multiplication, the same in all loops.
#[derive(Clone, Copy, Debug)]
struct Targets {
    state: u64,
    holders: u32,
}

impl Targets {
    fn new(holders: u32) -> Self {
        Targets { state: 1, holders }
    }

    /// A holder and a slot of it.
    #[inline(always)]
    fn next(&mut self) -> (usize, u32) {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let number = ((self.state >> 32) * u64::from(self.holders * SLOTS)) >> 32;
        ((number / u64::from(SLOTS)) as usize, number as u32 % SLOTS)
    }
}

/// Where the holders of a [`StoreLoop`] are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holders {
    /// In old space, not remembered when the loop starts.
    Old,
    /// In new space.
    Young,
}

/// The loop on a Tenure heap between two scavenges, which are not part of its time.
#[derive(Debug)]
pub struct StoreLoop {
    heap: Heap,
    holder: Shape,
    value: Shape,
    /// Old holders, if the loop is to have such.
    old: Option<Vec<Local>>,
    targets: Targets,
}

impl StoreLoop {
    /// A heap with so many holders.
    ///
    /// # Panics
    /// If the system grants too little memory.
    #[must_use]
    pub fn new(place: Holders, holders: u32) -> Self {
        // What survives is promoted at once, so that each run finds all holders unremembered.
        let config = Config { promotion: Survival::Promoted.promotion(), ..fixed_semispaces(16 * MIB) };
        let mut heap = heap(config);
        let (holder, value) = (heap.register("holder", HOLDER), heap.register("value", VALUE));
        let old = (place == Holders::Old).then(|| allocate(&mut heap, holder, holders).expect("they fit"));
        let mut store_loop = StoreLoop { heap, holder, value, old, targets: Targets::new(holders) };
        store_loop.empty();
        store_loop
    }

    /// Makes `stores` steps; the time that they took.
    ///
    /// # Panics
    /// If new space has no room for as many values.
    pub fn run(&mut self, stores: u32) -> Duration {
        let StoreLoop { heap, holder, value, old, targets } = self;
        let pauses = heap.stats().work.pauses;
        let elapsed = heap.scope(|heap| {
            let young = if old.is_none() { allocate(heap, *holder, targets.holders)? } else { Vec::new() };
            let holders = old.as_deref().unwrap_or(&young);
            let start = Instant::now();
            store_values(heap, *value, holders, targets, stores)?;
            Ok::<_, HeapFull>(start.elapsed())
        });
        assert_eq!(self.heap.stats().work.pauses, pauses, "no collection within the loop");
        self.empty();
        elapsed.expect("the loop fits in new space")
    }

    /// Allocates garbage until the heap collects by itself: new space is empty, and no holder remembered.
    fn empty(&mut self) {
        let pauses = self.heap.stats().work.pauses;
        while self.heap.stats().work.pauses == pauses {
            let garbage = self.heap.scope(|heap| allocate(heap, self.value, 64).map(|_| ()));
            garbage.expect("garbage never fills the heap");
        }
    }
}

fn allocate(heap: &mut Heap, shape: Shape, count: u32) -> Result<Vec<Local>, HeapFull> {
    (0..count).map(|_| heap.alloc(shape)).collect()
}

#[inline(never)]
fn store_values(
    heap: &mut Heap,
    value: Shape,
    holders: &[Local],
    targets: &mut Targets,
    stores: u32,
) -> Result<(), HeapFull> {
    for _ in 0..stores {
        let (holder, slot) = targets.next();
        heap.scope(|heap| {
            let value = heap.alloc_with(value, [None, None])?;
            heap.store(holders[holder], slot, Some(value));
            Ok(())
        })?;
    }
    Ok(())
}

/// The loop on a Tenure heap with default settings that collects when it must.
#[derive(Debug)]
pub struct SteadyLoop {
    heap: Heap,
    value: Shape,
    sinks: Sinks,
    targets: Targets,
}

/// Where a [`SteadyLoop`] stores.
#[derive(Debug)]
enum Sinks {
    /// Old holders.
    Holders(Vec<Local>),
    /// Handles, one in place of each slot.
    Handles(Vec<Local>),
}

impl SteadyLoop {
    /// Stores into the slots of so many old holders.
    ///
    /// # Panics
    /// If the system grants too little memory.
    #[must_use]
    pub fn into_holders(holders: u32) -> Self {
        SteadyLoop::new(holders, |heap| {
            let holder = heap.register("holder", HOLDER);
            allocate(heap, holder, holders).map(Sinks::Holders)
        })
    }

    /// Stores into as many handles as so many holders have slots.
    ///
    /// # Panics
    /// If the system grants too little memory.
    #[must_use]
    pub fn into_handles(holders: u32) -> Self {
        SteadyLoop::new(holders, |heap| {
            let value = heap.register("first value", VALUE);
            allocate(heap, value, holders * SLOTS).map(Sinks::Handles)
        })
    }

    fn new(holders: u32, sinks: impl FnOnce(&mut Heap) -> Result<Sinks, HeapFull>) -> Self {
        let mut heap = heap(Config::default());
        let value = heap.register("value", VALUE);
        let sinks = sinks(&mut heap).expect("they fit");
        heap.collect_minor();
        heap.collect_minor();
        SteadyLoop { heap, value, sinks, targets: Targets::new(holders) }
    }

    /// Makes `stores` steps.
    ///
    /// # Panics
    /// If the heap is full, which it never is.
    pub fn run(&mut self, stores: u32) {
        let SteadyLoop { heap, value, sinks, targets } = self;
        let stored = match sinks {
            Sinks::Holders(holders) => store_values(heap, *value, holders, targets, stores),
            Sinks::Handles(handles) => assign_values(heap, *value, handles, targets, stores),
        };
        stored.expect("the heap has room for all that lives");
    }
}

#[inline(never)]
fn assign_values(
    heap: &mut Heap,
    value: Shape,
    handles: &[Local],
    targets: &mut Targets,
    stores: u32,
) -> Result<(), HeapFull> {
    for _ in 0..stores {
        let (holder, slot) = targets.next();
        heap.scope(|heap| {
            let value = heap.alloc_with(value, [None, None])?;
            heap.assign(handles[holder * SLOTS as usize + slot as usize], value);
            Ok(())
        })?;
    }
    Ok(())
}

/// The loop on plain Rust arrays: values are taken from a ring of 1 MiB in turn, as new space hands them out.
#[derive(Debug)]
pub struct PlainLoop {
    /// A value: header and two slots.
    values: Vec<(u64, [u32; 2])>,
    next: usize,
    /// A holder: header and four slots.
    holders: Vec<(u64, [u32; SLOTS as usize])>,
    targets: Targets,
}

impl PlainLoop {
    /// Arrays with so many holders.
    #[must_use]
    pub fn new(holders: u32) -> Self {
        PlainLoop {
            values: vec![(0, [0; 2]); MIB as usize / size_of::<(u64, [u32; 2])>()],
            next: 0,
            holders: vec![(0, [0; SLOTS as usize]); holders as usize],
            targets: Targets::new(holders),
        }
    }

    /// Makes `stores` steps.
    #[inline(never)]
    pub fn run(&mut self, stores: u32) {
        for _ in 0..stores {
            let (holder, slot) = self.targets.next();
            self.values[self.next] = (1, [0; 2]);
            self.holders[holder].1[slot as usize] = self.next as u32;
            self.next = (self.next + 1) % self.values.len();
        }
    }
}

/// A value in a box.
type BoxedValue = Box<(u64, [u32; 2])>;

/// The loop with `Box`: a store frees the value that it overwrites. The ceiling.
#[derive(Debug)]
pub struct BoxLoop {
    holders: Vec<(u64, [Option<BoxedValue>; SLOTS as usize])>,
    targets: Targets,
}

impl BoxLoop {
    /// So many holders.
    #[must_use]
    pub fn new(holders: u32) -> Self {
        let targets = Targets::new(holders);
        BoxLoop { holders: (0..holders).map(|_| Default::default()).collect(), targets }
    }

    /// Makes `stores` steps.
    #[inline(never)]
    pub fn run(&mut self, stores: u32) {
        for _ in 0..stores {
            let (holder, slot) = self.targets.next();
            self.holders[holder].1[slot as usize] = Some(Box::new((1, [0; 2])));
        }
    }
}
