//! `--alloc-sites`: which functions of a program in Lox allocate.

use super::failure::Failure;
use super::page::Page;
use heap_viz::{FoldedStacks, Shared};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::path::Path;

/// Bytes from one sample to the next on average: what Chrome's DevTools take (`HeapProfiler.startSampling`: 32768).
pub(crate) const DEFAULT_INTERVAL_BYTES: u64 = 32 << 10;
/// Where the sample points of every run lie: the same each time.
const SEED: u64 = 1;

/// The file of stacks, and what is known of them so far.
#[derive(Debug)]
pub(crate) struct AllocationSites {
    page: Page,
    pub(crate) sampler: SiteSampler,
}

/// Gets the stacks of one run, sampled.
#[derive(Clone, Debug)]
pub(crate) struct SiteSampler {
    interval_bytes: u64,
    stacks: Shared<FoldedStacks>,
}

impl AllocationSites {
    /// Begins the file at `path`, of samples that are so far apart on average.
    pub(crate) fn start(path: &Path, interval_bytes: u64) -> Result<Self, Failure> {
        let sampler = SiteSampler { interval_bytes, stacks: Shared::new(FoldedStacks::default()) };
        Ok(AllocationSites { page: Page::start(path)?, sampler })
    }

    /// Writes the file.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let stacks = self.sampler.stacks.lock().clone();
        self.page.write("allocation sites", stacks)
    }
}

impl SiteSampler {
    /// The bytes from each sample point to the next: exponentially distributed, so that every byte has the same chance.
    pub(crate) fn distances(&self) -> Box<dyn Iterator<Item = u64> + Send> {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(SEED);
        let mean = self.interval_bytes as f64;
        Box::new(std::iter::repeat_with(move || {
            // Above 0 and up to 1, in steps of 2^-53.
            let share = ((random.next_u64() >> 11) + 1) as f64 / (1_u64 << 53) as f64;
            (-libm::log(share) * mean) as u64
        }))
    }

    /// Takes note of a stack, and how many sample points it has come upon.
    pub(crate) fn add(&self, stack: &str, points: u64) {
        self.stacks.lock().add(stack, points * self.interval_bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::SiteSampler;
    use heap_viz::{FoldedStacks, Shared};

    #[test]
    fn distances_are_as_long_as_was_asked_for_on_average_and_the_same_each_time() {
        let sampler = SiteSampler { interval_bytes: 4096, stacks: Shared::new(FoldedStacks::default()) };
        let distances: Vec<_> = sampler.distances().take(20_000).collect();
        let mean = distances.iter().sum::<u64>() / 20_000;
        assert!((3_950..4_250).contains(&mean), "{mean}");
        // A share of 1 - 1/e lies below the mean.
        let short = distances.iter().filter(|&&distance| distance < 4096).count();
        assert!((12_300..13_000).contains(&short), "{short}");
        assert!(sampler.distances().take(20_000).eq(distances));
    }
}
