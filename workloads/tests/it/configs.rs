//! Configurations to run, record and replay under.

use gc_core::clock::CostModel;
use gc_core::policy::{Growth, NewSpaceSizing, OldPacing, PercentGrowth};
use gc_core::{ClockSource, Config, Heap, MIN_SEMISPACE_BYTES, Stress};

/// The default, without what makes each of many small heaps touch megabytes.
pub(crate) fn plain() -> Config {
    Config { huge_pages: false, prefault: false, ..Config::default() }
}

/// Under the modelled clock, with spaces small enough that little work makes many collections of all kinds.
pub(crate) fn small(semispace_bytes: u64) -> Config {
    Config {
        new_space: NewSpaceSizing {
            initial_bytes: semispace_bytes,
            max_bytes: semispace_bytes,
            max_minor_pause: None,
            ..NewSpaceSizing::default()
        },
        pacing: OldPacing {
            initial_limit_bytes: 1 << 19,
            growth: Growth::Percent(PercentGrowth { min_growth_bytes: 1 << 18, ..PercentGrowth::default() }),
            external_growth_bytes: 4 << 20,
            young_external_bytes: 1 << 20,
            ..OldPacing::default()
        },
        clock: ClockSource::Modelled(CostModel::default()),
        ..plain()
    }
}

/// The least new space, verified before and after every collection.
pub(crate) fn verified() -> Config {
    Config {
        stress: Stress { poison: true, verify: true, ..Stress::default() },
        ..small(MIN_SEMISPACE_BYTES.max(64 << 10))
    }
}

/// A collection or a step at every n-th allocation, verified.
pub(crate) fn stressed(collect_every: u32) -> Config {
    Config { stress: Stress::all(collect_every, 7), ..verified() }
}

pub(crate) fn heap(config: Config) -> Heap {
    Heap::new(config).expect("the configuration is valid")
}
