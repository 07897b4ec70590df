//! What to try.

use crate::quantity::Size;
use serde::{Serialize, Serializer};
use std::fmt;

/// What to try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// What, in one sentence.
    pub what: String,
    /// The settings that may do it, the mildest first; none if it is for the program to change.
    pub doses: Vec<Dose>,
}

/// Settings that are changed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dose(pub Vec<DosedSetting>);

/// A setting, as it is named in reports, and its new value, as a config file writes it but for quotation marks.
pub type DosedSetting = (&'static str, String);

impl Advice {
    /// For the program to change.
    pub(super) fn without_setting(what: &str) -> Self {
        Advice { what: what.into(), doses: Vec::new() }
    }

    /// To give a setting one of these values.
    pub(super) fn setting<const N: usize>(what: &str, setting: &'static str, values: [&str; N]) -> Self {
        let doses = values.map(|value| Dose::of(setting, value.into()));
        Advice { what: what.into(), doses: doses.into() }
    }

    /// To give a size one of these values.
    pub(super) fn size(what: &str, setting: &'static str, sizes: impl IntoIterator<Item = u64>) -> Self {
        let doses = sizes.into_iter().map(|bytes| Dose::of(setting, Size(bytes).to_string()));
        Advice { what: what.into(), doses: doses.collect() }
    }
}

impl Dose {
    fn of(setting: &'static str, value: String) -> Self {
        Dose(vec![(setting, value)])
    }
}

impl fmt::Display for Dose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (setting, value)) in self.0.iter().enumerate() {
            let distance = if index > 0 { ", " } else { "" };
            write!(f, "{distance}{setting} = {value}")?;
        }
        Ok(())
    }
}

impl Serialize for Dose {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(setting, value)| (setting, value)))
    }
}
