//! What the tests of the typed face share.

use crate::support::{always_marking, each_config, with_age};
use gc_core::arena::{Arena, Branded, Mutation, Rootable, Trace};
use gc_core::{Budget, Config, MIN_SEMISPACE_BYTES};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256StarStar;

/// Runs a test under the settings of [`each_config`], and with them under more markings, more promotions and more large
/// objects.
pub(crate) fn each_arena_config(test: impl Fn(Config)) {
    each_config(|config| {
        test(config.clone());
        test(Config { large_object_bytes: 256, ..always_marking(config.clone()) });
        test(with_age(always_marking(config), 0));
    });
}

/// An arena with these settings, and the default value for a root.
pub(crate) fn arena<R>(config: Config) -> Arena<R>
where
    R: ?Sized + for<'gc> Rootable<'gc>,
    for<'gc> Branded<'gc, R>: Trace<'gc> + Default,
{
    Arena::new(config, |_| Default::default()).expect("settings that an arena can have")
}

/// Numbers that are the same in every run.
pub(crate) struct Random(Xoshiro256StarStar);

impl Random {
    pub(crate) fn of(seed: u64) -> Random {
        Random(Xoshiro256StarStar::seed_from_u64(seed))
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.0.next_u64() % end as u64) as usize
    }
}

/// What happens between two closures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Boundary {
    Nothing,
    IfDue,
    Minor,
    Full,
    Compact,
    /// Idle time for so much work.
    Step(u64),
}

impl Boundary {
    pub(crate) const ALL: [Boundary; 7] = [
        Boundary::Nothing,
        Boundary::IfDue,
        Boundary::Minor,
        Boundary::Full,
        Boundary::Compact,
        Boundary::Step(1),
        Boundary::Step(1_000),
    ];

    pub(crate) fn pass<R>(self, arena: &mut Arena<R>)
    where
        R: ?Sized + for<'gc> Rootable<'gc>,
        for<'gc> Branded<'gc, R>: Trace<'gc>,
    {
        match self {
            Boundary::Nothing => {}
            Boundary::IfDue => arena.collect_if_due(),
            Boundary::Minor => arena.collect_minor(),
            Boundary::Full => arena.collect_full(),
            Boundary::Compact => arena.compact(),
            Boundary::Step(work) => {
                arena.step(Budget::Work(work));
            }
        }
    }
}

/// Fills new space with garbage, if it is as small as it can be and cannot grow: what is allocated next is born old.
pub(crate) fn crowd(mc: Mutation<'_>, config: &Config) {
    if config.new_space.max_bytes == MIN_SEMISPACE_BYTES {
        for _ in 0..MIN_SEMISPACE_BYTES / 200 {
            mc.array(&[0_u8; 192]);
        }
        // What is left is too small for one of those.
        (0..192 / 8).for_each(|_| {
            mc.new(());
        });
    }
}
