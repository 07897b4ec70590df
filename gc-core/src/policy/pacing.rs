//! When a full collection is due.

use super::growth::{Growth, Marked};

/// The rule that starts full collections.
///
/// One is due when the old generation has reached a limit, which [`Growth`] sets after each. Off-heap memory does not
/// lie in the heap but is only freed by collecting it, so it has a limit of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OldPacing {
    /// Size of the old generation at which the first full collection is due, in bytes.
    pub initial_limit_bytes: u64,
    /// Whether that size changes before the first full collection.
    pub initial_limit: InitialLimit,
    /// How far the old generation may grow from one full collection to the next.
    pub growth: Growth,
    /// Growth of external memory since the last full collection that makes the next one due, in bytes
    /// (V8 `heap.h`, `kExternalAllocationSoftLimit`: 64 MiB).
    pub external_growth_bytes: u64,
    /// External memory allocated since the last scavenge that makes the next one due, in bytes.
    pub young_external_bytes: u64,
    /// Whether external memory of young objects that have survived the last scavenge counts as allocated since (V8
    /// `heap.cc`, `Heap::AllocateExternalBackingStore`, looks at all that belongs to new space).
    pub young_external_survivors: bool,
    /// When it is found that the limit has been reached, if marking is not done in steps.
    pub limit_test: LimitTest,
}

/// What becomes of the first limit; nothing is known of the heap before the first full collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InitialLimit {
    /// It stays as it is.
    Fixed,
    /// Each scavenge multiplies it by the share of new space that survived, on average of the last ten, but leaves as
    /// much room for growth as there is after a full collection at least: a program much of whose data survives grows fast (V8
    /// `heap.cc`, `Heap::ShrinkOldGenerationAllocationLimitIfNotConfigured`).
    BySurvival,
    /// It stays as it is, and later limits are never lower (HotSpot `tenuredGeneration.cpp`,
    /// `TenuredGeneration::compute_new_size_inner`: "Don't shrink less than the initial generation size").
    Least,
}

/// When the limit of the old generation is looked at, if it is not marked in steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitTest {
    /// Whenever an allocation has to collect, before it is decided how.
    EveryCollection,
    /// At the end of a scavenge, and when an object is to be made in old space at once: if the limit has been reached, a
    /// full collection follows. So new space holds little but survivors when it comes (V8 marks on other threads, starting at
    /// the end of a scavenge, and is mostly done long before the program has filled new space again).
    AfterScavenge,
    /// Only when an object is to be made in old space at once. A scavenge promotes beyond the limit, up to the maximum
    /// (V8 `heap.cc`: `Heap::SelectGarbageCollector` does not know the limit,
    /// `Heap::ShouldExpandOldGenerationOnSlowAllocation` does). So without incremental marking a program that
    /// allocates young objects only is never collected in full before it is out of room.
    OldAllocation,
}

impl Default for OldPacing {
    fn default() -> Self {
        OldPacing {
            initial_limit_bytes: 64 << 20,
            initial_limit: InitialLimit::Fixed,
            growth: Growth::default(),
            external_growth_bytes: 64 << 20,
            young_external_bytes: 16 << 20,
            young_external_survivors: false,
            limit_test: LimitTest::EveryCollection,
        }
    }
}

/// Which memory has outgrown its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressure {
    /// The old generation.
    Old,
    /// Off-heap memory.
    External,
}

impl OldPacing {
    /// The limit of an old generation of `old_bytes` after a scavenge, if none has been collected in full yet.
    #[must_use]
    pub fn initial_limit_after(&self, limit_bytes: u64, old_bytes: u64, average_survival_ppm: u64) -> u64 {
        match self.initial_limit {
            InitialLimit::Fixed | InitialLimit::Least => limit_bytes,
            InitialLimit::BySurvival => {
                let shrunk = u128::from(limit_bytes) * u128::from(average_survival_ppm) / 1_000_000;
                let least_bytes = old_bytes.saturating_add(self.growth.min_growth_bytes());
                u64::try_from(shrunk).unwrap_or(u64::MAX).max(least_bytes).min(limit_bytes)
            }
        }
    }

    /// The limit of the old generation after a full collection.
    #[must_use]
    pub fn limit_after(&self, marked: &Marked) -> u64 {
        let limit_bytes = self.growth.limit_after(marked);
        match self.initial_limit {
            InitialLimit::Fixed | InitialLimit::BySurvival => limit_bytes,
            InitialLimit::Least => limit_bytes.max(self.initial_limit_bytes.min(marked.max_bytes)),
        }
    }

    /// The limit of external memory after a full collection that left `live_bytes` of it.
    #[must_use]
    pub fn external_limit_after(&self, live_bytes: u64) -> u64 {
        live_bytes.saturating_add(self.external_growth_bytes)
    }

    /// Which memory, if any, calls for a full collection.
    #[must_use]
    pub fn pressure(&self, old: (u64, u64), external: (u64, u64)) -> Option<Pressure> {
        let reached = |(used_bytes, limit_bytes)| used_bytes >= limit_bytes;
        match (reached(old), reached(external)) {
            (true, _) => Some(Pressure::Old),
            (false, true) => Some(Pressure::External),
            (false, false) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{InitialLimit, Marked, OldPacing, Pressure};
    use crate::policy::{Pace, Speeds};

    #[test]
    fn the_initial_limit_follows_what_survives() {
        let limit_after = |initial_limit, limit: u64, old: u64, ppm| {
            let pacing = OldPacing { initial_limit, ..OldPacing::default() };
            pacing.initial_limit_after(limit << 20, old << 20, ppm) >> 20
        };
        assert_eq!(limit_after(InitialLimit::Fixed, 500, 0, 100_000), 500);
        assert_eq!(limit_after(InitialLimit::BySurvival, 500, 0, 800_000), 400);
        // There is always the least growth, here 16 MiB, but the limit does not rise.
        assert_eq!(limit_after(InitialLimit::BySurvival, 500, 100, 10_000), 116);
        assert_eq!(limit_after(InitialLimit::BySurvival, 110, 100, 10_000), 110);
    }

    #[test]
    fn the_initial_limit_can_be_the_least() {
        let marked = Marked {
            live_bytes: 1 << 20,
            max_bytes: 80 << 20,
            new_space_bytes: 1 << 20,
            speeds: Speeds::default(),
            pace: Pace::Usual,
        };
        let limit_after = |initial_limit, initial_mebibytes: u64| {
            let initial_limit_bytes = initial_mebibytes << 20;
            OldPacing { initial_limit, initial_limit_bytes, ..OldPacing::default() }.limit_after(&marked)
                >> 20
        };
        assert!(limit_after(InitialLimit::Fixed, 64) < 64);
        assert_eq!([64, 100].map(|initial| limit_after(InitialLimit::Least, initial)), [64, 80]);
    }

    #[test]
    fn either_memory_can_call_for_a_collection() {
        let pacing = OldPacing::default();
        assert_eq!(pacing.pressure((1, 2), (1, 2)), None);
        assert_eq!(pacing.pressure((2, 2), (2, 2)), Some(Pressure::Old));
        assert_eq!(pacing.pressure((1, 2), (2, 2)), Some(Pressure::External));
    }
}
