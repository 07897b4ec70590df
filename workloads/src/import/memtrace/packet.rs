//! Packets and their headers.

use super::MAGIC;
use super::backtrace::Verifier;
use super::buffer::Buffer;
use crate::import::stream::Stream;
use crate::import::{ImportError, Place};
use std::io::BufRead;
use std::ops::{Range, RangeInclusive};

/// The latest version of the format.
const LATEST: u16 = 3;
/// Bits of a byte: sizes of packets are told in bits.
const BYTE_BITS: u32 = 8;
/// What a packet takes at most, in bytes. Those of memtrace take 32 KiB; a size that is damaged must not take all
/// memory.
const MAX_PACKET_BYTES: u64 = 1 << 24;

/// The header of a packet.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) version: u16,
    pub(super) process: u64,
    pub(super) domain: u16,
    pub(super) verifier: Verifier,
    /// The numbers of the objects that are allocated in it.
    pub(super) objects: Range<u64>,
    /// When its events happen, in microseconds.
    pub(super) time: RangeInclusive<u64>,
}

/// The packets of a file.
pub(super) struct Packets<R> {
    stream: Stream<R>,
}

impl<R: BufRead> Packets<R> {
    pub(super) fn new(file: R) -> Self {
        Packets { stream: Stream::new(file, Place::Offset) }
    }

    /// The next packet; none at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<(Header, Buffer)>, ImportError> {
        let start = self.stream.offset();
        let Some(first) = self.stream.next_byte()? else { return Ok(None) };
        let [second, third, fourth] = self.stream.array()?;
        if u32::from_le_bytes([first, second, third, fourth]) != MAGIC {
            return Err(self.stream.corrupt(start, "no packet of memtrace starts here"));
        }
        let size = u64::from(u32::from_le_bytes(self.stream.array()?) / BYTE_BITS);
        let header = self.header(start)?;
        let header_size = self.stream.offset() - start;
        if !(header_size..=MAX_PACKET_BYTES).contains(&size) {
            return Err(self.stream.corrupt(start, format!("a packet of {size} bytes cannot be")));
        }
        let content = self.stream.offset();
        let bytes = self.stream.bytes(size - header_size)?;
        Ok(Some((header, Buffer::new(bytes, content))))
    }

    fn header(&mut self, start: u64) -> Result<Header, ImportError> {
        let time = self.stream.u64()?..=self.stream.u64()?;
        let _flush_duration: [u8; 4] = self.stream.array()?;
        let version = self.stream.u16()?;
        if !(1..=LATEST).contains(&version) {
            let problem = format!("the format is v{version:03}; this version reads v001 to v{LATEST:03}");
            return Err(self.stream.corrupt(start, problem));
        }
        let process = self.stream.u64()?;
        let domain = if version >= 3 { self.stream.u16()? } else { 0 };
        let verifier = Verifier {
            bucket: self.stream.u16()?,
            following: self.stream.u16()?,
            location: self.stream.u64()?,
        };
        let objects = self.stream.u64()?..self.stream.u64()?;
        if time.start() > time.end() {
            return Err(self.stream.corrupt(start, "the packet ends before it starts"));
        }
        if objects.start > objects.end {
            return Err(self.stream.corrupt(start, "the packet allocates fewer than no objects"));
        }
        Ok(Header { version, process, domain, verifier, objects, time })
    }
}
