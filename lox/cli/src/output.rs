//! Where programs print.

use std::io::{self, BufWriter, IsTerminal, Write};
use workloads::Checksum;

/// Standard output, buffered as C does it: by the line if somebody watches, and otherwise by as much as is worth a call.
pub(crate) struct Output {
    out: Box<dyn Write>,
    /// Of all that was printed, if it is wanted.
    checksum: Option<Checksum>,
}

impl Output {
    pub(crate) fn new(with_checksum: bool) -> Self {
        let stdout = io::stdout();
        let out: Box<dyn Write> =
            if stdout.is_terminal() { Box::new(stdout) } else { Box::new(BufWriter::new(stdout)) };
        Output { out, checksum: with_checksum.then(Checksum::default) }
    }

    /// The checksum of what was printed, as `tenure run` has it; zero if it was not wanted.
    pub(crate) fn checksum(&self) -> u64 {
        self.checksum.map_or(0, Checksum::value)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        if let Some(checksum) = &mut self.checksum {
            checksum.add_bytes(&bytes[..written]);
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
