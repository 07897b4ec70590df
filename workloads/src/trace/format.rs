//! The numbers of the format, and how a file is divided. `docs/traces.md` specifies it for readers in other languages.
//!
//! ```text
//! | magic, 8 bytes | version, 2 | block: header | block: ops | ... | block: ops | block: footer | its offset, 8 | end, 8 |
//!
//! block | tag, 1 byte | length, 4 | CRC-32, 4 | payload |
//! ```
//!
//! Numbers of fixed size have their lowest byte first.

use super::error::TraceError;

/// What a trace starts with. The first byte is no ASCII and the last is a line feed: a transfer as text damages both.
pub(super) const MAGIC: [u8; 8] = *b"\x89TENURE\n";
/// What a whole trace ends with.
pub(super) const END: [u8; 8] = *b"TENURE.\n";
/// The version of the format that is written and read.
pub(super) const VERSION: u16 = 1;

/// Bytes before the first block.
pub(super) const START_BYTES: usize = MAGIC.len() + 2;
/// Bytes behind the last block: the offset of the footer, and the end.
pub(super) const TRAILER_BYTES: usize = 8 + END.len();
/// Bytes of a block before its payload.
pub(super) const FRAME_BYTES: usize = 9;
/// A block of ops is ended when its payload is as long as this.
pub(super) const BLOCK_BYTES: usize = 64 << 10;
/// No payload is longer: what a damaged length can make a reader ask memory for.
pub(super) const MAX_PAYLOAD_BYTES: usize = 1 << 20;

/// What a block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Tag {
    /// Where the trace comes from.
    Header = b'H',
    /// Operations.
    Ops = b'O',
    /// Totals.
    Footer = b'F',
}

/// The ops, as the low three bits of their first number. The rest of the number is their argument.
pub(super) mod code {
    /// How many bits tell the op.
    pub(in super::super) const BITS: u32 = 3;

    /// Argument: twice the shape's number, and 1 more if the object is given a name.
    pub(in super::super) const ALLOCATE: u64 = 0;
    /// Argument: the place in the holder.
    pub(in super::super) const STORE: u64 = 1;
    /// Argument: the root's number.
    pub(in super::super) const ROOT: u64 = 2;
    /// Argument: the name.
    pub(in super::super) const DIE: u64 = 3;
    /// No argument.
    pub(in super::super) const POINT: u64 = 4;
    /// Argument: the form's code.
    pub(in super::super) const SHAPE: u64 = 5;
    /// Argument: the request's code.
    pub(in super::super) const REQUEST: u64 = 6;
}

/// The checksum of a block. It covers the number of the block too, so that blocks cannot change places: those of
/// operations count from 1, header and footer have the number 0.
pub(super) fn checksum(number: u64, tag: u8, payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&number.to_le_bytes());
    hasher.update(&[tag]);
    hasher.update(payload);
    hasher.finalize()
}

/// What comes before the payload of a block.
///
/// # Panics
/// If the payload is longer than [`MAX_PAYLOAD_BYTES`].
pub(super) fn frame(number: u64, tag: Tag, payload: &[u8]) -> [u8; FRAME_BYTES] {
    assert!(payload.len() <= MAX_PAYLOAD_BYTES, "a block of {} bytes", payload.len());
    let mut frame = [0; FRAME_BYTES];
    frame[0] = tag as u8;
    frame[1..5].copy_from_slice(&(payload.len() as u32).to_le_bytes());
    frame[5..].copy_from_slice(&checksum(number, tag as u8, payload).to_le_bytes());
    frame
}

/// A block of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block<'f> {
    pub(super) tag: Tag,
    pub(super) payload: &'f [u8],
    /// Of the payload, from the start of the file.
    pub(super) payload_offset: u64,
    /// The payload's checksum, as the file has it.
    checksum: u32,
}

impl<'f> Block<'f> {
    /// The block at `offset`, whose payload has not been checked.
    pub(super) fn at(file: &'f [u8], offset: u64) -> Result<Block<'f>, TraceError> {
        let truncated = |missing| TraceError::Truncated { offset: file.len() as u64, missing };
        let rest = usize::try_from(offset).ok().and_then(|start| file.get(start..)).unwrap_or(&[]);
        let Some((frame, rest)) = rest.split_first_chunk::<FRAME_BYTES>() else {
            return Err(truncated("the start of a block"));
        };
        let [tag, l0, l1, l2, l3, c0, c1, c2, c3] = *frame;
        let tag = Tag::from_byte(tag).ok_or_else(|| {
            TraceError::corrupt(offset, format!("no block starts with the byte {tag:#04x}"))
        })?;
        let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
        if length > MAX_PAYLOAD_BYTES {
            return Err(TraceError::corrupt(offset + 1, format!("no block is {length} bytes long")));
        }
        let payload = rest.get(..length).ok_or_else(|| truncated("the rest of a block"))?;
        let checksum = u32::from_le_bytes([c0, c1, c2, c3]);
        Ok(Block { tag, payload, payload_offset: offset + FRAME_BYTES as u64, checksum })
    }

    /// Checks that `payload`, a copy of the block's, is as it was written, in block `number` of the file.
    pub(super) fn check(&self, number: u64, payload: &[u8]) -> Result<(), TraceError> {
        let found = checksum(number, self.tag as u8, payload);
        if found == self.checksum {
            return Ok(());
        }
        let problem =
            format!("a block is damaged: its CRC-32 is {found:08x} and should be {:08x}", self.checksum);
        Err(TraceError::corrupt(self.payload_offset - FRAME_BYTES as u64, problem))
    }

    /// Where the next block starts.
    pub(super) fn end(&self) -> u64 {
        self.payload_offset + self.payload.len() as u64
    }
}

impl Tag {
    fn from_byte(byte: u8) -> Option<Tag> {
        [Tag::Header, Tag::Ops, Tag::Footer].into_iter().find(|tag| *tag as u8 == byte)
    }
}
