//! Free memory in pieces: what becomes of the holes between objects that stay?

mod block;
mod plan;

use self::block::Block;
use self::plan::{Plan, Step};
use super::object_bytes;
use crate::{Checksum, Entry, Found, Latencies, Moment, Parameter, Parameters, Progress, Workload};
use gc_core::{Heap, HeapFull, Layout, Local, Shape};
use std::convert::Infallible;

/// Each round fills a table with small blocks of many sizes, drops a random share of all that are in it, allocates as
/// many bytes in large blocks, timing each, reads everything and drops the large blocks. The small blocks of the next
/// round fill the places of those that were dropped, so the live size stays the same.
///
/// What stays does so at random places. When the large blocks are allocated there is room for them in all, but in holes
/// that none of them fits.
///
/// **Stresses** fragmentation: without compaction the heap has to grow beyond what is alive, and refuses blocks if it
/// may not (by default 128 MiB are alive: `--max-old 192MiB` is then too little).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fragmentation {
    /// Size of what is alive, in KiB.
    pub live_kib: u32,
    /// How many rounds are made.
    pub rounds: u32,
    /// Share of the small blocks that a round drops, in percent.
    pub freed_percent: u32,
    /// Size of the largest of the large blocks, in KiB; the smallest is a tenth of it.
    pub large_kib: u32,
    /// The stream that random choices are drawn from.
    pub seed: u64,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "fragmentation",
    about: "drops some of many small blocks, allocates large ones in their stead, and times each of these",
    stresses: "fragmentation: old blocks die between others that live, so old space has room enough but no hole that a \
               large block fits; only compaction makes one, and without it the heap has to grow far beyond what is \
               alive",
    by_default: true,
    parameters: &[
        Parameter {
            name: "live",
            unit: "KiB",
            about: "size of what is alive",
            default: 131_072,
            min: 1,
            max: 25_165_824,
        },
        Parameter {
            name: "rounds",
            unit: "rounds",
            about: "how often small blocks are dropped and large ones allocated",
            default: 6,
            min: 1,
            max: 1_000_000,
        },
        Parameter {
            name: "freed",
            unit: "percent",
            about: "share of the small blocks that a round drops",
            default: 50,
            min: 1,
            max: 100,
        },
        Parameter {
            name: "large",
            unit: "KiB",
            about: "size of the largest of the large blocks; the smallest is a tenth of it",
            default: 1_024,
            min: 1,
            max: 1_048_576,
        },
    ],
    construct: |parameters| Box::new(Fragmentation::new(parameters)),
};

impl Fragmentation {
    fn new(parameters: &Parameters) -> Self {
        Fragmentation {
            live_kib: parameters.get_u32("live"),
            rounds: parameters.get_u32("rounds"),
            freed_percent: parameters.get_u32("freed"),
            large_kib: parameters.get_u32("large"),
            seed: parameters.seed(),
        }
    }

    fn plan(&self) -> Plan {
        Plan {
            small: self.small(),
            large: self.large(),
            rounds: self.rounds,
            freed_percent: self.freed_percent,
            largest_bytes: self.large_kib * 1_024,
            seed: self.seed,
        }
    }

    /// How many small blocks there are.
    fn small(&self) -> u32 {
        (u64::from(self.live_kib) * 1_024 / block::SMALL_MEAN_BYTES).max(1) as u32
    }

    /// How many large blocks a round allocates.
    fn large(&self) -> u32 {
        let freed_kib = u64::from(self.live_kib) * u64::from(self.freed_percent) / 100;
        (freed_kib * 1_024 / block::large_mean_bytes(self.large_kib * 1_024)).max(1) as u32
    }
}

impl Workload for Fragmentation {
    fn operation(&self) -> &'static str {
        "large block"
    }

    fn operations(&self) -> u64 {
        u64::from(self.rounds) * u64::from(self.large())
    }

    fn live_bytes(&self) -> u64 {
        let small = u64::from(self.small()) * block::SMALL_MEAN_BYTES;
        let large = u64::from(self.large()) * block::large_mean_bytes(self.large_kib * 1_024);
        let left = small * u64::from(100 - self.freed_percent) / 100;
        small.max(left + large) + object_bytes((self.small() + self.large()).into(), 0)
    }

    fn expected_checksum(&self) -> u64 {
        let mut blocks = vec![None; (self.small() + self.large()) as usize];
        let mut checksum = Checksum::default();
        let Ok(()) = self.plan().make::<Infallible>(|step| {
            match step {
                Step::Put { index, block, .. } => blocks[index as usize] = Some(block),
                Step::Drop { index } => blocks[index as usize] = None,
                Step::Read => blocks.iter().for_each(|block| block::add(&mut checksum, *block)),
            }
            Ok(())
        });
        checksum.value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let table = Table::new(heap, self.small() + self.large())?;
        let mut latencies = Latencies::with_capacity(self.operations() as usize);
        let mut checksum = Checksum::default();
        self.plan().make(|step| {
            match step {
                Step::Put { index, block, is_large } => {
                    let start = Moment::now(heap);
                    table.put(heap, index, block)?;
                    if is_large {
                        latencies.record(Moment::now(heap).since(start));
                        progress.advance(1);
                    }
                }
                Step::Drop { index } => heap.store(table.blocks, index, None),
                Step::Read => table.read(heap, &mut checksum),
            }
            Ok(())
        })?;
        Ok(Found { latencies: Some(latencies), ..checksum.into() })
    }
}

/// All blocks on the heap.
struct Table {
    blocks: Local,
    block: Shape,
}

impl Table {
    fn new(heap: &mut Heap, places: u32) -> Result<Self, HeapFull> {
        let block = heap.register("Block", Layout::Bytes);
        let blocks = heap.register("Blocks", Layout::Slots);
        Ok(Table { blocks: heap.alloc_array(blocks, places)?, block })
    }

    fn put(&self, heap: &mut Heap, index: u32, block: Block) -> Result<(), HeapFull> {
        heap.scope(|heap| {
            let made = heap.alloc_array(self.block, block.bytes)?;
            block.write(heap.bytes_mut(made));
            heap.store(self.blocks, index, Some(made));
            Ok(())
        })
    }

    fn read(&self, heap: &Heap, checksum: &mut Checksum) {
        let blocks = heap.view(self.blocks);
        let found = |index| blocks.slot(index).map(|block| Block::read(block.bytes()));
        (0..blocks.len()).for_each(|index| block::add(checksum, found(index)));
    }
}

#[cfg(test)]
mod tests {
    use super::{Fragmentation, Workload};

    const LIVE: u64 = 64 << 20;

    #[track_caller]
    fn check_size(freed_percent: u32, large_kib: u32) {
        let live_kib = (LIVE >> 10) as u32;
        let workload = Fragmentation { live_kib, rounds: 1, freed_percent, large_kib, seed: 1 };
        let bytes = workload.live_bytes();
        assert!((LIVE * 98 / 100..LIVE * 102 / 100).contains(&bytes), "{workload:?}: {bytes}");
    }

    #[test]
    fn what_is_alive_is_as_large_as_was_asked_for() {
        [(50, 1_024), (1, 1_024), (100, 100)].into_iter().for_each(|(freed, large)| check_size(freed, large));
    }
}
