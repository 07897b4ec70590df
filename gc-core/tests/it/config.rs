//! Settings: each has a range, and a value outside it is refused by name.

use gc_core::event::MAX_AGE;
use gc_core::policy::NewSpaceSizing;
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

/// Every setting with a range. A maximum of new space below the initial size would be refused for that reason
/// first, so the initial size goes along with it.
const SETTINGS: [Ranged; 9] = [
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
        name: "pacing.growth_percent",
        set: |config, percent| config.pacing.growth_percent = percent as u32,
        min: 101,
        max: 10_000,
    },
    Ranged {
        name: "pacing.min_growth_bytes",
        set: |config, bytes| config.pacing.min_growth_bytes = bytes,
        min: 1 << 16,
        max: MAX_OLD_BYTES,
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
    config.new_space = NewSpaceSizing { initial_bytes: bytes, max_bytes: bytes };
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
    for setting in
        SETTINGS.iter().filter(|setting| setting.max < u32::MAX.into() || setting.max == MAX_OLD_BYTES)
    {
        setting.check_refused(setting.max + 1);
    }
}

#[test]
fn the_usual_settings_are_in_range() {
    assert_eq!(Config::default().validate(), Ok(()));
}
