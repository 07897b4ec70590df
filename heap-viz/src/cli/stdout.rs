//! Where the data goes.

use super::failure::Failure;
use super::printable::printable_in_colours;
use heap_viz::report::Style;
use std::io::{self, ErrorKind, IsTerminal, Write};
use terminal_size::{Width, terminal_size};

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
        match out.write_all(printable_in_colours(text).as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => self.closed = true,
            outcome => outcome.map_err(Failure::Stdout)?,
        }
        Ok(())
    }

    /// How text looks where it goes: `COLUMNS`, if it is set, tells the width.
    pub(crate) fn style(&self) -> Style {
        let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        if !io::stdout().is_terminal() {
            return Style::PLAIN.with_width(columns.unwrap_or(Style::PLAIN.width));
        }
        let measured = || terminal_size().map(|(Width(columns), _)| columns.into());
        Style::of_terminal(columns.or_else(measured))
    }

    /// Whether anybody still reads.
    pub(crate) fn is_open(&self) -> bool {
        !self.closed
    }
}
