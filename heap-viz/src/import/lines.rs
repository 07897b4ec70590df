//! The lines of a file.

use std::io::{self, BufRead, Read};

/// No line is longer: a pause takes some two thousand bytes. What is longer comes in pieces of this size.
pub(super) const MAX_LINE_BYTES: u64 = 1 << 20;

/// The lines of a file, one at a time.
pub(super) struct Lines<F> {
    file: F,
    line: Vec<u8>,
    number: u64,
}

impl<F: BufRead> Lines<F> {
    pub(super) fn new(file: F) -> Self {
        Lines { file, line: Vec::new(), number: 0 }
    }

    /// The next line with its end, if there is one more.
    pub(super) fn next(&mut self) -> io::Result<Option<&[u8]>> {
        self.line.clear();
        let read = self.file.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', &mut self.line)?;
        self.number += u64::from(read > 0);
        Ok((read > 0).then_some(&self.line[..]))
    }

    /// Number of the line that was read last, from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The file from the next line on.
    pub(super) fn into_rest(self) -> F {
        self.file
    }
}
