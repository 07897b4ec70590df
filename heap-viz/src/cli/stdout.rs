//! Where the data goes.

use super::failure::Failure;
use std::io::{self, ErrorKind, Write};

/// Standard output, which may be closed at any time: whoever reads it has seen enough, and that is no failure.
#[derive(Debug, Default)]
pub(crate) struct Stdout {
    closed: bool,
}

impl Stdout {
    /// Prints `text` at once.
    pub(crate) fn print(&mut self, text: &str) -> Result<(), Failure> {
        if self.closed {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => self.closed = true,
            outcome => outcome.map_err(Failure::Stdout)?,
        }
        Ok(())
    }

    /// Whether anybody still reads.
    pub(crate) fn is_open(&self) -> bool {
        !self.closed
    }
}
