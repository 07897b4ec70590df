//! L4: the heap that programs use, over all spaces, collectors and policies.

mod allocate;
mod barrier;
mod batch;
mod config;
mod cycle;
mod dying;
mod ephemeron;
mod error;
mod finalizer;
mod handle;
mod lottery;
mod marking;
mod mutation;
mod near_limit;
mod old_allocation;
mod pause;
mod preset;
mod recording;
mod reduce;
mod resize;
mod sampling;
mod site;
mod stats;
mod step;
mod sweeping;
mod view;
mod watch;

use crate::collect::{Remembered, Roots, Scope};
use crate::event::{EventSink, Nanos};
use crate::memory::{Granules, Memory};
use crate::object::{FixedShape, Layout, Shape, ShapeError};
use crate::policy::{FutilityAccount, ReducerState, Survival};
use crate::space::Spaces;
use crate::verify::{self, Violation};
pub use barrier::Value;
pub use batch::{Batch, Part};
pub use config::{
    ClockSource, Config, ConfigError, MAX_OLD_BYTES, MAX_SEMISPACE_BYTES, MAX_SMALL_BYTES,
    MIN_SEMISPACE_BYTES, Stress,
};
pub use error::HeapFull;
pub use handle::{Local, Root, Weak};
use lottery::Lottery;
pub(crate) use lottery::mix;
use marking::OldCycle;
use mutation::Mutating;
pub use near_limit::NearLimit;
use near_limit::NearLimitCallback;
use pause::Ledger;
pub use preset::Preset;
pub(crate) use recording::ARENA_INTERVAL_BYTES;
use recording::Recording;
use reduce::Tick;
use sampling::Sampling;
pub use site::Site;
use site::Sites;
pub use stats::{MemoryUsage, Stats};
pub use step::Budget;
pub use view::{ValueView, View};
use watch::Watch;
pub use watch::{Glimpse, Moment, Watcher};

/// A managed heap.
///
/// Objects are made with the `alloc` functions and held by handles ([`Local`], [`Root`], [`Weak`]); *any allocation
/// may collect* and move them. Heaps are independent of each other: a process may have many, and a heap may be sent
/// to another thread.
///
/// ```
/// use gc_core::{Config, Heap, Layout};
///
/// let mut heap = Heap::new(Config::default())?;
/// let pair = heap.register("pair", Layout::Fixed { slots: 2, bytes: 8 });
///
/// let list = heap.alloc(pair)?;
/// heap.store_word(list, 0, 1);
/// let head = heap.alloc_with(pair, [Some(list), None])?;
/// heap.collect_minor();
///
/// let next = heap.view(head).slot(0).expect("the list");
/// assert_eq!(next.word(0), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Heap {
    pub(crate) spaces: Spaces,
    pub(crate) roots: Roots,
    pub(crate) remembered: Remembered,
    /// Largest size of an object that is not a large object.
    largest_small: Granules,
    /// Distinguishes heaps that exist at the same time.
    id: u32,
    /// How much of new space was in use when the program last went on: what is above has been allocated since.
    new_used_before: Granules,
    /// How much of new space the last scavenge has left in use.
    new_survivors: Granules,
    ledger: Ledger,
    config: Config,
    /// Size of the old generation at which the next full collection is due.
    old_limit_bytes: u64,
    /// Amount of external memory at which the next full collection is due.
    external_limit_bytes: u64,
    /// What the last marking left of both.
    live_bytes: LiveBytes,
    /// Where the collection of the old generation stands.
    old_cycle: OldCycle,
    /// Free pages that are not given back to the system.
    spare_pages_kept: usize,
    /// What scavenges have shown so far.
    survival: Survival,
    reducer: ReducerState,
    /// When the reducer last heard of the time.
    last_tick: Tick,
    /// Largest capacity of a semispace, by configuration and region.
    max_semispace_bytes: u64,
    near_limit: NearLimitCallback,
    /// What allocations that did not collect have left to do.
    mutating: Mutating,
    /// Who looks at it around its pauses.
    watch: Watch,
    /// Under stress: draws promotion ages.
    age_lottery: Option<Lottery>,
    sites: Sites,
    /// Bytes allocated in old space at once since the last time that it paid for the collection of the old generation.
    old_portion_bytes: u64,
    futility: FutilityAccount,
    /// Under stress: allocations so far.
    slow_allocations: u64,
    /// Who is told what the program does, if anybody is.
    recording: Option<Box<Recording>>,
    /// Which allocations are sampled, if any are.
    sampling: Option<Box<Sampling>>,
}

/// Bytes alive after a marking.
#[derive(Clone, Copy, Debug, Default)]
struct LiveBytes {
    old: u64,
    external: u64,
}

/// Each semispace takes at most this share of a region, so that small regions have room for old space.
const MAX_SEMISPACE_SHARE: u64 = 8;

impl Heap {
    /// An empty heap. Takes well under a millisecond: address space is reserved, memory committed when touched.
    ///
    /// # Errors
    /// If a setting is out of range, or the system refuses the address space.
    pub fn new(config: Config) -> Result<Heap, ConfigError> {
        config.validate()?;
        let memory = Memory::reserve().map_err(|refused| ConfigError::NoAddressSpace {
            requested_bytes: refused.requested_bytes,
            reason: refused.error.to_string(),
        })?;
        Ok(Heap::with_memory(config, memory))
    }

    fn with_memory(mut config: Config, memory: Memory) -> Heap {
        let region_bytes = memory.granules() * crate::memory::GRANULE_BYTES;
        let max_semispace_bytes =
            whole_granules(config.new_space.max_bytes.min(region_bytes / MAX_SEMISPACE_SHARE));
        let semispace =
            Granules::holding(whole_granules(config.new_space.initial_bytes).min(max_semispace_bytes));
        let id = memory.id();
        let max_old = Granules::holding(config.max_old_bytes);
        let mut spaces = Spaces::new(memory, semispace, Granules::holding(max_semispace_bytes), max_old);
        config.max_old_bytes = config.max_old_bytes.min(spaces.pages.room_bytes());
        spaces.old.set_poison(config.stress.poison);
        if config.huge_pages {
            spaces.prefer_huge_pages(config.prefault);
        }
        let mut heap = Heap {
            spaces,
            roots: Roots::default(),
            remembered: Remembered::default(),
            largest_small: Granules((config.large_object_bytes / crate::memory::GRANULE_BYTES) as u32),
            id,
            new_used_before: Granules(0),
            new_survivors: Granules(0),
            ledger: Ledger::new(config.clock.start()),
            old_limit_bytes: config.pacing.initial_limit_bytes.min(config.max_old_bytes),
            external_limit_bytes: config.pacing.external_limit_after(0),
            live_bytes: LiveBytes::default(),
            old_cycle: OldCycle::default(),
            spare_pages_kept: usize::MAX,
            survival: Survival::default(),
            reducer: ReducerState::default(),
            last_tick: Tick::default(),
            max_semispace_bytes,
            near_limit: NearLimitCallback::default(),
            mutating: Mutating::default(),
            watch: Watch::default(),
            age_lottery: config.stress.random_age_seed.map(Lottery::new),
            slow_allocations: 0,
            recording: None,
            sampling: None,
            sites: Sites::default(),
            old_portion_bytes: 0,
            futility: FutilityAccount::default(),
            config,
        };
        heap.set_allowance();
        heap
    }

    /// Sends events to `sink` from now on, instead of to any other.
    pub fn set_sink(&mut self, sink: Box<dyn EventSink>) {
        self.ledger.set_sink(sink);
    }

    /// Registers a shape under a name for reports. The same name and layout give the same shape again.
    ///
    /// # Panics
    /// If the layout cannot be had; [`Heap::try_register`] gives an error instead.
    pub fn register(&mut self, name: &str, layout: Layout) -> Shape {
        match self.try_register(name, layout) {
            Ok(shape) => shape,
            Err(error) => panic!("shape `{name}`: {error}"),
        }
    }

    /// Registers a shape whose numbers of slots and words are constants, under a name for reports.
    ///
    /// # Panics
    /// If there are 65,536 shapes already, or an object would be larger than 512 KiB.
    pub fn register_fixed<const SLOTS: usize, const WORDS: usize>(
        &mut self,
        name: &str,
    ) -> FixedShape<SLOTS, WORDS> {
        FixedShape::of(self.register(name, FixedShape::<SLOTS, WORDS>::LAYOUT))
    }

    /// Registers a shape under a name for reports.
    ///
    /// # Errors
    /// If the layout cannot be had, or there are 65,536 shapes already.
    pub fn try_register(&mut self, name: &str, layout: Layout) -> Result<Shape, ShapeError> {
        self.spaces.shapes.register(self.id, name, layout)
    }

    /// The time on the heap's clock.
    #[must_use]
    pub fn now(&self) -> Nanos {
        self.ledger.time(&self.work())
    }

    /// The settings, with limits as they are now.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Sets what is asked before an allocation is refused: it may return a higher maximum for the old generation, in
    /// bytes.
    pub fn on_near_limit(&mut self, callback: Box<dyn FnMut(NearLimit) -> Option<u64> + Send>) {
        self.near_limit.set(callback);
    }

    /// Sets the maximum of the old generation, as far as the region has room; the maximum set.
    fn set_max_old(&mut self, bytes: u64) -> u64 {
        self.config.max_old_bytes = bytes.min(self.spaces.pages.room_bytes());
        self.spaces.pages.set_max(Granules::holding(self.config.max_old_bytes));
        self.config.max_old_bytes
    }

    /// Checks every invariant of the heap. Takes time and memory in proportion to it.
    ///
    /// # Errors
    /// The first violation found, which names the invariant.
    pub fn verify(&self) -> Result<(), Violation> {
        verify::heap(self)
    }

    fn verify_if_asked(&self, when: &str) {
        if self.config.stress.verify
            && let Err(violation) = self.verify()
        {
            panic!("{when} a collection: {violation}");
        }
    }

    fn verify_marks_if_asked(&self, scope: Scope) {
        if self.config.stress.verify
            && let Err(violation) = verify::marks(self, scope)
        {
            panic!("after marking: {violation}");
        }
    }

    /// Makes the collector err in one way from now on.
    #[cfg(feature = "faults")]
    pub fn arm(&mut self, fault: crate::fault::Fault) {
        self.spaces.faults.arm(fault);
    }
}

/// The largest number of bytes up to `bytes` that is a whole number of granules.
fn whole_granules(bytes: u64) -> u64 {
    bytes - bytes % crate::memory::GRANULE_BYTES
}
