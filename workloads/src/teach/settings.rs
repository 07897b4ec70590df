//! The heap that a script runs on.

use super::amount::Amount;
use gc_core::clock::CostModel;
use gc_core::{ClockSource, Config};

/// A setting that a script can give.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name in scripts.
    pub name: &'static str,
    /// What it decides, with its unit.
    pub about: &'static str,
    pub(super) set: Set,
}

/// How a setting is changed, by what it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Set {
    Size(fn(&mut Config, u64)),
    Number(fn(&mut Config, u8)),
    NumberOrOff(fn(&mut Config, Option<u8>)),
}

/// All settings. They have the defaults of [`Config`].
pub const SETTINGS: [Setting; 8] = [
    setting(
        "semi_space",
        "size of a semispace, which then stays",
        Set::Size(|config, bytes| {
            (config.new_space.initial_bytes, config.new_space.max_bytes) = (bytes, bytes);
        }),
    ),
    setting(
        "promote_age",
        "scavenges that an object must have survived before the next promotes it",
        Set::Number(|config, age| config.promotion.age = age),
    ),
    setting(
        "to_space_percent",
        "share of to-space beyond which survivors are promoted, or off",
        Set::NumberOrOff(|config, percent| config.promotion.to_space_percent = percent),
    ),
    setting(
        "max_old",
        "most that old space and large objects may take",
        Set::Size(|config, bytes| {
            config.max_old_bytes = bytes;
        }),
    ),
    setting(
        "large_object",
        "objects of more than this are large",
        Set::Size(|config, bytes| {
            config.large_object_bytes = bytes;
        }),
    ),
    setting(
        "old_limit",
        "size of the old generation at which it is collected first",
        Set::Size(|config, bytes| {
            config.pacing.initial_limit_bytes = bytes;
        }),
    ),
    setting(
        "external_growth",
        "external memory that may be added before a full collection is due",
        Set::Size(|config, bytes| config.pacing.external_growth_bytes = bytes),
    ),
    setting(
        "young_external",
        "external memory that may be added before a scavenge is due",
        Set::Size(|config, bytes| config.pacing.young_external_bytes = bytes),
    ),
];

const fn setting(name: &'static str, about: &'static str, set: Set) -> Setting {
    Setting { name, about, set }
}

impl Setting {
    /// The setting of this name.
    pub(super) fn find(name: &str) -> Option<Setting> {
        SETTINGS.iter().find(|setting| setting.name == name).copied()
    }

    /// Changes `config`; none of it if the amount is of the wrong kind, of which it says what is expected.
    pub(super) fn apply(&self, config: &mut Config, amount: Amount) -> Result<(), &'static str> {
        match (self.set, amount) {
            (Set::Size(set), Amount::Plain(bytes) | Amount::Bytes(bytes)) => set(config, bytes),
            (Set::Size(_), _) => return Err("a size, such as 256KiB"),
            (Set::NumberOrOff(set), Amount::Off) => set(config, None),
            (Set::Number(set), Amount::Plain(number @ 0..=255)) => set(config, number as u8),
            (Set::NumberOrOff(set), Amount::Plain(number @ 0..=255)) => set(config, Some(number as u8)),
            (Set::Number(_), _) => return Err("a number up to 255"),
            (Set::NumberOrOff(_), _) => return Err("a number up to 255, or off"),
        }
        Ok(())
    }
}

/// What a script does not set: as usual, but no thread of its own and no time but that of the model, so that it is the
/// same everywhere.
pub(super) fn defaults() -> Config {
    Config {
        huge_pages: false,
        prefault: false,
        clock: ClockSource::Modelled(CostModel::default()),
        ..Config::default()
    }
}
