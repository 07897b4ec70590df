//! The settings of a heap by name: one table that reads, writes, checks and documents each.

use super::size::Size;
use gc_core::clock::CostModel;
use gc_core::{ClockSource, Config};
use heap_viz::{ClockKind, SettingValue};

/// A configuration in the making. The costs are kept also while the clock does not use them: a later flag may
/// turn it to one that does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Draft {
    pub(crate) config: Config,
    pub(crate) clock: ClockKind,
    pub(crate) cost: CostModel,
}

impl Draft {
    /// The configuration.
    pub(crate) fn finish(&self) -> Config {
        let clock = match self.clock {
            ClockKind::Measured => ClockSource::Measured,
            ClockKind::Modelled => ClockSource::Modelled(self.cost),
        };
        Config { clock, ..self.config.clone() }
    }
}

/// One setting.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Knob {
    /// Section of a config file, such as `new_space`.
    pub(crate) section: &'static str,
    /// Key in that section, such as `max`.
    pub(crate) key: &'static str,
    /// Name in code and in reports, such as `new_space.max_bytes`.
    pub(crate) code_name: &'static str,
    /// What it decides.
    pub(crate) about: &'static str,
    /// How to read and change it.
    pub(crate) access: Access,
}

/// How to read and change a setting, by what its values are. Numbers too large for a field become the largest that
/// it holds, which is out of range wherever it matters; the check of the whole configuration says so.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Access {
    Size { get: fn(&Draft) -> u64, set: fn(&mut Draft, u64) },
    Number { get: fn(&Draft) -> u64, set: fn(&mut Draft, u64) },
    NumberOrOff { get: fn(&Draft) -> Option<u64>, set: fn(&mut Draft, Option<u64>) },
    Flag { get: fn(&Draft) -> bool, set: fn(&mut Draft, bool) },
    Clock,
}

/// A value that is not of the setting's kind; says which kind that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WrongKind(pub(crate) &'static str);

impl Knob {
    /// The setting called `code_name` in code.
    pub(crate) fn find(code_name: &str) -> Option<&'static Knob> {
        KNOBS.iter().find(|knob| knob.code_name == code_name)
    }

    /// Its name with the section that it belongs to: `new_space.max`.
    pub(crate) fn path(&self) -> String {
        format!("{}.{}", self.section, self.key)
    }

    /// Its value.
    pub(crate) fn get(&self, draft: &Draft) -> SettingValue {
        match self.access {
            Access::Size { get, .. } | Access::Number { get, .. } => SettingValue::Integer(get(draft)),
            Access::NumberOrOff { get, .. } => get(draft).map_or(SettingValue::Absent, SettingValue::Integer),
            Access::Flag { get, .. } => SettingValue::Flag(get(draft)),
            Access::Clock => SettingValue::Word(draft.clock.name().into()),
        }
    }

    /// Its value as it stands in a config file.
    pub(crate) fn to_toml(self, draft: &Draft) -> String {
        match (self.access, self.get(draft)) {
            (Access::Size { .. }, SettingValue::Integer(bytes)) => format!("\"{}\"", Size(bytes)),
            (_, SettingValue::Absent) => "\"off\"".into(),
            (_, SettingValue::Word(word)) => format!("\"{word}\""),
            (_, value) => value.to_string(),
        }
    }

    /// `number` in the unit of its values.
    pub(crate) fn in_its_unit(&self, number: u64) -> String {
        match self.access {
            Access::Size { .. } => Size(number).to_string(),
            _ => number.to_string(),
        }
    }

    /// Changes it to a value from a config file.
    pub(crate) fn set(&self, draft: &mut Draft, value: &SettingValue) -> Result<(), WrongKind> {
        match (self.access, value) {
            (Access::Size { set, .. } | Access::Number { set, .. }, SettingValue::Integer(n)) => {
                set(draft, *n);
            }
            (Access::Size { set, .. }, SettingValue::Word(word)) => set(draft, size(word)?),
            (Access::NumberOrOff { set, .. }, SettingValue::Integer(number)) => set(draft, Some(*number)),
            (Access::NumberOrOff { set, .. }, SettingValue::Word(word)) if word == "off" => set(draft, None),
            (Access::Flag { set, .. }, SettingValue::Flag(flag)) => set(draft, *flag),
            (Access::Clock, SettingValue::Word(word)) => draft.clock = clock(word)?,
            _ => return Err(self.wrong_kind()),
        }
        Ok(())
    }

    fn wrong_kind(&self) -> WrongKind {
        WrongKind(match self.access {
            Access::Size { .. } => SIZE,
            Access::Number { .. } => "a whole number that is not negative",
            Access::NumberOrOff { .. } => "a whole number that is not negative, or \"off\"",
            Access::Flag { .. } => "true or false",
            Access::Clock => CLOCK,
        })
    }
}

const SIZE: &str = "a size such as \"512KiB\" or \"1.5GiB\", or a number of bytes";
const CLOCK: &str = "\"measured\" or \"modelled\"";

fn size(word: &str) -> Result<u64, WrongKind> {
    word.parse().map(|Size(bytes)| bytes).map_err(|_| WrongKind(SIZE))
}

fn clock(word: &str) -> Result<ClockKind, WrongKind> {
    let kinds = [ClockKind::Measured, ClockKind::Modelled];
    kinds.into_iter().find(|kind| kind.name() == word).ok_or(WrongKind(CLOCK))
}

/// A knob for a field of the config, by the kind of its values.
macro_rules! knob {
    ($section:literal $key:literal $code:literal size $($field:ident).+ : $about:literal) => {
        knob!(@ $section $key $code $about Access::Size {
            get: |draft| draft.$($field).+,
            set: |draft, bytes| draft.$($field).+ = bytes,
        })
    };
    ($section:literal $key:literal $code:literal number $($field:ident).+ as $type:ty : $about:literal) => {
        knob!(@ $section $key $code $about Access::Number {
            get: |draft| draft.$($field).+.into(),
            set: |draft, number| draft.$($field).+ = <$type>::try_from(number).unwrap_or(<$type>::MAX),
        })
    };
    (@ $section:literal $key:literal $code:literal $about:literal $access:expr) => {
        Knob { section: $section, key: $key, code_name: $code, about: $about, access: $access }
    };
}

/// A knob for a coefficient of the cost model.
macro_rules! cost {
    ($field:ident : $about:literal) => {
        Knob {
            section: "clock.cost",
            key: stringify!($field),
            code_name: concat!("clock.cost.", stringify!($field)),
            about: $about,
            access: Access::Number {
                get: |draft| draft.cost.$field,
                set: |draft, picoseconds| draft.cost.$field = picoseconds,
            },
        }
    };
}

/// Every setting, in the order in which they are printed; those of a section stand together.
pub(crate) static KNOBS: &[Knob] = &[
    knob!("new_space" "initial" "new_space.initial_bytes" size config.new_space.initial_bytes:
        "Capacity of one semispace at the start"),
    knob!("new_space" "max" "new_space.max_bytes" size config.new_space.max_bytes:
        "Largest capacity of one semispace"),
    knob!("promotion" "age" "promotion.age" number config.promotion.age as u8:
        "Scavenges that an object must have survived before the next one promotes it"),
    Knob {
        section: "promotion",
        key: "to_space_percent",
        code_name: "promotion.to_space_percent",
        about: "Share of to-space beyond which survivors are promoted whatever their age, or \"off\"",
        access: Access::NumberOrOff {
            get: |draft| draft.config.promotion.to_space_percent.map(u64::from),
            set: |draft, percent| {
                let narrow = |percent| u8::try_from(percent).unwrap_or(u8::MAX);
                draft.config.promotion.to_space_percent = percent.map(narrow);
            },
        },
    },
    knob!("pacing" "initial_limit" "pacing.initial_limit_bytes" size config.pacing.initial_limit_bytes:
        "Size of the old generation at which the first full collection is due"),
    knob!("pacing" "growth_percent" "pacing.growth_percent" number config.pacing.growth_percent as u32:
        "The next limit as a percentage of what the last full collection left alive"),
    knob!("pacing" "min_growth" "pacing.min_growth_bytes" size config.pacing.min_growth_bytes:
        "Least growth of the old generation between two full collections"),
    knob!("pacing" "external_growth" "pacing.external_growth_bytes" size config.pacing.external_growth_bytes:
        "Growth of external memory since the last full collection that makes the next one due"),
    knob!("pacing" "young_external" "pacing.young_external_bytes" size config.pacing.young_external_bytes:
        "External memory allocated since the last scavenge that makes the next one due"),
    knob!("heap" "max_old" "max_old_bytes" size config.max_old_bytes:
        "Most that old space and large objects may take together"),
    knob!("heap" "large_object" "large_object_bytes" size config.large_object_bytes:
        "Objects of more than this are large: they have pages of their own and are never copied"),
    Knob {
        section: "heap",
        key: "huge_pages",
        code_name: "huge_pages",
        about: "Ask the system for huge pages",
        access: Access::Flag {
            get: |draft| draft.config.huge_pages,
            set: |draft, flag| draft.config.huge_pages = flag,
        },
    },
    Knob {
        section: "clock",
        key: "kind",
        code_name: "clock.kind",
        about: "Where time comes from: \"measured\", the machine's clock, or \"modelled\", work times cost",
        access: Access::Clock,
    },
    cost!(allocated_byte_ps: "A byte allocated by the program, with the program's own running time; all costs in picoseconds"),
    cost!(root_ps: "A root looked at"),
    cost!(remembered_ps: "A remembered object or card taken up"),
    cost!(slot_ps: "A reference slot looked at"),
    cost!(copied_object_ps: "An object copied within new space, besides its bytes"),
    cost!(copied_byte_ps: "A byte copied within new space"),
    cost!(promoted_object_ps: "An object promoted, besides its bytes"),
    cost!(promoted_byte_ps: "A byte promoted"),
    cost!(marked_object_ps: "An object marked"),
    cost!(swept_page_ps: "A page of old space examined after marking"),
    cost!(pause_ps: "A collection, whatever it finds"),
];

#[cfg(test)]
mod tests {
    use super::{Draft, KNOBS, Knob};
    use gc_core::ClockSource;
    use gc_core::clock::CostModel;
    use heap_viz::{ClockKind, SettingValue};
    use std::collections::HashSet;

    #[test]
    fn no_two_settings_share_a_name() {
        let paths: HashSet<_> = KNOBS.iter().map(Knob::path).collect();
        let code_names: HashSet<_> = KNOBS.iter().map(|knob| knob.code_name).collect();
        assert_eq!((paths.len(), code_names.len()), (KNOBS.len(), KNOBS.len()));
    }

    #[test]
    fn every_setting_takes_its_own_value_and_changes_nothing_else() {
        for knob in KNOBS {
            let (before, mut after) = (Draft::default(), Draft::default());
            knob.set(&mut after, &knob.get(&before)).expect("its own value");
            assert_eq!(after, before, "{}", knob.path());
        }
    }

    #[test]
    fn every_number_is_read_from_where_it_was_written() {
        for knob in KNOBS {
            let mut draft = Draft::default();
            if knob.set(&mut draft, &SettingValue::Integer(7)).is_ok() {
                assert_eq!(knob.get(&draft), SettingValue::Integer(7), "{}", knob.path());
                let changed = KNOBS.iter().filter(|other| other.get(&draft) != other.get(&Draft::default()));
                assert_eq!(changed.count(), 1, "{}", knob.path());
            }
        }
    }

    #[test]
    fn no_setting_takes_a_value_of_another_kind() {
        for knob in KNOBS {
            let nonsense = SettingValue::Word("nonsense".into());
            assert!(knob.set(&mut Draft::default(), &nonsense).is_err(), "{}", knob.path());
        }
    }

    #[test]
    fn costs_count_only_under_the_modelled_clock() {
        let cost = CostModel { pause_ps: 1, ..CostModel::default() };
        let draft = Draft { cost, ..Draft::default() };
        assert_eq!(draft.finish().clock, ClockSource::Measured);
        let draft = Draft { clock: ClockKind::Modelled, ..draft };
        assert_eq!(draft.finish().clock, ClockSource::Modelled(cost));
    }
}
