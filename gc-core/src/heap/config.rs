//! The settings of a heap.

use crate::clock::{Clock, CostModel, MeasuredClock, ModelledClock};
use crate::event::MAX_AGE;
use crate::policy::{Compaction, MarkingPacing, NewSpaceSizing, OldPacing, Promotion};
use crate::space::PAGE_BYTES;
use std::fmt;

/// Smallest semispace, in bytes: two of the largest small objects fit.
pub const MIN_SEMISPACE_BYTES: u64 = PAGE_BYTES as u64;
/// Largest semispace, in bytes.
pub const MAX_SEMISPACE_BYTES: u64 = 1 << 30;
/// Largest old generation, in bytes: what is left of the 32 GiB reservation beside new space and side tables.
pub const MAX_OLD_BYTES: u64 = 28 << 30;
/// Largest object that is not a large object, in bytes: half a page.
pub const MAX_SMALL_BYTES: u64 = PAGE_BYTES as u64 / 2;

/// Least bound between small and large objects, in bytes.
pub(super) const MIN_LARGE_BYTES: u64 = 256;

/// Least allocation between two steps of marking, in bytes.
const MIN_STEP_BYTES: u64 = 4 << 10;

/// The settings of a heap. Every policy is a value in here, none a type parameter.
///
/// ```
/// use gc_core::{Config, Heap};
///
/// let mut config = Config::default();
/// config.new_space.max_bytes = 4 << 20;
/// config.promotion.age = 2;
/// let heap = Heap::new(config)?;
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Size of new space.
    pub new_space: NewSpaceSizing,
    /// Which survivors become old.
    pub promotion: Promotion,
    /// When a full collection is due.
    pub pacing: OldPacing,
    /// When marking in steps starts, and how fast it goes.
    pub marking: MarkingPacing,
    /// When old space is compacted.
    pub compaction: Compaction,
    /// Most that old space and large objects may take together, in bytes.
    pub max_old_bytes: u64,
    /// Objects of more than this many bytes are large: they get pages of their own and are never copied.
    pub large_object_bytes: u64,
    /// Ask the system for huge pages: faster on heaps of tens of megabytes and more, at the price of memory
    /// committed in steps of 2 MiB.
    pub huge_pages: bool,
    /// Where time comes from.
    pub clock: ClockSource,
    /// Checks and adversities for tests.
    pub stress: Stress,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            new_space: NewSpaceSizing::default(),
            promotion: Promotion::default(),
            pacing: OldPacing::default(),
            marking: MarkingPacing::default(),
            compaction: Compaction::default(),
            max_old_bytes: 4 << 30,
            large_object_bytes: MAX_SMALL_BYTES,
            huge_pages: true,
            clock: ClockSource::Measured,
            stress: Stress::default(),
        }
    }
}

/// Where a heap takes its time from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClockSource {
    /// The machine's clock.
    Measured,
    /// Work times cost: the same on every machine.
    Modelled(CostModel),
}

impl ClockSource {
    pub(crate) fn start(&self) -> Box<dyn Clock> {
        match self {
            ClockSource::Measured => Box::new(MeasuredClock::start()),
            ClockSource::Modelled(cost) => Box::new(ModelledClock::new(*cost)),
        }
    }
}

/// Checks and adversities for tests; all off by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stress {
    /// At every n-th allocation collect, in turn in all ways that there are: mostly by the smallest step.
    pub collect_every: Option<u32>,
    /// Fill from-space and freed cells with a pattern that no reference can be.
    pub poison: bool,
    /// Draw the promotion age anew for every scavenge, from this seed.
    pub random_age_seed: Option<u64>,
    /// Run the verifier before and after every collection; a violation panics with the invariant's name.
    pub verify: bool,
}

impl Stress {
    /// Everything on: a collection at every `collect_every`-th allocation.
    #[must_use]
    pub fn all(collect_every: u32, seed: u64) -> Self {
        Stress { collect_every: Some(collect_every), poison: true, random_age_seed: Some(seed), verify: true }
    }
}

/// A setting that no heap can have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    /// A setting lies outside its range.
    OutOfRange {
        /// The setting, as it is written in code.
        setting: &'static str,
        /// Its value.
        value: u64,
        /// The least value.
        min: u64,
        /// The greatest value.
        max: u64,
    },
    /// The system refused the address space for the heap, the large reservation and the small one.
    NoAddressSpace {
        /// Bytes asked for last.
        requested_bytes: u64,
        /// What the system said.
        reason: String,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConfigError::OutOfRange { setting, value, min, max } => {
                write!(f, "`{setting}` is {value}, but must lie between {min} and {max}")
            }
            ConfigError::NoAddressSpace { requested_bytes, reason } => {
                write!(f, "the system refused to reserve {requested_bytes} bytes for the heap: {reason}")
            }
        }
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Checks every setting.
    ///
    /// # Errors
    /// The first setting found outside its range.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let check = |setting, value, min, max| {
            if (min..=max).contains(&value) {
                Ok(())
            } else {
                Err(ConfigError::OutOfRange { setting, value, min, max })
            }
        };
        let new_space = &self.new_space;
        check("new_space.max_bytes", new_space.max_bytes, MIN_SEMISPACE_BYTES, MAX_SEMISPACE_BYTES)?;
        check("new_space.initial_bytes", new_space.initial_bytes, MIN_SEMISPACE_BYTES, new_space.max_bytes)?;
        check("promotion.age", self.promotion.age.into(), 0, MAX_AGE.into())?;
        check("promotion.to_space_percent", self.promotion.to_space_percent.unwrap_or(25).into(), 0, 100)?;
        check("pacing.growth_percent", self.pacing.growth_percent.into(), 101, 10_000)?;
        check("pacing.min_growth_bytes", self.pacing.min_growth_bytes, 1 << 16, MAX_OLD_BYTES)?;
        check("marking.start_percent", self.marking.start_percent.into(), 0, 100)?;
        check("marking.idle_start_percent", self.marking.idle_start_percent.into(), 0, 100)?;
        check("marking.step_bytes", self.marking.step_bytes, MIN_STEP_BYTES, MAX_SEMISPACE_BYTES)?;
        check(
            "marking.max_minor_collections",
            self.marking.max_minor_collections.into(),
            1,
            u32::MAX.into(),
        )?;
        check("max_old_bytes", self.max_old_bytes, PAGE_BYTES as u64, MAX_OLD_BYTES)?;
        check("large_object_bytes", self.large_object_bytes, MIN_LARGE_BYTES, MAX_SMALL_BYTES)?;
        check("stress.collect_every", self.stress.collect_every.unwrap_or(1).into(), 1, u32::MAX.into())
    }
}
