//! JSON that is too long to be held in memory.

use super::{ImportError, Place};
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, SeqAccess, Visitor};
use serde_json::error::Category;
use std::fmt;
use std::io::Read;

/// Reads one JSON value from `file` with `seed`, and sees that nothing follows.
pub(super) fn read<T>(
    file: impl Read,
    seed: impl for<'de> DeserializeSeed<'de, Value = T>,
) -> Result<T, ImportError> {
    let mut deserializer = serde_json::Deserializer::from_reader(file);
    let value = seed.deserialize(&mut deserializer).map_err(problem)?;
    deserializer.end().map_err(problem)?;
    Ok(value)
}

fn problem(error: serde_json::Error) -> ImportError {
    let place = Place::Line(error.line(), error.column());
    let text = error.to_string();
    let problem = match error.classify() {
        Category::Io => return ImportError::Io(error.into()),
        Category::Eof => "the file ends here, in the middle: it is cut off".into(),
        Category::Syntax | Category::Data => text.split(" at line ").next().unwrap_or(&text).into(),
    };
    ImportError::Corrupt { place, problem }
}

/// An array of numbers, so many of which describe one thing: each such row is handed on, and none is kept.
pub(super) struct Rows<F> {
    /// What a row describes.
    pub(super) what: &'static str,
    /// How many numbers are a row.
    pub(super) width: usize,
    /// Takes a row, or says what is wrong with it.
    pub(super) take: F,
}

impl<'de, F: FnMut(&[u64]) -> Result<(), String>> DeserializeSeed<'de> for Rows<F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(&[u64]) -> Result<(), String>> Visitor<'de> for Rows<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an array of {} numbers for each {}", self.width, self.what)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut numbers: A) -> Result<(), A::Error> {
        let mut row = Vec::with_capacity(self.width);
        while let Some(number) = numbers.next_element()? {
            row.push(number);
            if row.len() == self.width {
                (self.take)(&row).map_err(A::Error::custom)?;
                row.clear();
            }
        }
        if row.is_empty() {
            return Ok(());
        }
        let (what, has, width) = (self.what, row.len(), self.width);
        Err(A::Error::custom(format_args!("the last {what} has {has} numbers instead of {width}")))
    }
}
