//! Reading a trace.

use super::error::TraceError;
use super::form::{Form, TraceShape};
use super::format::{Block, END, FRAME_BYTES, MAGIC, START_BYTES, TRAILER_BYTES, Tag, VERSION, code};
use super::header::TraceHeader;
use super::names::Names;
use super::op::{TraceOp, TraceRef, request_of};
use super::totals::Totals;
use super::varint::{Cursor, Missing};

/// Most shapes of a trace: a heap can have no more.
const MAX_SHAPES: usize = 1 << 16;

/// The bytes of a trace: in memory, or of a file that is mapped there.
pub trait TraceBytes {
    /// All of them.
    fn bytes(&self) -> &[u8];

    /// Those before `offset` are not read again, for now: a mapped file may let go of the memory that holds them.
    fn release(&self, offset: u64) {
        let _ = offset;
    }
}

impl TraceBytes for [u8] {
    fn bytes(&self) -> &[u8] {
        self
    }
}

impl TraceBytes for Vec<u8> {
    fn bytes(&self) -> &[u8] {
        self
    }
}

/// A trace whose start and end have been read.
#[derive(Debug)]
pub struct TraceFile<'f, B: ?Sized> {
    file: &'f B,
    header: TraceHeader,
    totals: Totals,
    /// Where the first block of operations, or the footer, starts.
    first_block: u64,
}

impl<B: ?Sized> Clone for TraceFile<'_, B> {
    fn clone(&self) -> Self {
        TraceFile { header: self.header.clone(), ..*self }
    }
}

impl<'f, B: TraceBytes + ?Sized> TraceFile<'f, B> {
    /// Reads what is known of a trace before its operations are read.
    ///
    /// # Errors
    /// If the file is no trace, is of another version, has been cut short, or is damaged at either end.
    pub fn open(file: &'f B) -> Result<Self, TraceError> {
        let bytes = file.bytes();
        check_start(bytes)?;
        let block = Block::at(bytes, START_BYTES as u64)?;
        let header = read_block(&block, Tag::Header, TraceHeader::read)?;
        let totals = read_block(&footer(bytes)?, Tag::Footer, Totals::read)?;
        Ok(TraceFile { file, header, totals, first_block: block.end() })
    }

    /// Where the trace comes from.
    #[must_use]
    pub fn header(&self) -> &TraceHeader {
        &self.header
    }

    /// How much there is in it.
    #[must_use]
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// Its operations, from the first.
    #[must_use]
    pub fn reader(&self) -> TraceReader<'f, B> {
        TraceReader::new(self)
    }
}

fn check_start(bytes: &[u8]) -> Result<(), TraceError> {
    let length = bytes.len().min(MAGIC.len());
    if bytes[..length] != MAGIC[..length] || bytes.is_empty() {
        return Err(TraceError::NotATrace);
    }
    let Some((start, _)) = bytes.split_first_chunk::<START_BYTES>() else {
        return Err(TraceError::Truncated { offset: bytes.len() as u64, missing: "the start of the trace" });
    };
    match u16::from_le_bytes([start[8], start[9]]) {
        VERSION => Ok(()),
        found => Err(TraceError::OtherVersion { found }),
    }
}

/// The block of the footer.
fn footer(bytes: &[u8]) -> Result<Block<'_>, TraceError> {
    let cut_short = TraceError::Truncated { offset: bytes.len() as u64, missing: "the end of the trace" };
    let Some((before, trailer)) = bytes.split_last_chunk::<TRAILER_BYTES>() else { return Err(cut_short) };
    let (offset, end) = trailer.split_at(8);
    if end != END {
        return Err(cut_short);
    }
    let offset = u64::from_le_bytes(offset.try_into().expect("8 bytes"));
    let at = before.len() as u64;
    match Block::at(before, offset) {
        Ok(block) if block.tag == Tag::Footer && block.end() == at => Ok(block),
        _ => Err(TraceError::corrupt(at, format!("the footer is said to be at offset {offset}, but is not"))),
    }
}

/// The contents of the header or the footer.
fn read_block<T>(
    block: &Block<'_>,
    tag: Tag,
    read: impl FnOnce(&[u8]) -> Result<T, Missing>,
) -> Result<T, TraceError> {
    let offset = block.payload_offset;
    if block.tag != tag {
        return Err(TraceError::corrupt(
            offset - FRAME_BYTES as u64,
            "the trace does not start with its header",
        ));
    }
    block.check(0, block.payload)?;
    read(block.payload).map_err(|missing| at(offset, missing))
}

/// What is missing in a payload that starts at `offset`.
#[cold]
fn at(offset: u64, missing: Missing) -> TraceError {
    TraceError::corrupt(offset + missing.at as u64, format!("this should be {}", missing.what))
}

/// The operations of a trace, one after the other, in memory that does not grow with the trace.
#[derive(Debug)]
pub struct TraceReader<'f, B: ?Sized> {
    file: &'f B,
    totals: Totals,
    /// Where the next block starts, and its number.
    next_block: u64,
    block_number: u64,
    /// The payload of the current block: copied, so that what was checked is what is read, whatever happens to the file.
    payload: Vec<u8>,
    payload_offset: u64,
    /// How far the payload has been read.
    at: usize,
    /// References of the last object allocated that have not been told.
    inline: Inline,
    shapes: Vec<TraceShape>,
    names: Names,
    /// Objects allocated since the last point.
    recent: u32,
    roots: u32,
    counted: Totals,
}

#[derive(Clone, Copy, Debug, Default)]
struct Inline {
    next: u32,
    end: u32,
}

impl<'f, B: TraceBytes + ?Sized> TraceReader<'f, B> {
    fn new(trace: &TraceFile<'f, B>) -> Self {
        TraceReader {
            file: trace.file,
            totals: trace.totals,
            next_block: trace.first_block,
            block_number: 1,
            payload: Vec::new(),
            payload_offset: trace.first_block,
            at: 0,
            inline: Inline::default(),
            shapes: Vec::new(),
            names: Names::default(),
            recent: 0,
            roots: 0,
            counted: Totals::default(),
        }
    }

    /// The shapes met so far, by their numbers.
    #[must_use]
    pub fn shapes(&self) -> &[TraceShape] {
        &self.shapes
    }

    /// Where the next operation is, in bytes from the start of the file.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.payload_offset + self.at as u64
    }

    /// The next operation; `None` behind the last one. After an error there is nothing to be read.
    ///
    /// # Errors
    /// The first thing in the file that is not as a [`TraceWriter`](super::TraceWriter) writes it.
    #[inline]
    #[expect(clippy::should_implement_trait, reason = "an error is not an item: it is the last thing read")]
    pub fn next(&mut self) -> Result<Option<TraceOp>, TraceError> {
        let op = self.next_op()?;
        if let Some(op) = &op {
            self.counted.count(op);
        }
        Ok(op)
    }

    #[inline]
    fn next_op(&mut self) -> Result<Option<TraceOp>, TraceError> {
        while self.inline.next < self.inline.end {
            let place = self.inline.next;
            self.inline.next += 1;
            if let target @ Some(_) = self.read(Self::reference)? {
                return Ok(Some(TraceOp::Store { holder: TraceRef::Recent(0), place, target }));
            }
        }
        loop {
            if self.at == self.payload.len() {
                match self.load_block()? {
                    Tag::Footer => return Ok(None),
                    _ => continue,
                }
            }
            if let op @ Some(_) = self.read(Self::op)? {
                return Ok(op);
            }
        }
    }

    /// Reads on in the payload.
    #[inline]
    fn read<T>(
        &mut self,
        read: impl FnOnce(&mut Progress<'_>, &mut Cursor<'_>) -> Result<T, Missing>,
    ) -> Result<T, TraceError> {
        let mut cursor = Cursor::new(&self.payload, self.at);
        let mut progress = Progress {
            inline: &mut self.inline,
            shapes: &mut self.shapes,
            names: &mut self.names,
            recent: &mut self.recent,
            roots: &mut self.roots,
            counted: &mut self.counted,
        };
        match read(&mut progress, &mut cursor) {
            Ok(found) => {
                self.at = cursor.at();
                Ok(found)
            }
            Err(missing) => Err(at(self.payload_offset, missing)),
        }
    }

    #[inline]
    fn op(progress: &mut Progress<'_>, cursor: &mut Cursor<'_>) -> Result<Option<TraceOp>, Missing> {
        progress.op(cursor)
    }

    #[inline]
    fn reference(progress: &mut Progress<'_>, cursor: &mut Cursor<'_>) -> Result<Option<TraceRef>, Missing> {
        progress.reference(cursor)
    }

    /// Goes on to the next block; what it is.
    #[cold]
    fn load_block(&mut self) -> Result<Tag, TraceError> {
        let bytes = self.file.bytes();
        let block = Block::at(&bytes[..bytes.len() - TRAILER_BYTES], self.next_block)?;
        self.payload.clear();
        self.payload.extend_from_slice(block.payload);
        self.payload_offset = block.payload_offset;
        self.at = 0;
        match block.tag {
            Tag::Ops => {
                block.check(self.block_number, &self.payload)?;
                self.next_block = block.end();
                self.block_number += 1;
            }
            Tag::Footer => {
                self.payload.clear();
                self.check_end(&block)?;
            }
            Tag::Header => return Err(TraceError::corrupt(self.next_block, "the trace has a second header")),
        }
        self.file.release(self.next_block);
        Ok(block.tag)
    }

    /// At the footer: checks that nothing is missing, and nothing follows.
    fn check_end(&self, footer: &Block<'_>) -> Result<(), TraceError> {
        let end = (self.file.bytes().len() - TRAILER_BYTES) as u64;
        if footer.end() != end {
            return Err(TraceError::corrupt(footer.end(), "something follows the footer"));
        }
        if self.counted.counts() != self.totals.counts() {
            let problem = format!(
                "the operations and bytes before are not those that the footer counts: {:?} instead of {:?}",
                self.counted.counts(),
                self.totals.counts()
            );
            return Err(TraceError::corrupt(self.next_block, problem));
        }
        Ok(())
    }
}

/// What the operations read so far have left.
struct Progress<'r> {
    inline: &'r mut Inline,
    shapes: &'r mut Vec<TraceShape>,
    names: &'r mut Names,
    recent: &'r mut u32,
    roots: &'r mut u32,
    counted: &'r mut Totals,
}

impl Progress<'_> {
    /// Reads an operation; `None` if it was a shape.
    #[inline]
    fn op(&mut self, cursor: &mut Cursor<'_>) -> Result<Option<TraceOp>, Missing> {
        let at = cursor.at();
        let first = cursor.number()?;
        let argument = first >> code::BITS;
        let argument_u32 = |what| u32::try_from(argument).map_err(|_| Missing { at, what });
        Ok(Some(match first & ((1 << code::BITS) - 1) {
            code::ALLOCATE => self.allocation(argument, at, cursor)?,
            code::STORE => {
                let place = argument_u32("a place of an object")?;
                let holder_at = cursor.at();
                let holder = self.reference(cursor)?;
                let holder = holder.ok_or(Missing { at: holder_at, what: "an object to store into" })?;
                TraceOp::Store { holder, place, target: self.reference(cursor)? }
            }
            code::ROOT => {
                let root = argument_u32("a root")?;
                if root > *self.roots {
                    return Err(Missing { at, what: "a root that leaves no gap" });
                }
                *self.roots = (*self.roots).max(root + 1);
                TraceOp::Root { root, target: self.reference(cursor)? }
            }
            code::DIE => {
                let name =
                    self.name(argument).ok_or(Missing { at, what: "the name of an object that lives" })?;
                self.names.take_back(name);
                TraceOp::Die { name }
            }
            code::POINT if argument == 0 => {
                *self.recent = 0;
                TraceOp::Point
            }
            code::SHAPE => {
                self.add_shape(argument, at, cursor)?;
                return Ok(None);
            }
            code::REQUEST => {
                let request = request_of(argument, || cursor.number())?;
                TraceOp::Request(request.ok_or(Missing { at, what: "a request that there is" })?)
            }
            _ => return Err(Missing { at, what: "an operation that there is" }),
        }))
    }

    #[inline]
    fn allocation(&mut self, argument: u64, at: usize, cursor: &mut Cursor<'_>) -> Result<TraceOp, Missing> {
        let index = usize::try_from(argument >> 1).unwrap_or(usize::MAX);
        let form = self.shapes.get(index).ok_or(Missing { at, what: "a shape that was told before" })?.form;
        let length = if form.has_length() { cursor.number_u32()? } else { 0 };
        self.counted.object_bytes += form.object_bytes(length);
        self.counted.external_bytes += if form == Form::Buffer { length.into() } else { 0 };
        let name = (argument & 1 == 1).then(|| self.names.give());
        *self.recent += 1;
        *self.inline = Inline { next: 0, end: form.inline_places() };
        Ok(TraceOp::Allocate { shape: index as u32, length, name })
    }

    #[cold]
    fn add_shape(&mut self, code: u64, at: usize, cursor: &mut Cursor<'_>) -> Result<(), Missing> {
        if self.shapes.len() == MAX_SHAPES {
            return Err(Missing { at, what: "no more than 65536 shapes" });
        }
        self.shapes.push(TraceShape::read(cursor, code)?);
        self.counted.shapes += 1;
        Ok(())
    }

    /// Reads a reference.
    #[inline]
    fn reference(&mut self, cursor: &mut Cursor<'_>) -> Result<Option<TraceRef>, Missing> {
        let at = cursor.at();
        let number = cursor.number()?;
        if number == 0 {
            return Ok(None);
        }
        if number & 1 == 1 {
            let ago = number >> 1;
            let is_recent = ago < u64::from(*self.recent);
            return is_recent
                .then_some(Some(TraceRef::Recent(ago as u32)))
                .ok_or(Missing { at, what: "an object allocated since the last point" });
        }
        let name =
            self.name(number / 2 - 1).ok_or(Missing { at, what: "the name of an object that lives" })?;
        Ok(Some(TraceRef::Named(name)))
    }

    /// A name, if it is given.
    #[inline]
    fn name(&self, number: u64) -> Option<u32> {
        u32::try_from(number).ok().filter(|name| self.names.is_given(*name))
    }
}
