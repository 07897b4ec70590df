//! Failures to write, where there is nobody to tell.

use std::io;

/// What became of writing so far: the first failure is kept, and nothing more is written after it.
#[derive(Debug)]
pub(super) struct FirstFailure(io::Result<()>);

impl FirstFailure {
    /// None as yet.
    pub(super) fn none() -> Self {
        FirstFailure(Ok(()))
    }

    /// Writes, unless that has failed before.
    pub(super) fn attempt(&mut self, write: impl FnOnce() -> io::Result<()>) {
        if self.0.is_ok() {
            self.0 = write();
        }
    }

    /// The failure, if there was one.
    pub(super) fn told(self) -> io::Result<()> {
        self.0
    }
}
