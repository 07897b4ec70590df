//! What the tests of the typed face share: settings, and collecting in any way.

use crate::support::{always_marking, each_config};
use gc_core::arena::Arena;
use gc_core::{Budget, Config};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Runs a test under each kind of settings: as they are, and with more objects that are large and a marking always under
/// way.
pub(crate) fn each_arena_config(test: impl Fn(Config)) {
    each_config(|config| {
        test(config.clone());
        test(Config { large_object_bytes: 256, ..always_marking(config) });
    });
}

/// Random numbers, the same in each run.
pub(crate) struct Random(Xoshiro256PlusPlus);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.bits() % end as u64) as usize
    }
}

/// Collects an arena, or not, in one of all ways; whether it was everything.
pub(crate) fn collect_in_any_way<R: ?Sized>(arena: &mut Arena<R>, random: &mut Random) -> bool {
    let way = random.below(24);
    match way {
        0 => arena.collect_full(),
        1 => arena.compact(),
        2..=5 => arena.collect_minor(),
        6..=12 => {
            arena.step(Budget::Work(1));
        }
        _ => arena.collect_if_due(),
    }
    way < 2
}
