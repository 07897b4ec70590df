//! The settings of a heap by name: one table that reads, writes, checks and documents each.

use super::growth::GrowthDraft;
use super::optional::OptionalRules;
use gc_core::clock::CostModel;
use gc_core::event::Nanos;
use gc_core::policy::{InitialLimit, LimitTest, NewSpaceGrowth, OldPacing};
use gc_core::{ClockSource, Config};
use heap_viz::quantity::{Duration, Size};
use heap_viz::{ClockKind, SettingValue};

/// A configuration in the making. The costs are kept also while the clock does not use them, and so are the figures of
/// each rule of growth: a later line or flag may turn to what uses them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Draft {
    pub(crate) config: Config,
    pub(crate) growth: GrowthDraft,
    pub(crate) optional: OptionalRules,
    pub(crate) clock: ClockKind,
    pub(crate) cost: CostModel,
}

impl Draft {
    /// One that starts from a configuration, whose clock it does not take over.
    pub(crate) fn of(config: Config) -> Self {
        let growth = GrowthDraft::of(config.pacing.growth);
        let optional = OptionalRules::of(&config);
        Draft {
            config: Config { clock: ClockSource::Measured, ..config },
            growth,
            optional,
            ..Draft::default()
        }
    }

    /// The configuration.
    pub(crate) fn finish(&self) -> Config {
        let clock = match self.clock {
            ClockKind::Measured => ClockSource::Measured,
            ClockKind::Modelled => ClockSource::Modelled(self.cost),
        };
        let pacing = OldPacing { growth: self.growth.finish(), ..self.config.pacing };
        self.optional.apply(Config { clock, pacing, ..self.config.clone() })
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
    Size {
        get: fn(&Draft) -> u64,
        set: fn(&mut Draft, u64),
    },
    Number {
        get: fn(&Draft) -> u64,
        set: fn(&mut Draft, u64),
    },
    NumberOrOff {
        get: fn(&Draft) -> Option<u64>,
        set: fn(&mut Draft, Option<u64>),
    },
    Time {
        get: fn(&Draft) -> Nanos,
        set: fn(&mut Draft, Nanos),
    },
    TimeOrOff {
        get: fn(&Draft) -> Option<Nanos>,
        set: fn(&mut Draft, Option<Nanos>),
    },
    Flag {
        get: fn(&Draft) -> bool,
        set: fn(&mut Draft, bool),
    },
    /// One of a few words; `set` says whether it is one of them.
    Word {
        expected: &'static str,
        get: fn(&Draft) -> &'static str,
        set: fn(&mut Draft, &str) -> bool,
    },
}

/// A value that is not of the setting's kind; says which kind that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WrongKind(pub(crate) &'static str);

impl Knob {
    /// The setting called `code_name` in code.
    pub(crate) fn find(code_name: &str) -> Option<&'static Knob> {
        KNOBS.iter().find(|knob| knob.code_name == code_name)
    }

    /// The setting called so in a config file, with its section. The name in reports does as well: what they advise can be
    /// copied.
    pub(crate) fn at(path: &str) -> Option<&'static Knob> {
        KNOBS.iter().find(|knob| knob.path() == path).or_else(|| Knob::find(path))
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
            Access::Time { get, .. } => SettingValue::Integer(get(draft).0),
            Access::TimeOrOff { get, .. } => {
                get(draft).map_or(SettingValue::Absent, |time| SettingValue::Integer(time.0))
            }
            Access::Flag { get, .. } => SettingValue::Flag(get(draft)),
            Access::Word { get, .. } => SettingValue::Word(get(draft).into()),
        }
    }

    /// Its value as config files have it.
    pub(crate) fn written(&self, draft: &Draft) -> SettingValue {
        match (self.access, self.get(draft)) {
            (
                Access::Size { .. } | Access::Time { .. } | Access::TimeOrOff { .. },
                SettingValue::Integer(number),
            ) => SettingValue::Word(self.in_its_unit(number)),
            (_, SettingValue::Absent) => SettingValue::Word(OFF.into()),
            (_, value) => value,
        }
    }

    /// How far numbers of it are apart at least, where they are drawn from a range: sizes are whole KiB.
    pub(crate) fn grain(&self) -> u64 {
        if matches!(self.access, Access::Size { .. }) { 1024 } else { 1 }
    }

    /// A number as config files have it; sizes are whole KiB.
    pub(crate) fn written_number(&self, number: u64) -> SettingValue {
        match self.access {
            Access::Size { .. } => {
                SettingValue::Word(self.in_its_unit(number.next_multiple_of(self.grain())))
            }
            Access::Time { .. } | Access::TimeOrOff { .. } => SettingValue::Word(self.in_its_unit(number)),
            _ => SettingValue::Integer(number),
        }
    }

    /// Its value as it stands in a config file.
    pub(crate) fn to_toml(self, draft: &Draft) -> String {
        match self.written(draft) {
            SettingValue::Word(word) => format!("\"{word}\""),
            value => value.to_string(),
        }
    }

    /// `number` in the unit of its values.
    pub(crate) fn in_its_unit(&self, number: u64) -> String {
        match self.access {
            Access::Size { .. } => Size(number).to_string(),
            Access::Time { .. } | Access::TimeOrOff { .. } => Duration(Nanos(number)).to_string(),
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
            (Access::NumberOrOff { set, .. }, SettingValue::Word(word)) if word == OFF => set(draft, None),
            (Access::TimeOrOff { set, .. }, SettingValue::Word(word)) if word == OFF => set(draft, None),
            (Access::TimeOrOff { set, .. }, SettingValue::Word(word)) => set(draft, Some(self.time(word)?)),
            (Access::Time { set, .. }, SettingValue::Word(word)) => set(draft, self.time(word)?),
            (Access::Flag { set, .. }, SettingValue::Flag(flag)) => set(draft, *flag),
            (Access::Word { set, .. }, SettingValue::Word(word)) if set(draft, word) => {}
            _ => return Err(self.wrong_kind()),
        }
        Ok(())
    }

    fn wrong_kind(&self) -> WrongKind {
        WrongKind(match self.access {
            Access::Size { .. } => SIZE,
            Access::Number { .. } => "a whole number that is not negative",
            Access::NumberOrOff { .. } => "a whole number that is not negative, or \"off\"",
            Access::Time { .. } => "a time such as \"500us\" or \"1.5ms\"",
            Access::TimeOrOff { .. } => "a time such as \"500us\" or \"1.5ms\", or \"off\"",
            Access::Flag { .. } => "true or false",
            Access::Word { expected, .. } => expected,
        })
    }

    fn time(&self, word: &str) -> Result<Nanos, WrongKind> {
        word.parse().map(|Duration(time)| time).map_err(|_| self.wrong_kind())
    }
}

const OFF: &str = "off";

const SIZE: &str = "a size such as \"512KiB\" or \"1.5GiB\", or a number of bytes";

fn size(word: &str) -> Result<u64, WrongKind> {
    word.parse().map(|Size(bytes)| bytes).map_err(|_| WrongKind(SIZE))
}

fn set_clock(draft: &mut Draft, word: &str) -> bool {
    let kinds = [ClockKind::Measured, ClockKind::Modelled];
    let kind = kinds.into_iter().find(|kind| kind.name() == word);
    draft.clock = kind.unwrap_or(draft.clock);
    kind.is_some()
}

/// Sets `place` to what `word` stands for; whether it is one of the `words`.
fn choose<T: Copy>(place: &mut T, word: &str, words: &[(&str, T)]) -> bool {
    let chosen = words.iter().find(|(name, _)| *name == word);
    if let Some((_, value)) = chosen {
        *place = *value;
    }
    chosen.is_some()
}

fn narrow_u8(number: u64) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
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
    ($section:literal $key:literal $code:literal time $($field:ident).+ : $about:literal) => {
        knob!(@ $section $key $code $about Access::Time {
            get: |draft| draft.$($field).+,
            set: |draft, time| draft.$($field).+ = time,
        })
    };
    ($section:literal $key:literal $code:literal flag $($field:ident).+ : $about:literal) => {
        knob!(@ $section $key $code $about Access::Flag {
            get: |draft| draft.$($field).+,
            set: |draft, flag| draft.$($field).+ = flag,
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
    Knob {
        section: "new_space",
        key: "max_growth_survival_percent",
        code_name: "new_space.max_growth_survival_percent",
        about: "New space grows only while no more than this part of what survived one scavenge survives the next, or \"off\": what lives for long survives in a larger one too",
        access: Access::NumberOrOff {
            get: |draft| draft.config.new_space.max_growth_survival_percent.map(u64::from),
            set: |draft, percent| draft.config.new_space.max_growth_survival_percent = percent.map(narrow_u8),
        },
    },
    Knob {
        section: "new_space",
        key: "max_minor_pause",
        code_name: "new_space.max_minor_pause",
        about: "How long a minor pause should take at most, or \"off\": new space is made small enough for that",
        access: Access::TimeOrOff {
            get: |draft| draft.config.new_space.max_minor_pause,
            set: |draft, time| draft.config.new_space.max_minor_pause = time,
        },
    },
    knob!("new_space" "idle_bytes_per_ms" "new_space.idle_bytes_per_ms" number config.new_space.idle_bytes_per_ms as u64:
        "A program that allocates less than this in a millisecond is idle: new space shrinks"),
    Knob {
        section: "new_space",
        key: "growth",
        code_name: "new_space.growth",
        about: "When new space grows: \"at-once\", or \"next-collection\", as V8 does",
        access: Access::Word {
            expected: "\"at-once\" or \"next-collection\"",
            get: |draft| match draft.config.new_space.growth {
                NewSpaceGrowth::AtOnce => "at-once",
                NewSpaceGrowth::NextCollection => "next-collection",
            },
            set: |draft, word| {
                let growth = &mut draft.config.new_space.growth;
                choose(
                    growth,
                    word,
                    &[
                        ("at-once", NewSpaceGrowth::AtOnce),
                        ("next-collection", NewSpaceGrowth::NextCollection),
                    ],
                )
            },
        },
    },
    knob!("promotion" "age" "promotion.age" number config.promotion.age as u8:
        "Scavenges that an object must have survived before the next one promotes it"),
    Knob {
        section: "promotion",
        key: "to_space_percent",
        code_name: "promotion.to_space_percent",
        about: "Share of to-space beyond which survivors are promoted whatever their age, or \"off\"",
        access: Access::NumberOrOff {
            get: |draft| draft.config.promotion.to_space_percent.map(u64::from),
            set: |draft, percent| draft.config.promotion.to_space_percent = percent.map(narrow_u8),
        },
    },
    knob!("promotion" "all_at_full" "promotion.all_at_full" flag config.promotion.all_at_full:
        "A collection of the old generation promotes every survivor"),
    knob!("pacing" "initial_limit" "pacing.initial_limit_bytes" size config.pacing.initial_limit_bytes:
        "Size of the old generation at which the first full collection is due"),
    Knob {
        section: "pacing",
        key: "initial_limit_changes",
        code_name: "pacing.initial_limit",
        about: "What becomes of that size: it is \"fixed\", lowered \"by-survival\", as V8 does, or the \"least\" \
                that there is",
        access: Access::Word {
            expected: "\"fixed\", \"by-survival\" or \"least\"",
            get: |draft| match draft.config.pacing.initial_limit {
                InitialLimit::Fixed => "fixed",
                InitialLimit::BySurvival => "by-survival",
                InitialLimit::Least => "least",
            },
            set: |draft, word| {
                let limit = &mut draft.config.pacing.initial_limit;
                let words = [
                    ("fixed", InitialLimit::Fixed),
                    ("by-survival", InitialLimit::BySurvival),
                    ("least", InitialLimit::Least),
                ];
                choose(limit, word, &words)
            },
        },
    },
    Knob {
        section: "pacing",
        key: "growth",
        code_name: "pacing.growth",
        about: "How the next limit is set: \"percent\" of what lives, \"v8\" or \"square-root\" by the speeds measured",
        access: Access::Word {
            expected: "\"percent\", \"v8\" or \"square-root\"",
            get: |draft| draft.growth.rule.name(),
            set: |draft, word| draft.growth.choose(word),
        },
    },
    knob!("pacing" "growth_percent" "pacing.growth_percent" number growth.percent.growth_percent as u32:
        "The next limit as a percentage of what the last full collection left alive, with growth = \"percent\""),
    knob!("pacing" "min_growth" "pacing.min_growth_bytes" size growth.percent.min_growth_bytes:
        "Least growth of the old generation between two full collections, with growth = \"percent\""),
    knob!("pacing" "external_growth" "pacing.external_growth_bytes" size config.pacing.external_growth_bytes:
        "Growth of external memory since the last full collection that makes the next one due"),
    knob!("pacing" "young_external" "pacing.young_external_bytes" size config.pacing.young_external_bytes:
        "External memory allocated since the last scavenge that makes the next one due"),
    knob!("pacing" "young_external_survivors" "pacing.young_external_survivors" flag config.pacing.young_external_survivors:
        "External memory of young objects that have survived a scavenge counts with that allocated since"),
    Knob {
        section: "pacing",
        key: "limit_test",
        code_name: "pacing.limit_test",
        about: "Without marking in steps, when it is found that the limit is reached: before \"every-collection\", \"after-scavenge\", or only by an \"old-allocation\"",
        access: Access::Word {
            expected: "\"every-collection\", \"after-scavenge\" or \"old-allocation\"",
            get: |draft| match draft.config.pacing.limit_test {
                LimitTest::EveryCollection => "every-collection",
                LimitTest::AfterScavenge => "after-scavenge",
                LimitTest::OldAllocation => "old-allocation",
            },
            set: |draft, word| {
                let test = &mut draft.config.pacing.limit_test;
                choose(
                    test,
                    word,
                    &[
                        ("every-collection", LimitTest::EveryCollection),
                        ("after-scavenge", LimitTest::AfterScavenge),
                        ("old-allocation", LimitTest::OldAllocation),
                    ],
                )
            },
        },
    },
    knob!("pacing.v8" "utilisation_percent" "pacing.v8.utilisation_percent" number growth.v8.utilisation_percent as u32:
        "Share of the time that the program is to have"),
    knob!("pacing.v8" "min_factor_percent" "pacing.v8.min_factor_percent" number growth.v8.min_factor_percent as u32:
        "The next limit as a percentage of what lives: the least"),
    Knob {
        section: "pacing.v8",
        key: "max_factor_percent",
        code_name: "pacing.v8.max_factor_percent",
        about: "The largest; \"off\" is V8's own, from 130 to 400 by the maximum of the old generation",
        access: Access::NumberOrOff {
            get: |draft| draft.growth.v8.max_factor_percent.map(u64::from),
            set: |draft, percent| {
                let narrow = |percent| u32::try_from(percent).unwrap_or(u32::MAX);
                draft.growth.v8.max_factor_percent = percent.map(narrow);
            },
        },
    },
    knob!("pacing.v8" "min_growth" "pacing.v8.min_growth_bytes" size growth.v8.min_growth_bytes:
        "Least growth between two full collections, besides new space"),
    knob!("pacing.square_root" "inverse_c" "pacing.square_root.inverse_c_bytes" number growth.square_root.inverse_c_bytes as u64:
        "1 / c, in bytes, where c is the collection time that a byte more must save; more uses more memory"),
    knob!("pacing.square_root" "min_growth" "pacing.square_root.min_growth_bytes" size growth.square_root.min_growth_bytes:
        "Least growth between two full collections, besides new space"),
    knob!("marking" "incremental" "marking.incremental" flag config.marking.incremental:
        "Mark the old generation in steps instead of stopping the program"),
    knob!("marking" "start_percent" "marking.start_percent" number config.marking.start_percent as u8:
        "Share of the growth up to the limit at which a marking starts, in percent"),
    knob!("marking" "idle_start_percent" "marking.idle_start_percent" number config.marking.idle_start_percent as u8:
        "The same for a marking that starts in idle time"),
    knob!("marking" "step" "marking.step_bytes" size config.marking.step_bytes:
        "Allocation between two steps of marking"),
    knob!("marking" "max_minor_collections" "marking.max_minor_collections" number config.marking.max_minor_collections as u32:
        "Scavenges after which a marking is done at the latest"),
    knob!("compaction" "slide_percent" "compaction.slide_percent" number config.compaction.slide_percent as u8:
        "Free share of old space at which a full collection compacts it, in percent; over 100: never"),
    knob!("compaction" "fragmented_percent" "compaction.fragmented_percent" number config.compaction.fragmented_percent as u8:
        "Free share of old space at which sparse pages are evacuated, in percent; over 100: never"),
    knob!("compaction" "sparse_percent" "compaction.sparse_percent" number config.compaction.sparse_percent as u8:
        "Live share of a page below which it is worth evacuating, in percent"),
    knob!("compaction" "evacuate" "compaction.evacuate_bytes" size config.compaction.evacuate_bytes:
        "Most that one evacuation moves"),
    knob!("reducer" "max_runs" "reducer.max_runs" number config.reducer.max_runs as u32:
        "Most collections of an idle heap to give memory back, until it grows again; 0 for none"),
    knob!("reducer" "long_delay" "reducer.long_delay" time config.reducer.long_delay:
        "Time from a full collection to the first of them"),
    knob!("reducer" "short_delay" "reducer.short_delay" time config.reducer.short_delay:
        "Time from one of them to the next"),
    knob!("reducer" "watchdog_delay" "reducer.watchdog_delay" time config.reducer.watchdog_delay:
        "After this time without a full collection the heap need not be idle"),
    knob!("reducer" "grown_percent" "reducer.grown_percent" number config.reducer.grown_percent as u32:
        "The heap has grown at this percentage of what the last of them left"),
    knob!("reducer" "grown" "reducer.grown_bytes" size config.reducer.grown_bytes:
        "And at this many bytes more"),
    Knob {
        section: "pages",
        key: "page_bytes",
        code_name: "pages.page_bytes",
        about: "Bytes of a page of new space that objects may take, if it is to behave as one of pages, or \"off\"",
        access: Access::NumberOrOff {
            get: |draft| draft.optional.page_bytes,
            set: |draft, bytes| draft.optional.page_bytes = bytes,
        },
    },
    knob!("pages" "buffer" "pages.buffer_bytes" size optional.buffer_bytes:
        "Room that survivors are given at a time, which does not lie across the end of a page"),
    Knob {
        section: "pretenuring",
        key: "survival_percent",
        code_name: "pretenuring.survival_percent",
        about: "Share of the objects of an allocation site that must survive for it to allocate in old space, or \"off\"",
        access: Access::NumberOrOff {
            get: |draft| draft.optional.pretenured_percent.map(u64::from),
            set: |draft, percent| draft.optional.pretenured_percent = percent.map(narrow_u8),
        },
    },
    knob!("pretenuring" "min_objects" "pretenuring.min_objects" number optional.min_objects as u32:
        "Objects of a site between two scavenges that it takes to decide"),
    Knob {
        section: "futility",
        key: "max_in_a_row",
        code_name: "futility.max_in_a_row",
        about: "Full collections in vain, in a row, after which an allocation is refused, or \"off\"",
        access: Access::NumberOrOff {
            get: |draft| draft.optional.max_in_vain.map(u64::from),
            set: |draft, number| {
                draft.optional.max_in_vain = number.map(|number| u32::try_from(number).unwrap_or(u32::MAX));
            },
        },
    },
    knob!("futility" "full_percent" "futility.full_percent" number optional.full_percent as u8:
        "One is in vain that leaves more of the largest old generation in use than this, in percent"),
    knob!("futility" "utilisation_percent" "futility.utilisation_percent" number optional.utilisation_percent as u8:
        "And leaves the program less than this of the time, on average"),
    knob!("heap" "max_old" "max_old_bytes" size config.max_old_bytes:
        "Most that old space and large objects may take together"),
    knob!("heap" "large_object" "large_object_bytes" size config.large_object_bytes:
        "Objects of more than this are large: they have pages of their own and are never copied"),
    knob!("heap" "huge_pages" "huge_pages" flag config.huge_pages:
        "Ask the system for huge pages"),
    knob!("heap" "prefault" "prefault" flag config.prefault:
        "Have memory touched ahead of its use, by a thread"),
    Knob {
        section: "clock",
        key: "kind",
        code_name: "clock.kind",
        about: "Where time comes from: \"measured\", the machine's clock, or \"modelled\", work times cost",
        access: Access::Word {
            expected: "\"measured\" or \"modelled\"",
            get: |draft| draft.clock.name(),
            set: set_clock,
        },
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
    cost!(moved_object_ps: "An old object moved by a compaction, besides its bytes"),
    cost!(moved_byte_ps: "A byte of old objects moved by a compaction"),
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

    /// The value of a setting as a config file gives it.
    fn in_a_file(knob: &Knob, draft: &Draft) -> SettingValue {
        let text = knob.to_toml(draft);
        let word = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        word.map_or_else(|| knob.get(draft), |word| SettingValue::Word(word.into()))
    }

    #[test]
    fn every_setting_takes_its_own_value_and_changes_nothing_else() {
        for knob in KNOBS {
            let (before, mut after) = (Draft::default(), Draft::default());
            knob.set(&mut after, &in_a_file(knob, &before)).expect("its own value");
            assert_eq!(after, before, "{}", knob.path());
        }
    }

    #[test]
    fn times_are_read_from_where_they_were_written() {
        for knob in KNOBS {
            let (mut draft, time) = (Draft::default(), SettingValue::Word("7ms".into()));
            if knob.set(&mut draft, &time).is_ok() {
                assert_eq!(in_a_file(knob, &draft), time, "{}", knob.path());
                let changed = KNOBS.iter().filter(|other| other.get(&draft) != other.get(&Draft::default()));
                assert_eq!(changed.count(), 1, "{}", knob.path());
            }
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
