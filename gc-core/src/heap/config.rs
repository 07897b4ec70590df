//! The settings of a heap.

use crate::clock::{Clock, CostModel, MeasuredClock, ModelledClock};
use crate::event::{MAX_AGE, Nanos};
use crate::policy::{
    Compaction, Futility, Growth, MarkingPacing, NewSpaceSizing, OldPacing, PageLayout, Pretenuring,
    Promotion, Reducer,
};
use crate::space::PAGE_BYTES;
use std::fmt;
use std::ops::RangeInclusive;

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
/// Shortest pause goal: what a scavenge takes that finds nothing.
const MIN_PAUSE: Nanos = Nanos(1_000);
/// Longest time of any setting: a day.
const MAX_TIME: Nanos = Nanos(86_400_000_000_000);
/// Factors by which the old generation may grow, in percent.
const FACTOR_PERCENT: RangeInclusive<u32> = 101..=10_000;
/// Least growth of the old generation that can be asked for, in bytes.
const MIN_GROWTH_BYTES: u64 = 1 << 16;
/// External memory that may be allocated between two collections, in bytes: a page of the system, up to what no address
/// space holds. With none a collection would always be due.
const EXTERNAL_BYTES: RangeInclusive<u64> = 1 << 12..=1 << 48;
/// Largest 1 / c, in bytes: it makes the root of any heap larger than any heap.
const MAX_INVERSE_C_BYTES: u64 = 1 << 60;

/// Most objects of a site that may be asked for before it is decided about: so many are followed.
const MAX_FOLLOWED: u32 = 512;

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
    /// When an idle heap is collected to give memory back.
    pub reducer: Reducer,
    /// Most that old space and large objects may take together, in bytes.
    pub max_old_bytes: u64,
    /// Objects of more than this many bytes are large: they get pages of their own and are never copied.
    pub large_object_bytes: u64,
    /// Ask the system for huge pages: faster on heaps of tens of megabytes and more, at the price of memory
    /// committed in steps of 2 MiB.
    pub huge_pages: bool,
    /// Have memory touched ahead of its use, by a thread of its own: page faults then do not add to pauses. Costs up to
    /// an eighth more memory while the heap grows, at most 32 MiB, and the thread once it has grown to some megabytes.
    pub prefault: bool,
    /// Pages that a semispace consists of; `None` if it is in one piece.
    pub pages: Option<PageLayout>,
    /// When allocation sites allocate in old space: see [`Heap::add_site`](crate::Heap::add_site).
    pub pretenuring: Option<Pretenuring>,
    /// When a program is given up that does little but collect; `None` is never.
    pub futility: Option<Futility>,
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
            reducer: Reducer::default(),
            max_old_bytes: 4 << 30,
            large_object_bytes: MAX_SMALL_BYTES,
            huge_pages: true,
            prefault: true,
            pages: None,
            pretenuring: None,
            futility: None,
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
        self.check_new_space()?;
        check("promotion.age", self.promotion.age, 0..=MAX_AGE)?;
        check("promotion.to_space_percent", self.promotion.to_space_percent.unwrap_or(25), 0..=100)?;
        self.check_growth()?;
        check("pacing.external_growth_bytes", self.pacing.external_growth_bytes, EXTERNAL_BYTES)?;
        check("pacing.young_external_bytes", self.pacing.young_external_bytes, EXTERNAL_BYTES)?;
        self.check_marking()?;
        self.check_reducer()?;
        self.check_v8_rules()?;
        check("max_old_bytes", self.max_old_bytes, PAGE_BYTES as u64..=MAX_OLD_BYTES)?;
        check("large_object_bytes", self.large_object_bytes, MIN_LARGE_BYTES..=MAX_SMALL_BYTES)?;
        check("stress.collect_every", self.stress.collect_every.unwrap_or(1), 1..=u32::MAX)
    }

    fn check_new_space(&self) -> Result<(), ConfigError> {
        let NewSpaceSizing { initial_bytes, max_bytes, max_growth_survival_percent, max_minor_pause, .. } =
            self.new_space;
        check("new_space.max_bytes", max_bytes, MIN_SEMISPACE_BYTES..=MAX_SEMISPACE_BYTES)?;
        check("new_space.initial_bytes", initial_bytes, MIN_SEMISPACE_BYTES..=max_bytes)?;
        let survival_percent = max_growth_survival_percent.unwrap_or(100);
        check("new_space.max_growth_survival_percent", survival_percent, 0..=100)?;
        check("new_space.max_minor_pause", max_minor_pause.unwrap_or(MAX_TIME).0, MIN_PAUSE.0..=MAX_TIME.0)
    }

    fn check_growth(&self) -> Result<(), ConfigError> {
        match self.pacing.growth {
            Growth::Percent(rule) => {
                check("pacing.growth_percent", rule.growth_percent, FACTOR_PERCENT)?;
                check("pacing.min_growth_bytes", rule.min_growth_bytes, MIN_GROWTH_BYTES..=MAX_OLD_BYTES)
            }
            Growth::V8(rule) => {
                let min = rule.min_factor_percent;
                let max = rule.max_factor_percent.unwrap_or(*FACTOR_PERCENT.end());
                check("pacing.v8.utilisation_percent", rule.utilisation_percent, 1..=99)?;
                check("pacing.v8.min_factor_percent", min, FACTOR_PERCENT)?;
                check("pacing.v8.max_factor_percent", max, min..=*FACTOR_PERCENT.end())?;
                check("pacing.v8.min_growth_bytes", rule.min_growth_bytes, MIN_GROWTH_BYTES..=MAX_OLD_BYTES)
            }
            Growth::SquareRoot(rule) => {
                check("pacing.square_root.inverse_c_bytes", rule.inverse_c_bytes, 1..=MAX_INVERSE_C_BYTES)?;
                check(
                    "pacing.square_root.min_growth_bytes",
                    rule.min_growth_bytes,
                    MIN_GROWTH_BYTES..=MAX_OLD_BYTES,
                )
            }
        }
    }

    fn check_marking(&self) -> Result<(), ConfigError> {
        let marking = &self.marking;
        check("marking.start_percent", marking.start_percent, 0..=100)?;
        check("marking.idle_start_percent", marking.idle_start_percent, 0..=100)?;
        check("marking.step_bytes", marking.step_bytes, MIN_STEP_BYTES..=MAX_SEMISPACE_BYTES)?;
        check("marking.max_minor_collections", marking.max_minor_collections, 1..=u32::MAX)
    }

    /// What only V8 knows.
    fn check_v8_rules(&self) -> Result<(), ConfigError> {
        if let Some(PageLayout { page_bytes, buffer_bytes }) = self.pages {
            check("pages.page_bytes", page_bytes, MIN_LARGE_BYTES..=MAX_SEMISPACE_BYTES)?;
            check("pages.buffer_bytes", buffer_bytes, MIN_LARGE_BYTES..=page_bytes)?;
        }
        if let Some(Pretenuring { min_objects, survival_percent }) = self.pretenuring {
            check("pretenuring.min_objects", min_objects, 1..=MAX_FOLLOWED)?;
            check("pretenuring.survival_percent", survival_percent, 0..=100)?;
        }
        let Some(Futility { full_percent, utilisation_percent, max_in_a_row }) = self.futility else {
            return Ok(());
        };
        check("futility.full_percent", full_percent, 0..=100)?;
        check("futility.utilisation_percent", utilisation_percent, 0..=100)?;
        check("futility.max_in_a_row", max_in_a_row, 1..=u32::MAX)
    }

    fn check_reducer(&self) -> Result<(), ConfigError> {
        let reducer = &self.reducer;
        check("reducer.long_delay", reducer.long_delay.0, 0..=MAX_TIME.0)?;
        check("reducer.short_delay", reducer.short_delay.0, 0..=MAX_TIME.0)?;
        check("reducer.watchdog_delay", reducer.watchdog_delay.0, 0..=MAX_TIME.0)?;
        check("reducer.grown_percent", reducer.grown_percent, 100..=*FACTOR_PERCENT.end())
    }
}

/// Checks one setting.
fn check<T: Copy + PartialOrd + Into<u64>>(
    setting: &'static str,
    value: T,
    range: RangeInclusive<T>,
) -> Result<(), ConfigError> {
    if range.contains(&value) {
        return Ok(());
    }
    let (min, max) = (*range.start(), *range.end());
    Err(ConfigError::OutOfRange { setting, value: value.into(), min: min.into(), max: max.into() })
}
