//! One value of a scenario, to be read as what it is to be.

use super::super::nearest::did_you_mean;
use super::super::toml_file::{Mistake, TomlFile};
use super::keys::{Measure, Section};
use super::table::Table;
use gc_core::event::Nanos;
use heap_viz::quantity::Duration;
use heap_viz::quantity::Size;
use std::fmt::Display;
use std::ops::Range;
use toml::Spanned;
use toml::de::DeValue;

/// A value, and where it comes from.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Value<'a> {
    pub(in crate::cli) file: &'a TomlFile,
    /// Its keys, such as `phase.length`.
    pub(in crate::cli) path: String,
    pub(in crate::cli) value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Value<'a> {
    pub(in crate::cli) fn span(&self) -> Range<usize> {
        self.value.span()
    }

    /// A mistake of this value.
    pub(in crate::cli) fn mistake(&self, problem: String) -> Mistake {
        Mistake { at: self.span().start, problem, tip: None }
    }

    /// A mistake of this value: it is not of the kind that it must be.
    pub(in crate::cli) fn must_be(&self, expected: impl Display) -> Mistake {
        let found = self.file.words(self.value);
        self.mistake(format!("`{}` must be {expected}, not {found}", self.path))
    }

    fn out_of_range(&self, (min, max): (impl Display, impl Display)) -> Mistake {
        let found = self.file.words(self.value);
        self.mistake(format!("`{}` is {found}, but must lie between {min} and {max}", self.path))
    }

    fn within(&self, number: f64, (min, max): (f64, f64)) -> Result<f64, Mistake> {
        if (min..=max).contains(&number) { Ok(number) } else { Err(self.out_of_range((min, max))) }
    }

    /// A number between two.
    pub(in crate::cli) fn number(&self, range: (f64, f64)) -> Result<f64, Mistake> {
        let number = self.plain_number().ok_or_else(|| self.must_be("a number"))?;
        self.within(number, range)
    }

    /// A whole number between two.
    pub(in crate::cli) fn whole(&self, (min, max): (u64, u64)) -> Result<u64, Mistake> {
        let number = self.plain_integer().ok_or_else(|| self.must_be("a whole number"))?;
        let within = u64::try_from(number).ok().filter(|number| (min..=max).contains(number));
        within.ok_or_else(|| self.out_of_range((min, max)))
    }

    /// A value of a measure, within the range of that.
    pub(in crate::cli) fn amount(&self, measure: Measure) -> Result<f64, Mistake> {
        self.amount_within(measure, measure.range())
    }

    /// A value of a measure between two.
    pub(in crate::cli) fn amount_within(&self, measure: Measure, range: (f64, f64)) -> Result<f64, Mistake> {
        match self.value.get_ref() {
            DeValue::String(text) if measure.is_in_bytes() => {
                let size = text.parse::<Size>().map_err(|_| self.must_be("a size, such as \"64KiB\""))?;
                self.within(size.0 as f64, range)
            }
            DeValue::String(_) => Err(self.must_be("a number")),
            _ => self.number(range),
        }
    }

    /// A value of a measure that an object may have: bytes, slots and steps of time are whole. Means and medians need
    /// not be.
    pub(in crate::cli) fn whole_amount(&self, measure: Measure) -> Result<f64, Mistake> {
        let amount = self.amount(measure)?;
        if amount.fract() == 0.0 { Ok(amount) } else { Err(self.must_be("a whole number")) }
    }

    fn plain_number(&self) -> Option<f64> {
        match self.value.get_ref() {
            DeValue::Float(number) => number.as_str().parse().ok(),
            _ => self.plain_integer().map(|number| number as f64),
        }
    }

    /// A whole number to the last digit, which one with double precision need not have.
    fn plain_integer(&self) -> Option<i128> {
        match self.value.get_ref() {
            DeValue::Integer(number) => i128::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        }
    }

    /// A length of time by the clock.
    pub(in crate::cli) fn duration(&self) -> Result<Nanos, Mistake> {
        let text = self.text()?;
        match text.parse::<Duration>() {
            Ok(duration) => Ok(duration.0),
            Err(error) => Err(self.mistake(format!("`{}`: {error}", self.path))),
        }
    }

    /// A text.
    pub(in crate::cli) fn text(&self) -> Result<&'a str, Mistake> {
        self.value.get_ref().as_str().ok_or_else(|| self.must_be("a text"))
    }

    /// The index of one of a few words.
    pub(in crate::cli) fn word(&self, words: &[&str]) -> Result<usize, Mistake> {
        let text = self.text()?;
        let found = words.iter().position(|word| *word == text);
        found.ok_or_else(|| Mistake {
            tip: Some(did_you_mean(text, words, "the words")),
            ..self.must_be(format!("one of \"{}\"", words.join("\", \"")))
        })
    }

    /// A section with keys of its own.
    pub(in crate::cli) fn section(&self, section: &'static Section) -> Result<Table<'a>, Mistake> {
        match self.value.get_ref() {
            DeValue::Table(table) => Table::new(self.file, &self.path, section, self.span().start, table),
            _ => Err(self.must_be("a section")),
        }
    }

    /// The keys of a section that may have any, in their order.
    pub(in crate::cli) fn entries(&self) -> Result<Vec<(&'a str, usize, Value<'a>)>, Mistake> {
        let DeValue::Table(table) = self.value.get_ref() else { return Err(self.must_be("a section")) };
        let mut entries: Vec<_> = table
            .iter()
            .map(|(key, value)| {
                let path = format!("{}.{}", self.path, key.get_ref());
                (&**key.get_ref(), key.span().start, Value { file: self.file, path, value })
            })
            .collect();
        entries.sort_by_key(|(_, at, _)| *at);
        Ok(entries)
    }

    /// The values of an array that is not empty.
    pub(in crate::cli) fn items(&self) -> Result<Vec<Value<'a>>, Mistake> {
        match self.value.get_ref() {
            DeValue::Array(items) if !items.is_empty() => Ok(items
                .iter()
                .map(|value| Value { file: self.file, path: self.path.clone(), value })
                .collect()),
            _ => Err(self.must_be("an array that is not empty")),
        }
    }

    /// The values of an array of `N`.
    pub(in crate::cli) fn several<const N: usize>(&self, what: &str) -> Result<[Value<'a>; N], Mistake> {
        let items = self.items().ok().and_then(|items| items.try_into().ok());
        items.ok_or_else(|| self.must_be(format!("an array of {N}: {what}")))
    }

    /// Sections with keys of their own, of which there is one at least.
    pub(in crate::cli) fn sections(&self, section: &'static Section) -> Result<Vec<Table<'a>>, Mistake> {
        self.items()?.iter().map(|item| item.section(section)).collect()
    }

    pub(in crate::cli) fn is_table(&self) -> bool {
        matches!(self.value.get_ref(), DeValue::Table(_))
    }

    pub(in crate::cli) fn is_array(&self) -> bool {
        matches!(self.value.get_ref(), DeValue::Array(_))
    }
}
