//! Traces of OCaml programs by the library memtrace: `.ctf`, of the formats v001 to v003.
//!
//! A trace is a series of packets, each with a header; numbers are little-endian. The first packet holds one event,
//! which tells about the program. Those after it hold events of one domain each: allocations, promotions, ends, and the
//! names of places in the program. The numbers of objects are not written: allocations of a packet are numbered from a
//! number in its header. Where a program allocates is packed with a cache that reader and writer keep alike. All of it
//! as in `src/trace.ml`, `src/backtrace_codec.ml` and `src/location_codec.ml` of memtrace
//! (github.com/janestreet/memtrace).

mod backtrace;
mod buffer;
#[cfg(test)]
mod encoder;
mod event;
mod location;
mod packet;
#[cfg(test)]
mod tests;

use self::backtrace::Backtraces;
use self::buffer::Buffer;
use self::event::{Event, Source};
use self::location::Locations;
use self::packet::{Header, Packets};
use super::lifetimes::{BirthPlace, Coverage};
use super::{ImportError, Lifetimes};
use std::collections::HashMap;
use std::io::BufRead;

/// The first bytes of every packet, as a number.
const MAGIC: u32 = 0xc1fc_1fc1;

/// Whether a file that starts so is a trace of memtrace.
pub(super) fn is_start(start: &[u8]) -> bool {
    start.starts_with(&MAGIC.to_le_bytes())
}

/// A trace of memtrace.
#[derive(Debug)]
pub struct Memtrace {
    /// What is known of the program.
    pub info: Info,
    /// What was sampled of its allocations.
    pub lifetimes: Lifetimes,
    /// How many of them were promoted to the major heap.
    pub promotions: u64,
}

/// What is known of a program that was traced.
#[derive(Clone, Debug, PartialEq)]
pub struct Info {
    /// The version of the format: 1 to 3.
    pub version: u16,
    /// The probability with which each word that was allocated was sampled.
    pub sample_rate: f64,
    /// Bits of a word.
    pub word_bits: u8,
    /// The file of the program.
    pub executable: String,
    process: u64,
}

impl Memtrace {
    /// Reads a trace. `file` should be buffered.
    ///
    /// # Errors
    /// The first thing in the file that is not as memtrace writes it, with its offset.
    pub fn read(file: impl BufRead) -> Result<Self, ImportError> {
        let mut packets = Packets::new(file);
        let (header, mut buffer) = packets.next()?.ok_or(ImportError::UnknownFormat)?;
        let info = buffer.read(|buffer| Info::read(&header, buffer))?;
        let mut reader = Reader::new(&info);
        while let Some((header, mut buffer)) = packets.next()? {
            if header.process != info.process {
                reader.foreign_packets += 1;
                continue;
            }
            buffer.read(|buffer| reader.read_packet(&header, buffer))?;
        }
        Ok(reader.finish(info))
    }
}

impl Info {
    fn read(header: &Header, buffer: &mut Buffer) -> Result<Self, String> {
        let Event::TraceInfo = Event::read(header, buffer)? else {
            return Err("the first event does not tell about the program".into());
        };
        let sample_rate = f64::from_bits(buffer.u64()?);
        if !(sample_rate > 0.0 && sample_rate <= 1.0) {
            return Err(format!("the sampling rate {sample_rate} is none: it must be above 0 and at most 1"));
        }
        let word_bits = buffer.u8()?;
        if !matches!(word_bits, 32 | 64) {
            return Err(format!("words of {word_bits} bits are no words of OCaml"));
        }
        let executable = buffer.text()?;
        let (_host, _runtime_parameters) = (buffer.text()?, buffer.text()?);
        let process = buffer.u64()?;
        if header.version >= 2 {
            let _context = buffer.text()?;
        }
        buffer.end()?;
        Ok(Info { version: header.version, sample_rate, word_bits, executable, process })
    }
}

/// A trace as far as it has been read.
struct Reader {
    lifetimes: Lifetimes,
    /// The numbers in the file of the objects alive, with theirs in `lifetimes`.
    alive: HashMap<u64, u32>,
    domains: HashMap<u16, Domain>,
    word_bytes: u64,
    promotions: u64,
    unknown_deaths: u64,
    unknown_promotions: u64,
    foreign_packets: u64,
}

/// What is remembered of one domain from packet to packet.
#[derive(Default)]
struct Domain {
    backtraces: Backtraces,
    locations: Locations,
}

impl Reader {
    fn new(info: &Info) -> Self {
        let coverage = match info.sample_rate {
            1.0 => Coverage::Whole,
            rate => Coverage::Sampled { rate },
        };
        Reader {
            lifetimes: Lifetimes::new(coverage),
            alive: HashMap::new(),
            domains: HashMap::new(),
            word_bytes: u64::from(info.word_bits) / 8,
            promotions: 0,
            unknown_deaths: 0,
            unknown_promotions: 0,
            foreign_packets: 0,
        }
    }

    fn read_packet(&mut self, header: &Header, buffer: &mut Buffer) -> Result<(), String> {
        let mut domain = self.domains.remove(&header.domain).unwrap_or_default();
        domain.backtraces.verify(header.verifier)?;
        let mut next_object = header.objects.start;
        while !buffer.is_empty() {
            let event = Event::read(header, buffer)?;
            self.take(event, &mut domain, &mut next_object, buffer)?;
        }
        if next_object != header.objects.end {
            return Err(format!(
                "objects up to {next_object} instead of {} are allocated",
                header.objects.end
            ));
        }
        self.domains.insert(header.domain, domain);
        Ok(())
    }

    fn take(
        &mut self,
        event: Event,
        domain: &mut Domain,
        next_object: &mut u64,
        buffer: &mut Buffer,
    ) -> Result<(), String> {
        match event {
            Event::TraceInfo => Err("the trace tells about the program for the second time".into()),
            Event::Location => domain.locations.read(buffer),
            Event::Allocation(allocation) => {
                domain.backtraces.read(buffer, allocation.codewords)?;
                self.birth(*next_object, allocation.words, allocation.source)?;
                self.lifetimes.samples = self.lifetimes.samples.saturating_add(allocation.samples);
                *next_object += 1;
                Ok(())
            }
            Event::Promotion(back) => {
                self.promote(before(*next_object, back));
                Ok(())
            }
            Event::Death(back) => self.death(before(*next_object, back)),
        }
    }

    /// Blocks have a header of one word, which their length does not count.
    fn birth(&mut self, number: u64, words: u64, source: Source) -> Result<(), String> {
        let place = match source {
            Source::Minor | Source::Major => BirthPlace::Heap,
            Source::External => BirthPlace::External,
        };
        let bytes = words.saturating_add(1).saturating_mul(self.word_bytes);
        let object = self.lifetimes.birth(bytes, place)?;
        match self.alive.insert(number, object) {
            None => Ok(()),
            Some(_) => Err(format!("object {number} is allocated for the second time")),
        }
    }

    fn promote(&mut self, number: u64) {
        match self.alive.contains_key(&number) {
            true => self.promotions += 1,
            false => self.unknown_promotions += 1,
        }
    }

    fn death(&mut self, number: u64) -> Result<(), String> {
        match self.alive.remove(&number) {
            Some(object) => self.lifetimes.death(object),
            None => {
                self.unknown_deaths += 1;
                Ok(())
            }
        }
    }

    fn finish(mut self, info: Info) -> Memtrace {
        self.lifetimes.leave_out("ends of objects whose allocation is not in the file", self.unknown_deaths);
        self.lifetimes.leave_out("promotions of objects that are not alive", self.unknown_promotions);
        self.lifetimes.leave_out("packets of a process that was forked", self.foreign_packets);
        Memtrace { info, lifetimes: self.lifetimes, promotions: self.promotions }
    }
}

/// The number of the object that was allocated so many before the last; of another domain's, that may be fewer than
/// none.
fn before(next_object: u64, back: i64) -> u64 {
    next_object.wrapping_sub(1).wrapping_sub(back as u64)
}
