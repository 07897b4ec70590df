//! Captures of CPython programs by memray: `.bin`, of the format of version 1.20 (header version 13).
//!
//! A capture is a header and a series of records, compressed as a frame of LZ4 or not. A record starts with a byte that
//! holds its type and, for the frequent ones, flags. Numbers are written in groups of seven bits, and most of them as
//! the difference to the one before. All of it as in `src/memray/_memray/records.h` and `record_writer.cpp` of memray
//! 1.20 (github.com/bloomberg/memray).
//!
//! What pymalloc hands out (recorded with `--trace-python-allocators`) are objects; what malloc and mmap hand out
//! besides is memory off the heap. A capture is blind to objects that CPython keeps on free lists of its own, such as
//! those of floats, tuples, lists, dicts and frames: taken from there and put back, they make no call.

mod address_book;
mod allocation;
#[cfg(test)]
mod encoder;
mod header;
mod record;
#[cfg(test)]
mod tests;

use self::address_book::AddressBook;
use self::allocation::{Allocation, Allocator};
use self::header::Header;
use self::record::{Record, Records};
use super::lifetimes::{BirthPlace, Coverage};
use super::stream::Stream;
use super::{ImportError, Lifetimes, Place};
use lz4_flex::frame::FrameDecoder;
use std::io::{BufRead, BufReader};

/// The first bytes of a capture that is not compressed.
const MAGIC: [u8; 7] = *b"memray\0";
/// The first bytes of a frame of LZ4.
const LZ4_MAGIC: [u8; 4] = [0x04, 0x22, 0x4d, 0x18];

/// Whether a file that starts so is a capture of memray, or is compressed as they are.
pub(super) fn is_start(start: &[u8]) -> bool {
    start.starts_with(&MAGIC) || start.starts_with(&LZ4_MAGIC)
}

/// A capture of memray.
#[derive(Debug)]
pub struct Memray {
    /// What is known of the program.
    pub info: Info,
    /// What it allocated, and when it gave that back.
    pub lifetimes: Lifetimes,
}

/// What is known of a program that was captured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// The version of CPython: 3, 11.
    pub python: (u8, u8),
    /// Whether objects of pymalloc are in the capture.
    pub python_allocators: PythonAllocators,
}

/// Whether objects of pymalloc are in a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PythonAllocators {
    /// They are: it was made with `--trace-python-allocators`.
    Traced,
    /// Only what pymalloc and others ask of the system is.
    Hidden,
}

impl Memray {
    /// Reads a capture. `file` should be buffered.
    ///
    /// # Errors
    /// The first thing in the file that is not as memray writes it, with its offset.
    pub fn read(mut file: impl BufRead) -> Result<Self, ImportError> {
        if file.fill_buf()?.starts_with(&LZ4_MAGIC) {
            let decoder = BufReader::new(FrameDecoder::new(file));
            return Memray::read_records(Stream::new(decoder, Place::Decompressed));
        }
        Memray::read_records(Stream::new(file, Place::Offset))
    }

    fn read_records(mut stream: Stream<impl BufRead>) -> Result<Self, ImportError> {
        let header = Header::read(&mut stream)?;
        let mut reader = Reader::default();
        let mut records = Records::new(stream, header.native_traces);
        while let Some(record) = records.next()? {
            reader.take(record).map_err(|problem| records.corrupt(problem))?;
        }
        Ok(Memray { info: header.info, lifetimes: reader.finish(&records) })
    }
}

/// A capture as far as it has been read.
#[derive(Default)]
struct Reader {
    lifetimes: Lifetimes,
    alive: AddressBook,
    unknown_frees: u64,
    lost_frees: u64,
}

impl Reader {
    fn take(&mut self, record: Record) -> Result<(), String> {
        match record {
            Record::Allocation(allocation) => self.take_allocation(allocation),
            Record::Other => Ok(()),
        }
    }

    fn take_allocation(&mut self, allocation: Allocation) -> Result<(), String> {
        let Allocation { address, bytes, allocator } = allocation;
        match allocator {
            Allocator::Pymalloc => self.birth(allocation, BirthPlace::Heap, AddressBook::add),
            Allocator::Malloc => self.birth(allocation, BirthPlace::External, AddressBook::add),
            Allocator::Map => self.birth(allocation, BirthPlace::External, AddressBook::add_map),
            Allocator::Free => self.free(address),
            Allocator::Unmap => self.unmap(address, bytes),
        }
    }

    /// An object is born, which `add` puts in the book. What was there has been given back in a way that memray does
    /// not see.
    fn birth(
        &mut self,
        allocation: Allocation,
        place: BirthPlace,
        add: fn(&mut AddressBook, Allocation, u32) -> Option<u32>,
    ) -> Result<(), String> {
        let number = self.lifetimes.birth(allocation.bytes, place)?;
        let Some(lost) = add(&mut self.alive, allocation, number) else { return Ok(()) };
        self.lost_frees += 1;
        self.lifetimes.death(lost)
    }

    fn free(&mut self, address: u64) -> Result<(), String> {
        match self.alive.remove(address) {
            Some(number) => self.lifetimes.death(number),
            None => {
                self.unknown_frees += 1;
                Ok(())
            }
        }
    }

    fn unmap(&mut self, address: u64, bytes: u64) -> Result<(), String> {
        let within = self.alive.remove_maps(address, bytes);
        self.unknown_frees += u64::from(within.is_empty());
        within.into_iter().try_for_each(|number| self.lifetimes.death(number))
    }

    fn finish<R>(mut self, records: &Records<R>) -> Lifetimes {
        self.lifetimes.coverage = Coverage::Whole;
        self.lifetimes.leave_out("frees of what was allocated before, or in part only", self.unknown_frees);
        self.lifetimes
            .leave_out("frees that are missing, told by the next use of the address", self.lost_frees);
        self.lifetimes.leave_out("records of objects without sizes", records.objects());
        self.lifetimes
    }
}
