//! Records.

use super::allocation::{Allocation, Allocator};
use crate::import::ImportError;
use crate::import::stream::Stream;
use std::io::BufRead;

/// How many addresses reader and writer remember.
const RECENT: usize = 15;
/// The low bits of an address that are not written: all are multiples of 8.
const ADDRESS_BITS: u32 = 3;

/// A record of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Record {
    Allocation(Allocation),
    /// One that says nothing about allocations.
    Other,
}

/// The records of a capture.
pub(super) struct Records<R> {
    stream: Stream<R>,
    native_traces: bool,
    /// The address that was written last, without its low bits.
    address: u64,
    /// The addresses that were written last, the latest first.
    recent: [u64; RECENT],
    /// Where the last record starts.
    start: u64,
    /// How many records of objects there were.
    objects: u64,
}

impl<R> Records<R> {
    /// How many records of objects there were: they tell when an object is made and when it dies, but not its size.
    pub(super) fn objects(&self) -> u64 {
        self.objects
    }
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(stream: Stream<R>, native_traces: bool) -> Self {
        Records { stream, native_traces, address: 0, recent: [0; RECENT], start: 0, objects: 0 }
    }

    /// A problem with the last record.
    pub(super) fn corrupt(&self, problem: impl Into<String>) -> ImportError {
        self.stream.corrupt(self.start, problem)
    }

    /// The next record; none at the end of the capture.
    pub(super) fn next(&mut self) -> Result<Option<Record>, ImportError> {
        self.start = self.stream.offset();
        match self.stream.byte()? {
            // Zeros: what was set aside for a program that was killed.
            0 => Err(self.corrupt("the capture ends here, without a trailer: the program was killed")),
            1 => Ok(None),
            first => self.read(first).map(Some),
        }
    }

    /// The highest bit that is set tells records with flags apart.
    fn read(&mut self, first: u8) -> Result<Record, ImportError> {
        match first {
            0x80.. => self.read_allocation(first).map(Record::Allocation),
            0x40.. => self.skip_varints(2),
            0x20.. => self.skip_object(first),
            0x10.. => Ok(Record::Other),
            14 => self.skip_code(),
            12 => self.skip_thread(),
            10 => self.skip_name(),
            7 => self.skip_segments(),
            6 => Ok(Record::Other),
            2 | 5 => self.skip_varints(2),
            other => Err(self.corrupt(format!("there are no records of type {other}"))),
        }
    }

    /// Flags: four bits for an address, three for an allocator.
    fn read_allocation(&mut self, first: u8) -> Result<Allocation, ImportError> {
        let address = self.address(first >> 3 & 0xf)?;
        let code = match first & 7 {
            0 => self.stream.byte()?,
            code => code,
        };
        let allocator = Allocator::new(code)
            .ok_or_else(|| self.corrupt(format!("there is no allocator with the code {code}")))?;
        if allocator == Allocator::Free {
            return Ok(Allocation { address, bytes: 0, allocator });
        }
        if self.native_traces {
            self.varint()?;
        }
        Ok(Allocation { address, bytes: self.varint()?, allocator })
    }

    /// One of the addresses remembered, or, past them, one that follows.
    fn address(&mut self, recent: u8) -> Result<u64, ImportError> {
        if let Some(address) = self.recent.get(usize::from(recent)) {
            return Ok(*address);
        }
        let difference = unfold(self.varint()?);
        self.address = self.address.wrapping_add_signed(difference);
        self.recent.rotate_right(1);
        self.recent[0] = self.address << ADDRESS_BITS;
        Ok(self.recent[0])
    }

    /// Flags: four bits for an address, one for a birth.
    fn skip_object(&mut self, first: u8) -> Result<Record, ImportError> {
        self.address(first >> 1 & 0xf)?;
        if self.native_traces && first & 1 == 1 {
            self.varint()?;
        }
        self.objects += 1;
        Ok(Record::Other)
    }

    /// A number, function, file, line and table of lines.
    fn skip_code(&mut self) -> Result<Record, ImportError> {
        self.varint()?;
        self.stream.skip_text()?;
        self.stream.skip_text()?;
        self.varint()?;
        let table_bytes = self.varint()?;
        self.stream.skip(table_bytes)?;
        Ok(Record::Other)
    }

    fn skip_thread(&mut self) -> Result<Record, ImportError> {
        self.stream.u64()?;
        Ok(Record::Other)
    }

    fn skip_name(&mut self) -> Result<Record, ImportError> {
        self.stream.skip_text()?;
        Ok(Record::Other)
    }

    /// A file, how many segments of it are mapped, where; and each of them: its type, address and size.
    fn skip_segments(&mut self) -> Result<Record, ImportError> {
        self.stream.skip_text()?;
        let count = self.varint()?;
        self.stream.u64()?;
        for _ in 0..count {
            if self.stream.byte()? != 8 {
                return Err(self.corrupt("a segment is missing"));
            }
            self.stream.u64()?;
            self.varint()?;
        }
        Ok(Record::Other)
    }

    fn skip_varints(&mut self, count: u32) -> Result<Record, ImportError> {
        for _ in 0..count {
            self.varint()?;
        }
        Ok(Record::Other)
    }

    /// A number in groups of seven bits, the low ones first; all groups but the last have their high bit set.
    fn varint(&mut self) -> Result<u64, ImportError> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.stream.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(self.corrupt("a number has more than 64 bits"))
    }
}

/// The number with a sign that was written as `folded`: 0, -1, 1, -2 as 0, 1, 2, 3.
fn unfold(folded: u64) -> i64 {
    (folded >> 1) as i64 ^ -((folded & 1) as i64)
}
