//! When a full collection is due.

/// The rule that starts full collections.
///
/// After each full collection that leaves `live` bytes in the old generation, the next is due when the generation
/// has reached `live * growth_percent / 100`, and at least `min_growth_bytes` more than `live`. With live size L,
/// factor F and marking cost proportional to L, marking costs a constant share 1 / (F - 1) of promotion work
/// however large the heap: that is why the limit is a multiple and not a step. `min_growth_bytes` keeps small heaps
/// from collecting at every scavenge.
///
/// Off-heap memory does not lie in the heap but is only freed by collecting it, so it has a limit of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OldPacing {
    /// Size of the old generation at which the first full collection is due, in bytes.
    pub initial_limit_bytes: u64,
    /// The next limit as a percentage of what the last full collection left alive. More than 100.
    pub growth_percent: u32,
    /// Least growth between two full collections, in bytes.
    pub min_growth_bytes: u64,
    /// Growth of external memory since the last full collection that makes the next one due, in bytes
    /// (V8 `heap.h`, `kExternalAllocationSoftLimit`: 64 MiB).
    pub external_growth_bytes: u64,
    /// External memory allocated since the last scavenge that makes the next one due, in bytes.
    pub young_external_bytes: u64,
}

impl Default for OldPacing {
    fn default() -> Self {
        OldPacing {
            initial_limit_bytes: 64 << 20,
            growth_percent: 200,
            min_growth_bytes: 16 << 20,
            external_growth_bytes: 64 << 20,
            young_external_bytes: 16 << 20,
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
    /// The limit of the old generation after a full collection that left `live_bytes`, at most `max_bytes`.
    #[must_use]
    pub fn limit_after(&self, live_bytes: u64, max_bytes: u64) -> u64 {
        let grown = live_bytes.saturating_mul(u64::from(self.growth_percent)) / 100;
        grown.max(live_bytes.saturating_add(self.min_growth_bytes)).min(max_bytes)
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
    use super::{OldPacing, Pressure};

    const MIB: u64 = 1 << 20;

    #[test]
    fn the_limit_is_a_multiple_of_what_lives() {
        assert_eq!(OldPacing::default().limit_after(100 * MIB, 1_000 * MIB), 200 * MIB);
    }

    #[test]
    fn a_small_heap_may_grow_by_a_step_before_it_is_collected() {
        assert_eq!(OldPacing::default().limit_after(MIB, 1_000 * MIB), 17 * MIB);
    }

    #[test]
    fn the_limit_never_exceeds_the_maximum() {
        assert_eq!(OldPacing::default().limit_after(900 * MIB, 1_000 * MIB), 1_000 * MIB);
        assert_eq!(OldPacing::default().limit_after(u64::MAX, u64::MAX), u64::MAX);
    }

    #[test]
    fn either_memory_can_call_for_a_collection() {
        let pacing = OldPacing::default();
        assert_eq!(pacing.pressure((1, 2), (1, 2)), None);
        assert_eq!(pacing.pressure((2, 2), (2, 2)), Some(Pressure::Old));
        assert_eq!(pacing.pressure((1, 2), (2, 2)), Some(Pressure::External));
    }
}
