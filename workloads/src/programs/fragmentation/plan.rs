//! What a run does, step by step: the same for the heap and for what it is compared with.

use super::block::Block;
use crate::Random;

/// What steps are made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// Places for small blocks: the first of the table.
    pub(super) small: u32,
    /// Places for large blocks, behind them.
    pub(super) large: u32,
    pub(super) rounds: u32,
    pub(super) freed_percent: u32,
    /// Largest size of a large block.
    pub(super) largest_bytes: u32,
    pub(super) seed: u64,
}

/// One step.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// A block comes to an empty place.
    Put { index: u32, block: Block, is_large: bool },
    /// The block at a place is dropped.
    Drop { index: u32 },
    /// All places are read.
    Read,
}

impl Plan {
    /// Makes all steps with `take`.
    pub(super) fn make<E>(&self, mut take: impl FnMut(Step) -> Result<(), E>) -> Result<(), E> {
        let mut random = Random::new(self.seed);
        let mut empty: Vec<_> = (0..self.small).collect();
        let mut numbers = 0..;
        for _ in 0..self.rounds {
            for (index, number) in empty.drain(..).zip(&mut numbers) {
                take(Step::Put { index, block: Block::small(number, &mut random), is_large: false })?;
            }
            empty.extend((0..self.small).filter(|_| random.chance(self.freed_percent)));
            empty.iter().try_for_each(|&index| take(Step::Drop { index }))?;
            for (index, number) in self.large_places().zip(&mut numbers) {
                let block = Block::large(number, self.largest_bytes, &mut random);
                take(Step::Put { index, block, is_large: true })?;
            }
            take(Step::Read)?;
            self.large_places().try_for_each(|index| take(Step::Drop { index }))?;
        }
        Ok(())
    }

    fn large_places(&self) -> std::ops::Range<u32> {
        self.small..self.small + self.large
    }
}

#[cfg(test)]
mod tests {
    use super::{Plan, Step};
    use std::collections::BTreeMap;
    use std::convert::Infallible;

    const PLAN: Plan =
        Plan { small: 1_000, large: 5, rounds: 3, freed_percent: 40, largest_bytes: 1_000, seed: 1 };

    /// How many small and large blocks there are at each reading.
    fn read_blocks() -> Vec<(usize, usize)> {
        let (mut blocks, mut read) = (BTreeMap::new(), Vec::new());
        let Ok(()) = PLAN.make::<Infallible>(|step| {
            match step {
                Step::Put { index, block, .. } => assert!(blocks.insert(index, block).is_none()),
                Step::Drop { index } => assert!(blocks.remove(&index).is_some()),
                Step::Read => read.push((blocks.range(..1_000).count(), blocks.range(1_000..).count())),
            }
            Ok(())
        });
        read
    }

    #[test]
    fn every_round_drops_its_share_and_has_all_large_blocks() {
        let read = read_blocks();
        assert_eq!(read.len(), 3);
        assert!(read.iter().all(|(small, large)| (550..650).contains(small) && *large == 5), "{read:?}");
    }

    #[test]
    fn a_refusal_ends_the_run() {
        let mut steps = 0;
        let refused = PLAN.make(|_| {
            steps += 1;
            if steps == 10 { Err("full") } else { Ok(()) }
        });
        assert_eq!((refused, steps), (Err("full"), 10));
    }
}
