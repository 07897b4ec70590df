//! The run that events belong to.

use crate::run::RunInfo;

/// The run that events belong to, and its number.
#[derive(Clone, Debug, Default)]
pub(super) struct CurrentRun {
    /// From 1; 0 before the first.
    pub(super) number: u64,
    pub(super) info: RunInfo,
}

impl CurrentRun {
    /// Goes on to the next run.
    pub(super) fn next(&mut self, info: &RunInfo) {
        *self = CurrentRun { number: self.number + 1, info: info.clone() };
    }
}
