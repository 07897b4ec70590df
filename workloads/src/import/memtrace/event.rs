//! Events.

use super::buffer::Buffer;
use super::packet::Header;

/// How many low bits of the header of an event are its time; the others say what it is.
const TIME_BITS: u32 = 25;

/// An event, up to what is packed with a cache.
#[derive(Debug)]
pub(super) enum Event {
    TraceInfo,
    Location,
    Allocation(Allocation),
    /// Of the object that was allocated so many before the last.
    Promotion(i64),
    /// Of the object that was allocated so many before the last.
    Death(i64),
}

/// An allocation, up to where it was made.
#[derive(Debug)]
pub(super) struct Allocation {
    /// Its length, without its header.
    pub(super) words: u64,
    /// How many of its words were sampled.
    pub(super) samples: u64,
    pub(super) source: Source,
    /// How many codewords follow.
    pub(super) codewords: u16,
}

/// Where a block was allocated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Minor,
    Major,
    External,
}

impl Event {
    pub(super) fn read(header: &Header, buffer: &mut Buffer) -> Result<Self, String> {
        let word = buffer.u32()?;
        check_time(header, word)?;
        match word >> TIME_BITS {
            0 => Ok(Event::TraceInfo),
            1 => Ok(Event::Location),
            2 => Allocation::read(buffer).map(Event::Allocation),
            3 => Ok(Event::Promotion(buffer.variable()?)),
            4 => Ok(Event::Death(buffer.variable()?)),
            code @ 101..=116 => Allocation::read_short(code - 100, buffer).map(Event::Allocation),
            code => Err(format!("there are no events with the code {code}")),
        }
    }
}

/// Sees that an event happens within its packet. Its header holds the low bits of its time only.
fn check_time(header: &Header, word: u32) -> Result<(), String> {
    let mask = (1 << TIME_BITS) - 1;
    let (start, low) = (*header.time.start(), u64::from(word) & mask);
    let wrapped = if low < start & mask { 1 << TIME_BITS } else { 0 };
    let time = (start & !mask).saturating_add(low + wrapped);
    if header.time.contains(&time) {
        return Ok(());
    }
    let (start, end) = (header.time.start(), header.time.end());
    Err(format!("an event happens at {time} us, outside of its packet, which lasts from {start} to {end}"))
}

impl Allocation {
    fn read(buffer: &mut Buffer) -> Result<Self, String> {
        let words = buffer.count()?;
        let samples = buffer.count()?;
        let source = Source::new(buffer.u8()?)?;
        let _common_prefix = buffer.count()?;
        Ok(Allocation { words, samples, source, codewords: buffer.u16()? })
    }

    /// One of a few words in the minor heap, sampled once.
    fn read_short(words: u32, buffer: &mut Buffer) -> Result<Self, String> {
        let _common_prefix = buffer.count()?;
        let codewords = buffer.u8()?.into();
        Ok(Allocation { words: words.into(), samples: 1, source: Source::Minor, codewords })
    }
}

impl Source {
    fn new(code: u8) -> Result<Self, String> {
        match code {
            0 => Ok(Source::Minor),
            1 => Ok(Source::Major),
            2 => Ok(Source::External),
            code => Err(format!("there is no heap with the code {code}")),
        }
    }
}
