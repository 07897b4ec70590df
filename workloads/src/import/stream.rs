//! Bytes of a file, with a count of those read.

use super::{ImportError, Place};
use std::io::{self, BufRead, Read};

/// Little-endian numbers and texts from a stream.
pub(super) struct Stream<R> {
    file: R,
    offset: u64,
    place: fn(u64) -> Place,
}

/// A text that was passed over.
pub(super) struct Skipped {
    bytes: u64,
}

impl Skipped {
    pub(super) fn is_empty(&self) -> bool {
        self.bytes == 0
    }
}

impl<R: BufRead> Stream<R> {
    /// The stream of `file`, whose places are told with `place`.
    pub(super) fn new(file: R, place: fn(u64) -> Place) -> Self {
        Stream { file, offset: 0, place }
    }

    /// How many bytes have been read.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// A problem with what starts at `offset`.
    pub(super) fn corrupt(&self, offset: u64, problem: impl Into<String>) -> ImportError {
        ImportError::Corrupt { place: (self.place)(offset), problem: problem.into() }
    }

    /// The file ends where it should not.
    pub(super) fn cut_off(&self) -> ImportError {
        self.corrupt(self.offset, "the file ends here, in the middle: it is cut off")
    }

    /// The next byte; none at the end of the file.
    #[inline]
    pub(super) fn next_byte(&mut self) -> Result<Option<u8>, ImportError> {
        let byte = self.fill()?.first().copied();
        if byte.is_some() {
            self.consume(1);
        }
        Ok(byte)
    }

    #[inline]
    pub(super) fn byte(&mut self) -> Result<u8, ImportError> {
        self.next_byte()?.ok_or_else(|| self.cut_off())
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], ImportError> {
        let mut bytes = [0; N];
        for byte in &mut bytes {
            *byte = self.byte()?;
        }
        Ok(bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, ImportError> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    pub(super) fn u16(&mut self) -> Result<u16, ImportError> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    /// So many bytes. Takes no more memory than there are.
    pub(super) fn bytes(&mut self, count: u64) -> Result<Vec<u8>, ImportError> {
        let mut bytes = Vec::new();
        self.file.by_ref().take(count).read_to_end(&mut bytes)?;
        self.offset += bytes.len() as u64;
        if bytes.len() as u64 == count { Ok(bytes) } else { Err(self.cut_off()) }
    }

    /// Passes over so many bytes.
    pub(super) fn skip(&mut self, count: u64) -> Result<(), ImportError> {
        let mut left = count;
        while left > 0 {
            let here = self.fill()?.len() as u64;
            if here == 0 {
                return Err(self.cut_off());
            }
            let step = here.min(left);
            self.consume(step as usize);
            left -= step;
        }
        Ok(())
    }

    /// Passes over a text that ends with a zero byte.
    pub(super) fn skip_text(&mut self) -> Result<Skipped, ImportError> {
        let start = self.offset;
        loop {
            let here = self.fill()?;
            if here.is_empty() {
                return Err(self.cut_off());
            }
            let end = here.iter().position(|byte| *byte == 0);
            let step = end.map_or(here.len(), |end| end + 1);
            self.consume(step);
            if end.is_some() {
                return Ok(Skipped { bytes: self.offset - start - 1 });
            }
        }
    }

    fn fill(&mut self) -> Result<&[u8], ImportError> {
        loop {
            match self.file.fill_buf() {
                Ok(_) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.failed(error)),
            }
        }
        // Filled a moment ago: this only looks.
        Ok(self.file.fill_buf()?)
    }

    /// What stopped the stream: the system, or, where it is decompressed on the way, what it holds.
    fn failed(&self, error: io::Error) -> ImportError {
        match error.raw_os_error() {
            Some(_) => error.into(),
            None => self.corrupt(self.offset, format!("the file is damaged: {error}")),
        }
    }

    fn consume(&mut self, count: usize) {
        self.file.consume(count);
        self.offset += count as u64;
    }
}
