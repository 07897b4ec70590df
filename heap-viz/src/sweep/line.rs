//! A line of JSON with a hash of what it tells.

use super::id::Hash;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// A line of JSON with a hash of what it tells: cells are run and merged by their names, so what was changed by hand, in
/// a plan or in what has come out, must not be taken for what was written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line<T> {
    told: T,
    sum: Hash,
}

impl<T: Serialize> Line<T> {
    pub(super) fn of(told: T) -> Self {
        let sum = sum(&told);
        Line { told, sum }
    }

    /// What it tells, if that is what was written.
    pub(super) fn unchanged(self) -> Option<T> {
        (sum(&self.told) == self.sum).then_some(self.told)
    }

    /// Writes it, and ends it.
    ///
    /// # Errors
    /// If `out` takes no more.
    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, self)?;
        out.write_all(b"\n")
    }
}

fn sum(told: &impl Serialize) -> Hash {
    Hash::of(&serde_json::to_vec(told).expect("all keys are texts"))
}
