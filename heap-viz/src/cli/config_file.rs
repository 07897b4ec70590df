//! Settings from a TOML file, each with its place in it.

use super::failure::Failure;
use super::nearest::did_you_mean;
use super::settings::{Draft, KNOBS, Knob, WrongKind};
use super::toml_file::{Mistake, TomlFile};
use heap_viz::SettingValue;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// A config file.
#[derive(Debug)]
pub(crate) struct ConfigFile(TomlFile);

/// A setting that the file gives: which, where, and in which words.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) knob: &'static Knob,
    pub(crate) place: String,
    pub(crate) text: String,
}

/// A key with the section that it stands in, and its value.
pub(crate) struct Entry<'a> {
    section: String,
    key: &'a Spanned<DeString<'a>>,
    pub(crate) value: &'a Spanned<DeValue<'a>>,
}

impl ConfigFile {
    /// Reads the file at `path`.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        TomlFile::read(path).map(ConfigFile)
    }

    /// Changes `draft` to what the file says, and tells what that was.
    pub(crate) fn apply(&self, draft: &mut Draft) -> Result<Vec<Given>, Failure> {
        self.apply_entries(draft).map_err(|mistake| self.0.failure(mistake))
    }

    fn apply_entries(&self, draft: &mut Draft) -> Result<Vec<Given>, Mistake> {
        let table = self.0.parse()?;
        entries(table.get_ref()).iter().map(|entry| self.set(entry, draft)).collect()
    }

    fn set(&self, entry: &Entry<'_>, draft: &mut Draft) -> Result<Given, Mistake> {
        let knob = entry.knob()?;
        let (at, text) = (entry.value.span().start, self.0.words(entry.value));
        let wrong_kind = |WrongKind(expected)| {
            let problem = format!("`{}` must be {expected}, not {text}", knob.path());
            Mistake { at, problem, tip: None }
        };
        let value = plain(entry.value.get_ref());
        knob.set(draft, &value.unwrap_or(SettingValue::Absent)).map_err(wrong_kind)?;
        Ok(Given { knob, place: self.0.place(at), text })
    }
}

/// All keys of a table and of the sections in it, in the order of the file: so the first mistake in it is told, not the
/// first in the alphabet.
pub(crate) fn entries<'a>(table: &'a DeTable<'a>) -> Vec<Entry<'a>> {
    let mut entries = Vec::new();
    collect(table, "", &mut entries);
    entries.sort_by_key(|entry| entry.key.span().start);
    entries
}

/// All keys of a table and of the tables in it, except for keys of sections themselves.
fn collect<'a>(table: &'a DeTable<'a>, section: &str, entries: &mut Vec<Entry<'a>>) {
    for (key, value) in table {
        let path = join(section, key.get_ref());
        match value.get_ref() {
            DeValue::Table(inner) if sections().contains(&&*path) => collect(inner, &path, entries),
            _ => entries.push(Entry { section: section.into(), key, value }),
        }
    }
}

fn join(section: &str, key: &str) -> String {
    if section.is_empty() { key.into() } else { format!("{section}.{key}") }
}

/// The names of all sections.
fn sections() -> Vec<&'static str> {
    let mut sections: Vec<_> = KNOBS.iter().map(|knob| knob.section).collect();
    sections.dedup();
    sections
}

/// A value, if it is of a kind that some setting has.
pub(crate) fn plain(value: &DeValue<'_>) -> Option<SettingValue> {
    match value {
        DeValue::Boolean(flag) => Some(SettingValue::Flag(*flag)),
        DeValue::String(word) => Some(SettingValue::Word(word.to_string())),
        DeValue::Integer(number) => {
            u64::from_str_radix(number.as_str(), number.radix()).ok().map(SettingValue::Integer)
        }
        _ => None,
    }
}

impl Entry<'_> {
    /// The setting that it is of.
    pub(crate) fn knob(&self) -> Result<&'static Knob, Mistake> {
        let (section, key) = (&*self.section, &**self.key.get_ref());
        Knob::at(&join(section, key)).ok_or_else(|| self.unknown())
    }

    fn unknown(&self) -> Mistake {
        let (section, key) = (&*self.section, &**self.key.get_ref());
        let (problem, tip) = match self.value.get_ref() {
            DeValue::Table(_) => {
                let path = join(section, key);
                (format!("unknown section [{path}]"), did_you_mean(&path, &sections(), "the sections"))
            }
            _ if section.is_empty() => {
                (format!("unknown key `{key}` outside of any section"), tip_outside(key))
            }
            _ => (format!("unknown key `{key}` in [{section}]"), tip_within(section, key)),
        };
        Mistake { at: self.key.span().start, problem, tip: Some(tip) }
    }
}

fn tip_outside(key: &str) -> String {
    elsewhere(key).unwrap_or_else(|| format!("the sections are [{}]", sections().join("], [")))
}

fn tip_within(section: &str, key: &str) -> String {
    let keys: Vec<_> = KNOBS.iter().filter(|knob| knob.section == section).map(|knob| knob.key).collect();
    elsewhere(key).unwrap_or_else(|| did_you_mean(key, &keys, &format!("the keys of [{section}]")))
}

/// Where a key belongs that stands in the wrong section.
fn elsewhere(key: &str) -> Option<String> {
    let knob = KNOBS.iter().find(|knob| knob.key == key)?;
    Some(format!("`{key}` belongs in [{}]", knob.section))
}

#[cfg(test)]
mod tests {
    use super::ConfigFile;
    use crate::cli::failure::Failure;
    use crate::cli::settings::Draft;
    use crate::cli::toml_file::TomlFile;
    use gc_core::event::Nanos;
    use gc_core::policy::{Growth, V8Growth};
    use heap_viz::ClockKind;
    use proptest::prelude::proptest;

    fn apply(text: &str) -> Result<Draft, Failure> {
        let mut draft = Draft::default();
        ConfigFile(TomlFile::of("heap.toml", text)).apply(&mut draft)?;
        Ok(draft)
    }

    /// Checks the message and the tip for a file with a mistake.
    #[track_caller]
    fn check(text: &str, message: &str, expected_tip: Option<&str>) {
        let failure = apply(text).expect_err("the file has a mistake");
        assert_eq!(failure.to_string(), message);
        assert!(
            matches!(&failure, Failure::TomlFile { tip, .. } if tip.as_deref() == expected_tip),
            "{failure:?}"
        );
    }

    #[test]
    fn settings_of_every_kind_are_taken() {
        let text = "
            promotion = { age = 3, to_space_percent = \"off\" }
            clock.kind = \"modelled\"
            [new_space]
            initial = 0x80_000
            max = \"1.5MiB\"
            max_minor_pause = \"1.5ms\"
            [pacing]
            growth = \"v8\"
            [pacing.v8]
            max_factor_percent = 200
            [reducer]
            short_delay = \"250ms\"
            [heap]
            huge_pages = false
            [clock.cost]
            pause_ps = 7
        ";
        let draft = apply(text).expect("the file has no mistake");
        assert_eq!((draft.config.promotion.age, draft.config.promotion.to_space_percent), (3, None));
        let new_space = draft.config.new_space;
        assert_eq!((new_space.initial_bytes, new_space.max_bytes), (512 << 10, 1536 << 10));
        assert_eq!(new_space.max_minor_pause, Some(Nanos(1_500_000)));
        let v8 = V8Growth { max_factor_percent: Some(200), ..V8Growth::default() };
        assert_eq!(draft.finish().pacing.growth, Growth::V8(v8));
        assert_eq!(draft.config.reducer.short_delay, Nanos(250_000_000));
        assert!(!draft.config.huge_pages);
        assert_eq!((draft.clock, draft.cost.pause_ps), (ClockKind::Modelled, 7));
    }

    #[test]
    fn an_empty_file_changes_nothing() {
        assert_eq!(apply("# nothing\n").expect("the file has no mistake"), Draft::default());
    }

    #[test]
    fn unknown_keys_are_named_with_their_place_and_the_nearest_key() {
        check(
            "[new_space]\ninital = 1",
            "heap.toml:2:1: unknown key `inital` in [new_space]",
            Some("did you mean `initial`?"),
        );
        check(
            "[promotion]\n  max = 1",
            "heap.toml:2:3: unknown key `max` in [promotion]",
            Some("`max` belongs in [new_space]"),
        );
        check(
            "[promotion]\ncolour = 1",
            "heap.toml:2:1: unknown key `colour` in [promotion]",
            Some("the keys of [promotion] are `age`, `to_space_percent`, `all_at_full`"),
        );
        check(
            "age = 1",
            "heap.toml:1:1: unknown key `age` outside of any section",
            Some("`age` belongs in [promotion]"),
        );
    }

    #[test]
    fn unknown_sections_are_named_with_the_nearest_section() {
        check(
            "[promotions]\nage = 1",
            "heap.toml:1:2: unknown section [promotions]",
            Some("did you mean `promotion`?"),
        );
        check(
            "[clock.costs]",
            "heap.toml:1:8: unknown section [clock.costs]",
            Some("did you mean `clock.cost`?"),
        );
    }

    #[test]
    fn the_first_mistake_of_a_file_is_the_one_told() {
        check(
            "[new_space]\nmxa = 1\n[heap]\naaa = 1",
            "heap.toml:2:1: unknown key `mxa` in [new_space]",
            Some("did you mean `max`?"),
        );
    }

    #[test]
    fn values_of_the_wrong_kind_say_what_is_right() {
        for (text, message) in [
            (
                "[new_space]\nmax = \"12Q\"",
                "heap.toml:2:7: `new_space.max` must be a size such as \"512KiB\" or \"1.5GiB\", or a number of bytes, \
                 not \"12Q\"",
            ),
            (
                "[promotion]\nage = -1",
                "heap.toml:2:7: `promotion.age` must be a whole number that is not negative, not -1",
            ),
            (
                "[promotion]\nto_space_percent = true",
                "heap.toml:2:20: `promotion.to_space_percent` must be a whole number that is not negative, or \"off\", \
                 not true",
            ),
            (
                "[new_space]\nmax_minor_pause = 1",
                "heap.toml:2:19: `new_space.max_minor_pause` must be a time such as \"500us\" or \"1.5ms\", or \"off\", \
                 not 1",
            ),
            (
                "[pacing]\ngrowth = \"fast\"",
                "heap.toml:2:10: `pacing.growth` must be \"percent\", \"v8\" or \"square-root\", not \"fast\"",
            ),
            ("[heap]\nhuge_pages = 1", "heap.toml:2:14: `heap.huge_pages` must be true or false, not 1"),
            (
                "[clock]\nkind = \"sundial\"",
                "heap.toml:2:8: `clock.kind` must be \"measured\" or \"modelled\", not \"sundial\"",
            ),
        ] {
            check(text, message, None);
        }
    }

    #[test]
    fn files_that_are_no_toml_are_refused_with_the_place() {
        let failure = apply("[new_space\nmax = 1").expect_err("the bracket is open").to_string();
        assert!(failure.starts_with("heap.toml:1:11: "), "{failure}");
    }

    #[test]
    fn a_value_of_several_lines_is_not_quoted() {
        let message = "heap.toml:2:14: `heap.huge_pages` must be true or false, not an array of 1";
        check("[heap]\nhuge_pages = [\n  1,\n]", message, None);
        let message = "heap.toml:1:1: `heap.huge_pages` must be true or false, not a section";
        check("[heap.huge_pages]\nx = 1", message, None);
    }

    proptest! {
        #[test]
        fn no_file_is_too_strange(text in "(\\[new_space\\]\n)?((max|é|\")( = )(1|\"é|\"x\"|\\u{feff}|.)(\\n|.))*") {
            let _ = apply(&text);
        }
    }

    #[test]
    fn columns_are_counted_in_characters() {
        check(
            "\"é\" = 1",
            "heap.toml:1:1: unknown key `é` outside of any section",
            Some(
                "the sections are [new_space], [promotion], [pacing], [pacing.v8], [pacing.square_root], [marking], [compaction], [reducer], \
                 [pages], [pretenuring], [futility], [heap], [clock], [clock.cost]",
            ),
        );
        check(
            "promotion = { \"é\" = 1, age = 1 }",
            "heap.toml:1:15: unknown key `é` in [promotion]",
            Some("the keys of [promotion] are `age`, `to_space_percent`, `all_at_full`"),
        );
    }
}
