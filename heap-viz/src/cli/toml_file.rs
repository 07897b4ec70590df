//! A file in TOML, whose every mistake has a place.

use super::failure::Failure;
use super::text_file;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A file in TOML.
#[derive(Debug)]
pub(crate) struct TomlFile {
    path: PathBuf,
    text: String,
}

/// A mistake and the way to mend it.
#[derive(Debug)]
pub(crate) struct Mistake {
    /// The byte of the file that it is at.
    pub(crate) at: usize,
    pub(crate) problem: String,
    pub(crate) tip: Option<String>,
}

impl Mistake {
    fn of(error: toml::de::Error) -> Self {
        let at = error.span().map_or(0, |span| span.start);
        Mistake { at, problem: error.message().into(), tip: None }
    }
}

impl TomlFile {
    /// Reads the file at `path`.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        Ok(TomlFile { path: path.into(), text: text_file::read(path)? })
    }

    /// A file that has been read.
    #[cfg(test)]
    pub(crate) fn of(path: &str, text: &str) -> Self {
        TomlFile { path: path.into(), text: text.into() }
    }

    /// The path of a file that is named in this one: if it is relative, then from where this one lies.
    pub(crate) fn beside(&self, file: &str) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(file)
    }

    /// What is in it.
    pub(crate) fn parse(&self) -> Result<Spanned<DeTable<'_>>, Mistake> {
        DeTable::parse(&self.text).map_err(Mistake::of)
    }

    /// What is in it, as a value of a type.
    pub(crate) fn deserialize<T: DeserializeOwned>(&self) -> Result<T, Mistake> {
        toml::from_str(&self.text).map_err(Mistake::of)
    }

    /// A mistake in it as what ends the command.
    pub(crate) fn failure(&self, Mistake { at, problem, tip }: Mistake) -> Failure {
        Failure::TomlFile { place: self.place(at), problem, tip }
    }

    /// A value as it is written, or what it is if that may take several lines.
    pub(crate) fn words(&self, value: &Spanned<DeValue<'_>>) -> String {
        match value.get_ref() {
            DeValue::Array(items) if items.is_empty() => "an empty array".into(),
            DeValue::Array(items) => format!("an array of {}", items.len()),
            DeValue::Table(_) => "a section".into(),
            _ => self.text.get(value.span()).unwrap_or_default().into(),
        }
    }

    /// `file:line:column` of a byte.
    pub(crate) fn place(&self, at: usize) -> String {
        // Of an error within a character the place is that character.
        let before = String::from_utf8_lossy(&self.text.as_bytes()[..at]);
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
        format!("{}:{line}:{column}", self.path.display())
    }
}
