//! A section of a scenario, whose keys are all known.

use super::super::nearest::did_you_mean;
use super::super::toml_file::{Mistake, TomlFile};
use super::keys::{Default, Key, Legal, Measure, Section};
use super::value::Value;
use toml::de::DeTable;

/// A section: it has no keys but those of its kind.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Table<'a> {
    file: &'a TomlFile,
    /// The keys that it is reached by, such as `object.lifetime`.
    path: String,
    section: &'static Section,
    at: usize,
    table: &'a DeTable<'a>,
}

impl<'a> Table<'a> {
    /// A section that is reached by the keys of `path`, and starts at byte `at`.
    pub(in crate::cli) fn new(
        file: &'a TomlFile,
        path: &str,
        section: &'static Section,
        at: usize,
        table: &'a DeTable<'a>,
    ) -> Result<Self, Mistake> {
        let known: Vec<_> = section.keys.iter().map(|key| key.name).collect();
        let unknown = table.keys().filter(|key| !known.contains(&&**key.get_ref()));
        if let Some(key) = unknown.min_by_key(|key| key.span().start) {
            let (at, key) = (key.span().start, &**key.get_ref());
            let place = section.place();
            let tip = did_you_mean(key, &known, &format!("the keys {place}"));
            return Err(Mistake { at, problem: format!("unknown key `{key}` {place}"), tip: Some(tip) });
        }
        Ok(Table { file, path: path.into(), section, at, table })
    }

    /// A mistake of this section as a whole.
    pub(in crate::cli) fn mistake(&self, problem: String) -> Mistake {
        Mistake { at: self.at, problem, tip: None }
    }

    /// The value of a key, if it is there.
    pub(in crate::cli) fn get(&self, name: &str) -> Option<Value<'a>> {
        let value = self.table.get(self.key(name).name)?;
        let path = if self.path.is_empty() { name.into() } else { format!("{}.{name}", self.path) };
        Some(Value { file: self.file, path, value })
    }

    /// The value of a key that must be there.
    pub(in crate::cli) fn required(&self, name: &str) -> Result<Value<'a>, Mistake> {
        self.get(name).ok_or_else(|| self.mistake(format!("`{name}` is missing {}", self.section.place())))
    }

    /// A number.
    pub(in crate::cli) fn number(&self, name: &str) -> Result<f64, Mistake> {
        let Legal::Number(min, max) = self.key(name).legal else { unreachable!("`{name}` is a number") };
        self.or_default(name, |value| value.number((min, max)))
    }

    /// A whole number.
    pub(in crate::cli) fn whole(&self, name: &str) -> Result<u64, Mistake> {
        let Legal::Whole(min, max) = self.key(name).legal else { unreachable!("`{name}` is whole") };
        self.or_default(name, |value| Ok(value.whole((min, max))? as f64)).map(|number| number as u64)
    }

    /// A length of time, in units of `measure`.
    pub(in crate::cli) fn time(&self, name: &str, measure: Measure) -> Result<u64, Mistake> {
        let Legal::Time(min, max) = self.key(name).legal else { unreachable!("`{name}` is a time") };
        let range = (min as f64, max as f64);
        self.or_default(name, |value| value.amount_within(measure, range)).map(|time| time as u64)
    }

    /// The index of a word, or that of the first.
    pub(in crate::cli) fn word_or_first(&self, name: &str) -> Result<usize, Mistake> {
        let Legal::Word(words) = self.key(name).legal else { unreachable!("`{name}` is a word") };
        self.get(name).map_or(Ok(0), |value| value.word(words))
    }

    fn or_default(
        &self,
        name: &str,
        read: impl FnOnce(Value<'a>) -> Result<f64, Mistake>,
    ) -> Result<f64, Mistake> {
        match (self.get(name), self.key(name).default) {
            (None, Default::Number(number)) => Ok(number),
            (None, _) => Err(self.required(name).expect_err("it is not there")),
            (Some(value), _) => read(value),
        }
    }

    /// Says that a key has no meaning here, if it is there.
    pub(in crate::cli) fn refuse(&self, name: &str, why: &str) -> Result<(), Mistake> {
        match self.get(name) {
            Some(value) => Err(value.mistake(format!("`{}` {why}", value.path))),
            None => Ok(()),
        }
    }

    /// What is known of a key.
    fn key(&self, name: &str) -> &'static Key {
        let found = self.section.keys.iter().find(|key| key.name == name);
        found.unwrap_or_else(|| unreachable!("`{name}` is a key of {}", self.section.name))
    }
}
