//! Settings: each has a range, and a value outside it is refused by name.

use gc_core::event::{MAX_AGE, Nanos};
use gc_core::policy::{Growth, NewSpaceSizing, PercentGrowth, SquareRootGrowth, V8Growth};
use gc_core::{
    Config, Heap, MAX_OLD_BYTES, MAX_SEMISPACE_BYTES, MAX_SMALL_BYTES, MIN_SEMISPACE_BYTES, PAGE_BYTES,
};

/// A setting with a range.
struct Ranged {
    name: &'static str,
    set: fn(&mut Config, u64),
    min: u64,
    max: u64,
}

/// A day, in nanoseconds.
const DAY: u64 = 86_400_000_000_000;
/// What no address space holds.
const MAX_EXTERNAL_BYTES: u64 = 1 << 48;

/// Every setting with a range. A maximum of new space below the initial size would be refused for that reason
/// first, so the initial size goes along with it.
const SETTINGS: [Ranged; 23] = [
    Ranged {
        name: "new_space.max_bytes",
        set: set_new_space,
        min: MIN_SEMISPACE_BYTES,
        max: MAX_SEMISPACE_BYTES,
    },
    Ranged {
        name: "new_space.initial_bytes",
        set: |config, bytes| config.new_space.initial_bytes = bytes,
        min: MIN_SEMISPACE_BYTES,
        max: 32 << 20,
    },
    Ranged {
        name: "promotion.age",
        set: |config, age| config.promotion.age = age as u8,
        min: 0,
        max: MAX_AGE as u64,
    },
    Ranged {
        name: "promotion.to_space_percent",
        set: |config, percent| config.promotion.to_space_percent = Some(percent as u8),
        min: 0,
        max: 100,
    },
    Ranged {
        name: "new_space.max_growth_survival_percent",
        set: |config, percent| config.new_space.max_growth_survival_percent = Some(percent as u8),
        min: 0,
        max: 100,
    },
    Ranged {
        name: "new_space.max_minor_pause",
        set: |config, time| config.new_space.max_minor_pause = Some(Nanos(time)),
        min: 1_000,
        max: DAY,
    },
    Ranged {
        name: "pacing.growth_percent",
        set: |config, percent| percent_growth(config, |rule| rule.growth_percent = percent as u32),
        min: 101,
        max: 10_000,
    },
    Ranged {
        name: "pacing.min_growth_bytes",
        set: |config, bytes| percent_growth(config, |rule| rule.min_growth_bytes = bytes),
        min: 1 << 16,
        max: MAX_OLD_BYTES,
    },
    Ranged {
        name: "pacing.v8.utilisation_percent",
        set: |config, percent| v8_growth(config, |rule| rule.utilisation_percent = percent as u32),
        min: 1,
        max: 99,
    },
    Ranged {
        name: "pacing.v8.min_factor_percent",
        set: |config, percent| v8_growth(config, |rule| rule.min_factor_percent = percent as u32),
        min: 101,
        max: 10_000,
    },
    Ranged {
        name: "pacing.v8.max_factor_percent",
        set: |config, percent| v8_growth(config, |rule| rule.max_factor_percent = Some(percent as u32)),
        min: 110,
        max: 10_000,
    },
    Ranged {
        name: "pacing.v8.min_growth_bytes",
        set: |config, bytes| v8_growth(config, |rule| rule.min_growth_bytes = bytes),
        min: 1 << 16,
        max: MAX_OLD_BYTES,
    },
    Ranged {
        name: "pacing.square_root.inverse_c_bytes",
        set: |config, bytes| square_root_growth(config, |rule| rule.inverse_c_bytes = bytes),
        min: 1,
        max: 1 << 60,
    },
    Ranged {
        name: "pacing.square_root.min_growth_bytes",
        set: |config, bytes| square_root_growth(config, |rule| rule.min_growth_bytes = bytes),
        min: 1 << 16,
        max: MAX_OLD_BYTES,
    },
    Ranged {
        name: "pacing.external_growth_bytes",
        set: |config, bytes| config.pacing.external_growth_bytes = bytes,
        min: 1 << 12,
        max: MAX_EXTERNAL_BYTES,
    },
    Ranged {
        name: "pacing.young_external_bytes",
        set: |config, bytes| config.pacing.young_external_bytes = bytes,
        min: 1 << 12,
        max: MAX_EXTERNAL_BYTES,
    },
    Ranged {
        name: "reducer.long_delay",
        set: |config, time| config.reducer.long_delay = Nanos(time),
        min: 0,
        max: DAY,
    },
    Ranged {
        name: "reducer.short_delay",
        set: |config, time| config.reducer.short_delay = Nanos(time),
        min: 0,
        max: DAY,
    },
    Ranged {
        name: "reducer.watchdog_delay",
        set: |config, time| config.reducer.watchdog_delay = Nanos(time),
        min: 0,
        max: DAY,
    },
    Ranged {
        name: "reducer.grown_percent",
        set: |config, percent| config.reducer.grown_percent = percent as u32,
        min: 100,
        max: 10_000,
    },
    Ranged {
        name: "max_old_bytes",
        set: |config, bytes| config.max_old_bytes = bytes,
        min: PAGE_BYTES as u64,
        max: MAX_OLD_BYTES,
    },
    Ranged {
        name: "large_object_bytes",
        set: |config, bytes| config.large_object_bytes = bytes,
        min: 256,
        max: MAX_SMALL_BYTES,
    },
    Ranged {
        name: "stress.collect_every",
        set: |config, every| config.stress.collect_every = Some(every as u32),
        min: 1,
        max: u32::MAX as u64,
    },
];

fn set_new_space(config: &mut Config, bytes: u64) {
    config.new_space = NewSpaceSizing { initial_bytes: bytes, max_bytes: bytes, ..config.new_space };
}

fn percent_growth(config: &mut Config, set: impl FnOnce(&mut PercentGrowth)) {
    let mut rule = PercentGrowth::default();
    set(&mut rule);
    config.pacing.growth = Growth::Percent(rule);
}

fn v8_growth(config: &mut Config, set: impl FnOnce(&mut V8Growth)) {
    let mut rule = V8Growth::default();
    set(&mut rule);
    config.pacing.growth = Growth::V8(rule);
}

fn square_root_growth(config: &mut Config, set: impl FnOnce(&mut SquareRootGrowth)) {
    let mut rule = SquareRootGrowth::default();
    set(&mut rule);
    config.pacing.growth = Growth::SquareRoot(rule);
}

impl Ranged {
    fn set_to(&self, value: u64) -> Config {
        let mut config = Config::default();
        (self.set)(&mut config, value);
        config
    }

    /// Fails unless no heap can be had with this value, for a reason that names the setting.
    fn check_refused(&self, value: u64) {
        let error = Heap::new(self.set_to(value)).expect_err(self.name);
        let said = format!("`{}` is {value}, but must lie between {} and {}", self.name, self.min, self.max);
        assert_eq!(error.to_string(), said);
    }
}

#[test]
fn a_value_at_either_end_of_its_range_is_accepted() {
    for setting in SETTINGS {
        for value in [setting.min, setting.max] {
            assert_eq!(setting.set_to(value).validate(), Ok(()), "`{}` is {value}", setting.name);
        }
    }
}

#[test]
fn a_value_below_its_range_is_refused_by_name() {
    for setting in SETTINGS.iter().filter(|setting| setting.min > 0) {
        setting.check_refused(setting.min - 1);
    }
}

#[test]
fn a_value_above_its_range_is_refused_by_name() {
    // Beyond the largest number of 32 bits there is nothing to set.
    for setting in SETTINGS.iter().filter(|setting| setting.max != u32::MAX.into()) {
        setting.check_refused(setting.max + 1);
    }
}

#[test]
fn the_usual_settings_are_in_range() {
    assert_eq!(Config::default().validate(), Ok(()));
}
