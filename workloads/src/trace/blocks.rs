//! Writing a file block by block.

use super::format::{BLOCK_BYTES, END, MAGIC, START_BYTES, Tag, VERSION, frame};
use std::io::{self, Write};

/// Writes blocks. The first failure is kept, nothing more is written after it, and [`Blocks::finish`] tells it.
#[derive(Debug)]
pub(super) struct Blocks<W> {
    out: W,
    outcome: io::Result<()>,
    /// The payload of the block of ops that is being filled.
    payload: Vec<u8>,
    /// Blocks of operations written.
    written: u64,
    /// Bytes written.
    offset: u64,
}

impl<W: Write> Blocks<W> {
    /// Starts a file with the block of its header.
    pub(super) fn new(mut out: W, header: &[u8]) -> Blocks<W> {
        let outcome = out.write_all(&MAGIC).and_then(|()| out.write_all(&VERSION.to_le_bytes()));
        let payload = Vec::with_capacity(BLOCK_BYTES + BLOCK_BYTES / 8);
        let mut blocks = Blocks { out, outcome, payload, written: 0, offset: START_BYTES as u64 };
        blocks.write(Tag::Header, 0, header);
        blocks
    }

    /// Where to append an op.
    #[inline]
    pub(super) fn op(&mut self) -> &mut Vec<u8> {
        if self.payload.len() >= BLOCK_BYTES {
            self.end_block();
        }
        &mut self.payload
    }

    /// Where to append more of the last op: it lies in one block.
    #[inline]
    pub(super) fn same_op(&mut self) -> &mut Vec<u8> {
        &mut self.payload
    }

    #[cold]
    fn end_block(&mut self) {
        let mut payload = std::mem::take(&mut self.payload);
        self.written += 1;
        self.write(Tag::Ops, self.written, &payload);
        payload.clear();
        self.payload = payload;
    }

    fn write(&mut self, tag: Tag, number: u64, payload: &[u8]) {
        let frame = frame(number, tag, payload);
        if self.outcome.is_ok() {
            self.outcome = self.out.write_all(&frame).and_then(|()| self.out.write_all(payload));
        }
        self.offset += (frame.len() + payload.len()) as u64;
    }

    /// Ends the file with the block of its footer, and gives back what was written to.
    pub(super) fn finish(mut self, footer: &[u8]) -> io::Result<W> {
        self.end_block();
        let footer_offset = self.offset;
        self.write(Tag::Footer, 0, footer);
        self.outcome?;
        self.out.write_all(&footer_offset.to_le_bytes())?;
        self.out.write_all(&END)?;
        self.out.flush()?;
        Ok(self.out)
    }
}
