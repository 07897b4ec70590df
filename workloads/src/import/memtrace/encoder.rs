//! A writer of traces for tests, made from the description in memtrace's sources, since OCaml is not at hand.

use super::MAGIC;

const BUCKETS: usize = 1 << 14;
const TABLE: usize = 31;
/// The bucket that is checked first.
const FIRST_CHECKED: u16 = 4242;
const TIME_MASK: u64 = (1 << 25) - 1;

/// Writes a trace in memory.
pub(super) struct Encoder {
    version: u16,
    domain: u16,
    file: Vec<u8>,
    /// The packet that is being written, after its header.
    packet: Vec<u8>,
    verifier: (u16, u16, u64),
    first_object: u64,
    next_object: u64,
    start: u64,
    now: u64,
    cache: Cache,
    callstack: Vec<u64>,
    files: Vec<(String, Vec<String>)>,
}

/// The writer's side of the cache of locations.
struct Cache {
    locations: Vec<u64>,
    dates: Vec<u64>,
    following: Vec<u16>,
    next_verified: u16,
}

/// A place in a program.
pub(super) struct Location<'a> {
    pub(super) file: &'a str,
    pub(super) function: &'a str,
    pub(super) line: u32,
}

impl Encoder {
    pub(super) fn new(version: u16, sample_rate: f64) -> Self {
        let cache = Cache {
            locations: vec![0; BUCKETS],
            dates: vec![0; BUCKETS],
            following: vec![0; BUCKETS],
            next_verified: FIRST_CHECKED,
        };
        let mut encoder = Encoder {
            version,
            domain: 0,
            file: Vec::new(),
            packet: Vec::new(),
            verifier: (0xffff, 0, 0),
            first_object: 0,
            next_object: 0,
            start: 1_600_000_000_000_000,
            now: 1_600_000_000_000_000,
            cache,
            callstack: Vec::new(),
            files: Vec::new(),
        };
        encoder.put_info(sample_rate);
        encoder
    }

    fn put_info(&mut self, sample_rate: f64) {
        self.header(0);
        self.packet.extend(sample_rate.to_bits().to_le_bytes());
        self.packet.push(64);
        for text in ["program.exe", "host", ""] {
            put_text(&mut self.packet, text);
        }
        self.packet.extend(77_u64.to_le_bytes());
        if self.version >= 2 {
            put_text(&mut self.packet, "context");
        }
        let verifier = std::mem::replace(&mut self.verifier, (0xffff, 0, 0));
        self.put_packet(verifier);
    }

    fn header(&mut self, code: u32) {
        self.packet.extend((code << 25 | (self.now & TIME_MASK) as u32).to_le_bytes());
    }

    /// A place in a program whose bucket the second packet's header has.
    pub(super) fn checked_first() -> u64 {
        let is_there = |location: &u64| Cache::buckets_for(*location)[0] == FIRST_CHECKED;
        (1..).find(is_there).expect("places are spread over all buckets")
    }

    /// Time goes on.
    pub(super) fn wait(&mut self, microseconds: u64) {
        self.now += microseconds;
    }

    /// Ends the packet.
    pub(super) fn flush(&mut self) {
        let verifier = self.verifier;
        self.put_packet(verifier);
        self.first_object = self.next_object;
        self.start = self.now;
        self.verifier = self.cache.verifier();
    }

    fn put_packet(&mut self, (bucket, following, location): (u16, u16, u64)) {
        let header_bytes = 4 + 4 + 8 + 8 + 4 + 2 + 8 + if self.version >= 3 { 2 } else { 0 } + 12 + 16;
        let file = &mut self.file;
        file.extend(MAGIC.to_le_bytes());
        file.extend(((header_bytes + self.packet.len()) as u32 * 8).to_le_bytes());
        file.extend(self.start.to_le_bytes());
        file.extend(self.now.to_le_bytes());
        file.extend([0; 4]);
        file.extend(self.version.to_le_bytes());
        file.extend(77_u64.to_le_bytes());
        if self.version >= 3 {
            file.extend(self.domain.to_le_bytes());
        }
        file.extend(bucket.to_le_bytes());
        file.extend(following.to_le_bytes());
        file.extend(location.to_le_bytes());
        file.extend(self.first_object.to_le_bytes());
        file.extend(self.next_object.to_le_bytes());
        file.append(&mut self.packet);
    }

    /// An allocation, in the shortest form that it fits; its number. `callstack` has the innermost place first.
    pub(super) fn allocate(&mut self, words: u64, samples: u64, source: u8, callstack: &[u64]) -> u64 {
        let ends = callstack.iter().rev().zip(self.callstack.iter().rev());
        let common = ends.take_while(|(one, other)| one == other).count();
        let new = &callstack[..callstack.len() - common];
        let is_short = (1..=16).contains(&words) && samples == 1 && source == 0 && new.len() < 256;
        self.header(if is_short { 100 + words as u32 } else { 2 });
        if !is_short {
            put_variable(&mut self.packet, words as i64);
            put_variable(&mut self.packet, samples as i64);
            self.packet.push(source);
        }
        put_variable(&mut self.packet, common as i64);
        let (count, codewords) = self.cache.encode(new, self.next_object);
        match is_short {
            true => self.packet.push(count as u8),
            false => self.packet.extend(count.to_le_bytes()),
        }
        self.packet.extend(codewords);
        self.callstack = callstack.to_vec();
        self.next_object += 1;
        self.next_object - 1
    }

    pub(super) fn promote(&mut self, object: u64) {
        self.header(3);
        put_variable(&mut self.packet, self.next_object as i64 - 1 - object as i64);
    }

    pub(super) fn collect(&mut self, object: u64) {
        self.header(4);
        put_variable(&mut self.packet, self.next_object as i64 - 1 - object as i64);
    }

    /// Names a place, in a packet of its own as far as the reader is concerned.
    pub(super) fn locate(&mut self, code: u64, locations: &[Location<'_>]) {
        self.header(1);
        self.packet.extend(code.to_le_bytes());
        self.packet.push(locations.len() as u8);
        for location in locations {
            self.put_location(location);
        }
    }

    fn put_location(&mut self, location: &Location<'_>) {
        let known_file = self.files.iter().position(|(file, _)| file == location.file);
        let (file, mut functions) = match known_file {
            Some(place) => (place, self.files.remove(place).1),
            // What falls out of the table leaves its functions to the one that comes in.
            None if self.files.len() == TABLE => (TABLE, self.files.pop().expect("it is full").1),
            None => (TABLE, Vec::new()),
        };
        let known_function = functions.iter().position(|function| function == location.function);
        let function = match known_function {
            Some(place) => {
                functions.remove(place);
                place
            }
            None => TABLE,
        };
        functions.insert(0, location.function.into());
        functions.truncate(TABLE);
        self.files.insert(0, (location.file.into(), functions));
        let bits = u64::from(location.line & 0xf_ffff) | (file as u64) << 38 | (function as u64) << 43;
        self.packet.extend(&bits.to_le_bytes()[..6]);
        if known_file.is_none() {
            put_text(&mut self.packet, location.file);
        }
        if known_function.is_none() {
            put_text(&mut self.packet, location.function);
        }
    }

    /// How long the file is so far.
    pub(super) fn length(&self) -> usize {
        self.file.len()
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.flush();
        self.file
    }
}

impl Cache {
    fn verifier(&mut self) -> (u16, u16, u64) {
        let bucket = self.next_verified;
        self.next_verified = (bucket + 5413) % BUCKETS as u16;
        (bucket, self.following[usize::from(bucket)], self.locations[usize::from(bucket)])
    }

    /// The two buckets that a place may be in.
    fn buckets_for(location: u64) -> [u16; 2] {
        let hashes = [location.wrapping_mul(0x498_3723) >> 11, location.wrapping_mul(0xfde_a731) >> 21];
        hashes.map(|hash| (hash % BUCKETS as u64) as u16)
    }

    /// How many codewords there are, and what they are.
    fn encode(&mut self, new: &[u64], date: u64) -> (u16, Vec<u8>) {
        let (mut count, mut bytes) = (0, Vec::new());
        let mut last = 0_u16;
        let mut left = new.iter().rev().copied().peekable();
        while let Some(location) = left.next() {
            count += 1;
            let candidates = Cache::buckets_for(location);
            let hit = candidates.into_iter().find(|bucket| self.locations[usize::from(*bucket)] == location);
            let bucket = hit.unwrap_or_else(|| {
                *candidates
                    .iter()
                    .min_by_key(|bucket| self.dates[usize::from(**bucket)])
                    .expect("there are two")
            });
            self.following[usize::from(last)] = bucket;
            self.dates[usize::from(bucket)] = date;
            last = bucket;
            if hit.is_none() {
                self.locations[usize::from(bucket)] = location;
                bytes.extend((bucket << 2 | 3).to_le_bytes());
                bytes.extend(location.to_le_bytes());
                continue;
            }
            let mut correct = 0_u8;
            while let Some(next) = left.peek() {
                let predicted = self.following[usize::from(last)];
                if self.locations[usize::from(predicted)] != *next || correct == u8::MAX {
                    break;
                }
                last = predicted;
                correct += 1;
                left.next();
            }
            bytes.extend((bucket << 2 | u16::from(correct.min(2))).to_le_bytes());
            if correct >= 2 {
                bytes.push(correct);
            }
        }
        (count, bytes)
    }
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend(text.bytes());
    bytes.push(0);
}

fn put_variable(bytes: &mut Vec<u8>, number: i64) {
    match number {
        0..=252 => bytes.push(number as u8),
        253..=0xffff => {
            bytes.push(253);
            bytes.extend((number as u16).to_le_bytes());
        }
        _ => match i32::try_from(number) {
            Ok(number) => {
                bytes.push(254);
                bytes.extend(number.to_le_bytes());
            }
            Err(_) => {
                bytes.push(255);
                bytes.extend(number.to_le_bytes());
            }
        },
    }
}
