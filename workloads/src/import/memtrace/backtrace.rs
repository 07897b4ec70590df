//! Where a program allocates, packed with a cache.
//!
//! Nothing is made of it here; but the headers of packets have a part of the writer's cache, and a reader that keeps
//! the same one finds damage by it.

use super::buffer::Buffer;

/// How many buckets the cache has.
const BUCKETS: usize = 1 << 14;
/// The bucket of a verifier that says nothing.
const NONE: u16 = 0xffff;

/// One domain's cache of locations.
pub(super) struct Backtraces {
    locations: Vec<u64>,
    /// For each bucket the one that came after it last.
    following: Vec<u16>,
}

/// What is in one bucket of the writer's cache.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verifier {
    pub(super) bucket: u16,
    pub(super) following: u16,
    pub(super) location: u64,
}

impl Default for Backtraces {
    fn default() -> Self {
        Backtraces { locations: vec![0; BUCKETS], following: vec![0; BUCKETS] }
    }
}

impl Backtraces {
    /// Sees that the cache is as the writer's.
    pub(super) fn verify(&self, verifier: Verifier) -> Result<(), String> {
        let bucket = usize::from(verifier.bucket);
        let is_same = verifier.bucket == NONE
            || bucket < BUCKETS
                && self.following[bucket] == verifier.following
                && self.locations[bucket] == verifier.location;
        if is_same { Ok(()) } else { Err("something before this packet is damaged: its check fails".into()) }
    }

    /// Reads so many codewords: a bucket in the high bits; in the low ones whether its location is there already, and
    /// how many after it are those that came after last time.
    pub(super) fn read(&mut self, buffer: &mut Buffer, codewords: u16) -> Result<(), String> {
        let mut last = 0;
        for _ in 0..codewords {
            let codeword = buffer.u16()?;
            let bucket = codeword >> 2;
            self.following[usize::from(last)] = bucket;
            last = match codeword & 3 {
                0 => bucket,
                1 => self.predict(bucket, 1),
                2 => self.predict(bucket, buffer.u8()?),
                _ => {
                    self.locations[usize::from(bucket)] = buffer.u64()?;
                    bucket
                }
            };
        }
        Ok(())
    }

    /// The bucket so many after `bucket`, if all come as they came last time.
    fn predict(&self, bucket: u16, count: u8) -> u16 {
        (0..count).fold(bucket, |bucket, _| self.following[usize::from(bucket)])
    }
}
