//! Settings: each has a range, and a value outside it is refused by name.

use gc_core::event::MAX_AGE;
use gc_core::{
    Config, ConfigError, Heap, MAX_OLD_BYTES, MAX_SEMISPACE_BYTES, MAX_SMALL_BYTES, MIN_SEMISPACE_BYTES,
    PAGE_BYTES,
};

/// Changes one setting.
type Set = fn(&mut Config, u64);

/// Every setting with a range: its name, how to set it, its least and its greatest value.
const RANGES: [(&str, Set, u64, u64); 9] = [
    ("new_space.max_bytes", |config, bytes| config.new_space.max_bytes = bytes, 1 << 20, MAX_SEMISPACE_BYTES),
    (
        "new_space.initial_bytes",
        |config, bytes| config.new_space.initial_bytes = bytes,
        MIN_SEMISPACE_BYTES,
        16 << 20,
    ),
    ("promotion.age", |config, age| config.promotion.age = age as u8, 0, MAX_AGE as u64),
    (
        "promotion.to_space_percent",
        |config, percent| config.promotion.to_space_percent = Some(percent as u8),
        0,
        100,
    ),
    ("pacing.growth_percent", |config, percent| config.pacing.growth_percent = percent as u32, 101, 10_000),
    (
        "pacing.min_growth_bytes",
        |config, bytes| config.pacing.min_growth_bytes = bytes,
        1 << 16,
        MAX_OLD_BYTES,
    ),
    ("max_old_bytes", |config, bytes| config.max_old_bytes = bytes, PAGE_BYTES as u64, MAX_OLD_BYTES),
    ("large_object_bytes", |config, bytes| config.large_object_bytes = bytes, 256, MAX_SMALL_BYTES),
    (
        "stress.collect_every",
        |config, every| config.stress.collect_every = Some(every as u32),
        1,
        u32::MAX as u64,
    ),
];

fn set(set: Set, value: u64) -> Config {
    let mut config = Config::default();
    set(&mut config, value);
    config
}

#[track_caller]
fn check_refused(setting: &str, config: Config, value: u64) {
    let error = Heap::new(config).expect_err(setting);
    assert!(
        error.to_string().starts_with(&format!("`{setting}` is {value}, but must lie between ")),
        "{error}"
    );
}

#[test]
fn a_value_at_either_end_of_its_range_is_accepted() {
    for (setting, set_to, min, max) in RANGES {
        for value in [min, max] {
            assert_eq!(set(set_to, value).validate(), Ok(()), "`{setting}` is {value}");
        }
    }
}

#[test]
fn a_value_below_its_range_is_refused_by_name() {
    for (setting, set_to, min, _) in RANGES.into_iter().filter(|(_, _, min, _)| *min > 0) {
        if setting != "new_space.max_bytes" {
            check_refused(setting, set(set_to, min - 1), min - 1);
        }
    }
}

#[test]
fn a_value_above_its_range_is_refused_by_name() {
    for (setting, set_to, _, max) in RANGES.into_iter().filter(|range| range.3 < u32::MAX.into()) {
        check_refused(setting, set(set_to, max + 1), max + 1);
    }
    check_refused("max_old_bytes", set(RANGES[6].1, u64::MAX), u64::MAX);
}

#[test]
fn a_maximum_below_the_least_semispace_is_refused() {
    let mut config = set(RANGES[0].1, MIN_SEMISPACE_BYTES - 1);
    config.new_space.initial_bytes = MIN_SEMISPACE_BYTES - 1;
    check_refused("new_space.max_bytes", config, MIN_SEMISPACE_BYTES - 1);
}

#[test]
fn an_initial_size_above_the_maximum_is_refused() {
    let mut config = set(RANGES[0].1, 2 << 20);
    config.new_space.initial_bytes = (2 << 20) + 1;
    let error = config.validate().expect_err("more than the maximum");
    let expected = ConfigError::OutOfRange {
        setting: "new_space.initial_bytes",
        value: (2 << 20) + 1,
        min: MIN_SEMISPACE_BYTES,
        max: 2 << 20,
    };
    assert_eq!(error, expected);
}
