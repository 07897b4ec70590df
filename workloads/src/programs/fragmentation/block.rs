//! Blocks: what the heap is filled with.

use crate::programs::{content, object_bytes};
use crate::{Checksum, Random};

/// Size of the smallest block, in bytes.
const LEAST_BYTES: u32 = 32;
/// Times that the smallest size is doubled, to the largest of small blocks: 32 KiB.
const DOUBLINGS: u32 = 10;
/// Mean size of a small block, header included.
pub(super) const SMALL_MEAN_BYTES: u64 =
    object_bytes(0, (LEAST_BYTES as u64 * ((1 << DOUBLINGS) - 1) * 3).div_ceil(2 * DOUBLINGS as u64));

/// A block as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// Its first eight bytes; all others are the low byte of it.
    pub(super) number: u64,
    /// Its size without the header.
    pub(super) bytes: u32,
}

impl Block {
    /// A block of 32 bytes to 32 KiB: each doubling in between is equally likely.
    pub(super) fn small(number: u64, random: &mut Random) -> Self {
        let least = LEAST_BYTES << random.below(DOUBLINGS);
        Block { number, bytes: least + random.below(least) }
    }

    /// A block of at most `largest` bytes, and of at least a tenth of that.
    pub(super) fn large(number: u64, largest: u32, random: &mut Random) -> Self {
        let least = largest / 10;
        Block { number, bytes: least + random.below(largest - least + 1) }
    }

    /// Fills the bytes of an object.
    pub(super) fn write(self, bytes: &mut [u8]) {
        content::write(bytes, self.number);
    }

    /// The block that these bytes are; one that no block is if a byte is wrong.
    pub(super) fn read(bytes: &[u8]) -> Self {
        Block { number: content::read(bytes), bytes: bytes.len() as u32 }
    }
}

/// Mean size of a large block, header included.
pub(super) fn large_mean_bytes(largest: u32) -> u64 {
    object_bytes(0, u64::from(largest / 10).midpoint(largest.into()))
}

/// Folds in what is at one place of the table.
pub(super) fn add(checksum: &mut Checksum, block: Option<Block>) {
    let Block { number, bytes } = block.unwrap_or(Block { number: u64::MAX, bytes: 0 });
    checksum.add(number);
    checksum.add(bytes.into());
}

#[cfg(test)]
mod tests {
    use super::{Block, Random, SMALL_MEAN_BYTES, large_mean_bytes, object_bytes};

    #[track_caller]
    fn check_mean(mean: u64, draw: impl Fn(&mut Random) -> Block) {
        let mut random = Random::new(1);
        let sum: u64 = (0..20_000).map(|_| object_bytes(0, draw(&mut random).bytes.into())).sum();
        assert!(
            (mean * 97 / 100..mean * 103 / 100).contains(&(sum / 20_000)),
            "{}, not {mean}",
            sum / 20_000
        );
    }

    #[test]
    fn blocks_have_the_mean_size_that_they_are_said_to_have() {
        check_mean(SMALL_MEAN_BYTES, |random| Block::small(0, random));
        check_mean(large_mean_bytes(1 << 20), |random| Block::large(0, 1 << 20, random));
        check_mean(large_mean_bytes(1 << 10), |random| Block::large(0, 1 << 10, random));
    }

    #[test]
    fn what_is_written_is_read() {
        for length in [32, 33, 1_000] {
            let block = Block { number: 0x0102_0304_0506_0708, bytes: length };
            let mut bytes = vec![0; length as usize];
            block.write(&mut bytes);
            assert_eq!(Block::read(&bytes), block);
        }
    }
}
