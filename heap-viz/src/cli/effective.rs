//! The settings in force, and who asked for them.

use super::args::{Assignment, ClockChoice, HeapArgs};
use super::config_file::ConfigFile;
use super::failure::Failure;
use super::growth::GrowthDraft;
use super::nearest::nearest;
use super::settings::{Draft, KNOBS, Knob, WrongKind};
use gc_core::clock::CostModel;
use gc_core::policy::{Growth, PercentGrowth};
use gc_core::{Config, ConfigError};
use heap_viz::diagnosis::DosedSetting;
use heap_viz::quantity::{Duration, Size};
use heap_viz::{ClockKind, Setting, SettingValue};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How far the old generation grows between two full collections while leaks are watched for. The factor keeps the
/// cost of marking in proportion to what is promoted; a program that leaks a few MiB shows by the least growth.
const WATCHFUL_GROWTH: Growth =
    Growth::Percent(PercentGrowth { growth_percent: 110, min_growth_bytes: 4 << 20 });

/// The size of the old generation at which it is collected first, in bytes.
const WATCHFUL_INITIAL_LIMIT_BYTES: u64 = 4 << 20;
/// How large new space becomes meanwhile, in bytes.
const WATCHFUL_NEW_SPACE_BYTES: u64 = 2 << 20;

/// The section of what work costs.
pub(crate) const COST: &str = "clock.cost";

/// The settings in force: flag over config file over preset over default, all within their ranges.
#[derive(Clone, Debug)]
pub(crate) struct Effective {
    draft: Draft,
    /// What was given, in the words in which it was, by the name of the setting in code.
    given: BTreeMap<&'static str, String>,
}

impl Effective {
    /// The settings that the command line comes to.
    pub(crate) fn new(args: &HeapArgs) -> Result<Self, Failure> {
        let mut effective = Effective { draft: start(args), given: BTreeMap::new() };
        if let Some(path) = &args.config {
            effective.take_file(&ConfigFile::read(path)?)?;
        }
        if let Some(path) = &args.cost_model {
            effective.take_costs(&ConfigFile::read(path)?)?;
        }
        effective.take_flags(args);
        effective.take_settings(&args.settings)?;
        effective.fit_initial(args);
        effective.check()?;
        Ok(effective)
    }

    /// These settings but for a change.
    pub(crate) fn changed(&self, change: impl FnOnce(&mut Draft)) -> Effective {
        let mut changed = self.clone();
        change(&mut changed.draft);
        changed
    }

    /// Changes a setting to a value from a file, given in these `words`.
    pub(crate) fn set(
        &mut self,
        knob: &'static Knob,
        value: &SettingValue,
        words: String,
    ) -> Result<(), WrongKind> {
        knob.set(&mut self.draft, value)?;
        self.given.insert(knob.code_name, words);
        Ok(())
    }

    /// The settings that are not those of a heap without any, by their names in config files, as these have them.
    pub(crate) fn unusual(&self) -> BTreeMap<String, SettingValue> {
        let default = Draft::default();
        let unusual = KNOBS.iter().filter(|knob| knob.get(&self.draft) != knob.get(&default));
        unusual.map(|knob| (knob.path(), knob.written(&self.draft))).collect()
    }

    /// These settings by another clock.
    pub(crate) fn by_clock(&self, clock: ClockKind) -> Effective {
        self.changed(|draft| draft.clock = clock)
    }

    /// These settings with the old generation collected so often that growth shows soon, but for what they say
    /// themselves: how far it may grow, and how large new space may become, since it is collected no more often than that.
    pub(crate) fn to_watch_leaks(&self) -> Effective {
        let (config, usual) = (self.config(), Config::default());
        self.changed(|draft| {
            if config.pacing.growth == usual.pacing.growth {
                draft.growth = GrowthDraft::of(WATCHFUL_GROWTH);
            }
            if config.pacing.initial_limit_bytes == usual.pacing.initial_limit_bytes {
                draft.config.pacing.initial_limit_bytes = WATCHFUL_INITIAL_LIMIT_BYTES;
            }
            if config.new_space == usual.new_space {
                draft.config.new_space.max_bytes = WATCHFUL_NEW_SPACE_BYTES;
            }
        })
    }

    /// The configuration.
    pub(crate) fn config(&self) -> Config {
        self.draft.finish()
    }

    /// What work costs by the modelled clock.
    pub(crate) fn cost(&self) -> &CostModel {
        &self.draft.cost
    }

    /// Where the heap takes its time from.
    pub(crate) fn clock(&self) -> ClockKind {
        self.draft.clock
    }

    /// The settings for a report. Costs are left out where the clock does not use them.
    pub(crate) fn settings(&self) -> Vec<Setting> {
        let used = |knob: &&Knob| knob.section != COST || self.draft.clock == ClockKind::Modelled;
        let default = Draft::default();
        let setting = |knob: &Knob| Setting::new(knob.code_name, knob.get(&self.draft), &knob.get(&default));
        KNOBS.iter().filter(used).map(setting).collect()
    }

    /// The settings as a config file.
    pub(crate) fn to_toml(&self) -> String {
        let mut toml = String::from("# Settings of a heap, for `tenure run --config`.\n");
        let mut section = "";
        for knob in KNOBS {
            if section != knob.section {
                section = knob.section;
                let _ = write!(toml, "\n[{section}]\n");
            }
            let _ = writeln!(toml, "# {}.\n{} = {}", knob.about, knob.key, knob.to_toml(&self.draft));
        }
        toml
    }

    fn take_file(&mut self, file: &ConfigFile) -> Result<(), Failure> {
        for given in file.apply(&mut self.draft)? {
            let words = format!("{}: `{}` is {}", given.place, given.knob.path(), given.text);
            self.given.insert(given.knob.code_name, words);
        }
        Ok(())
    }

    /// Takes the costs in a file, and has them used.
    fn take_costs(&mut self, file: &ConfigFile) -> Result<(), Failure> {
        let mut draft = self.draft.clone();
        let given = file.apply(&mut draft)?;
        if let Some(other) = given.iter().find(|given| given.knob.section != COST) {
            let problem = format!("`{}` is no cost", other.knob.path());
            let tip = Some("give a file of other settings as --config".into());
            return Err(Failure::TomlFile { place: other.place.clone(), problem, tip });
        }
        self.draft = Draft { clock: ClockKind::Modelled, ..draft };
        Ok(())
    }

    /// These settings with some of them changed, such as a doctor advises; nothing if no heap can have them.
    pub(crate) fn with(&self, changes: &[DosedSetting]) -> Option<Effective> {
        let mut changed = self.clone();
        for (code_name, value) in changes {
            Knob::find(code_name)?.set(&mut changed.draft, &SettingValue::of_word(value)).ok()?;
        }
        changed.check().ok().map(|()| changed)
    }

    /// What differs in `other`, each with its value here and there.
    pub(crate) fn changes_to(&self, other: &Effective) -> Vec<(&'static Knob, String, String)> {
        let values = |knob: &Knob| [self, other].map(|one| knob.to_toml(&one.draft));
        let rows = KNOBS.iter().map(|knob| (knob, values(knob)));
        rows.filter(|(_, [from, to])| from != to).map(|(knob, [from, to])| (knob, from, to)).collect()
    }

    fn take_settings(&mut self, settings: &[Assignment]) -> Result<(), Failure> {
        settings.iter().try_for_each(|setting| self.take_setting(setting))
    }

    fn take_setting(&mut self, Assignment { path, value }: &Assignment) -> Result<(), Failure> {
        let knob = Knob::at(path).ok_or_else(|| unknown(path))?;
        let wrong_kind = |WrongKind(expected)| {
            let problem = format!("`{path}` must be {expected}, not {value}");
            Failure::Setting { problem, tip: None }
        };
        knob.set(&mut self.draft, &SettingValue::of_word(value)).map_err(wrong_kind)?;
        self.given.insert(knob.code_name, format!("`--setting {path}` is {value}"));
        Ok(())
    }

    fn take_flags(&mut self, args: &HeapArgs) {
        let config = &mut self.draft.config;
        if let Some(Size(bytes)) = args.semi_space {
            config.new_space.max_bytes = bytes;
            self.given.insert("new_space.max_bytes", format!("`--semi-space` is {}", Size(bytes)));
        }
        if let Some(Duration(time)) = args.max_minor_pause {
            config.new_space.max_minor_pause = Some(time);
            self.given
                .insert("new_space.max_minor_pause", format!("`--max-minor-pause` is {}", Duration(time)));
        }
        if let Some(Size(bytes)) = args.max_old {
            config.max_old_bytes = bytes;
            self.given.insert("max_old_bytes", format!("`--max-old` is {}", Size(bytes)));
        }
        if let Some(age) = args.promote_age {
            config.promotion.age = age;
            self.given.insert("promotion.age", format!("`--promote-age` is {age}"));
        }
        if let Some(choice) = args.clock {
            self.draft.clock = choice.into();
            self.given.insert("clock.kind", format!("`--clock` is {}", self.draft.clock.name()));
        }
    }

    /// Lowers an initial capacity above the largest one, unless the config file gives both.
    fn fit_initial(&mut self, args: &HeapArgs) {
        let asked_for = self.given.contains_key("new_space.initial_bytes");
        if args.semi_space.is_some() || !asked_for {
            self.lower_initial();
        }
    }

    /// Lowers an initial capacity above the largest one, unless it was given.
    pub(crate) fn fit(&mut self) {
        self.fit_initial(&HeapArgs::default());
    }

    fn lower_initial(&mut self) {
        let new_space = &mut self.draft.config.new_space;
        new_space.initial_bytes = new_space.initial_bytes.min(new_space.max_bytes);
    }

    /// Whether there can be a heap with these settings.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        self.config().validate().map_err(|error| self.refusal(error))
    }

    /// Why there is no heap with these settings, in the words in which they were given.
    pub(crate) fn refusal(&self, error: ConfigError) -> Failure {
        match error {
            ConfigError::OutOfRange { setting, min, max, .. } => self.out_of_range(setting, min, max),
            other => Failure::Heap(other),
        }
    }

    fn out_of_range(&self, setting: &str, min: u64, max: u64) -> Failure {
        let Some(knob) = Knob::find(setting) else {
            return Failure::OutOfRange {
                given: format!("`{setting}`"),
                min: min.to_string(),
                max: max.to_string(),
            };
        };
        let by_default = || format!("`{}` is {} by default", knob.path(), knob.to_toml(&self.draft));
        let given = self.given.get(knob.code_name).cloned().unwrap_or_else(by_default);
        Failure::OutOfRange { given, min: knob.in_its_unit(min), max: knob.in_its_unit(max) }
    }
}

fn unknown(path: &str) -> Failure {
    let paths: Vec<_> = KNOBS.iter().map(Knob::path).collect();
    let near = nearest(path, paths.iter().map(String::as_str));
    let tip = near.map_or("`tenure config` prints them all".into(), |near| format!("did you mean `{near}`?"));
    Failure::Setting { problem: format!("there is no setting `{path}`"), tip: Some(tip) }
}

/// What the settings are before any is given.
fn start(args: &HeapArgs) -> Draft {
    args.preset.map_or_else(Draft::default, |preset| Draft::of(preset.config()))
}

impl From<ClockChoice> for ClockKind {
    fn from(choice: ClockChoice) -> Self {
        match choice {
            ClockChoice::Measured => ClockKind::Measured,
            ClockChoice::Modelled => ClockKind::Modelled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Effective;
    use crate::cli::args::{ClockChoice, HeapArgs};
    use gc_core::{ClockSource, Config, Preset};
    use heap_viz::quantity::Size;

    fn semi_space(bytes: u64) -> HeapArgs {
        HeapArgs { semi_space: Some(Size(bytes)), ..HeapArgs::default() }
    }

    fn config(args: &HeapArgs) -> Config {
        Effective::new(args).expect("the settings are in range").config()
    }

    #[track_caller]
    fn check_refused(args: &HeapArgs, message: &str) {
        assert_eq!(Effective::new(args).expect_err("it is out of range").to_string(), message);
    }

    #[test]
    fn without_flags_all_is_as_by_default() {
        assert_eq!(config(&HeapArgs::default()), Config::default());
    }

    #[test]
    fn a_preset_is_taken_and_flags_change_it() {
        for preset in Preset::ALL {
            let args = HeapArgs { preset: Some(preset), ..HeapArgs::default() };
            assert_eq!(config(&args), preset.config());
            let promote_age = Some(7);
            assert_eq!(config(&HeapArgs { promote_age, ..args }).promotion.age, 7);
        }
    }

    #[test]
    fn a_smaller_semispace_lowers_the_initial_one_too() {
        let new_space = config(&semi_space(512 << 10)).new_space;
        assert_eq!((new_space.initial_bytes, new_space.max_bytes), (512 << 10, 512 << 10));
    }

    #[test]
    fn a_larger_semispace_leaves_the_initial_one_alone() {
        let new_space = config(&semi_space(64 << 20)).new_space;
        assert_eq!((new_space.initial_bytes, new_space.max_bytes), (1 << 20, 64 << 20));
    }

    #[test]
    fn a_flag_out_of_range_says_the_range() {
        check_refused(&semi_space(8), "`--semi-space` is 8, but must lie between 256KiB and 1GiB");
        let max_old = HeapArgs { max_old: Some(Size(1 << 40)), ..HeapArgs::default() };
        check_refused(&max_old, "`--max-old` is 1TiB, but must lie between 256KiB and 28GiB");
    }

    #[test]
    fn costs_are_listed_only_under_the_modelled_clock() {
        let costs = |clock| {
            let args = HeapArgs { clock, ..HeapArgs::default() };
            let settings = Effective::new(&args).expect("the settings are in range").settings();
            settings.iter().filter(|setting| setting.name.starts_with("clock.cost")).count()
        };
        assert_eq!((costs(None), costs(Some(ClockChoice::Modelled))), (0, 13));
        let modelled = HeapArgs { clock: Some(ClockChoice::Modelled), ..HeapArgs::default() };
        assert!(matches!(config(&modelled).clock, ClockSource::Modelled(_)));
    }
}
