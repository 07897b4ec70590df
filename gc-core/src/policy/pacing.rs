//! When a full collection is due.

use super::growth::Growth;

/// The rule that starts full collections.
///
/// One is due when the old generation has reached a limit, which [`Growth`] sets after each. Off-heap memory does not
/// lie in the heap but is only freed by collecting it, so it has a limit of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OldPacing {
    /// Size of the old generation at which the first full collection is due, in bytes.
    pub initial_limit_bytes: u64,
    /// How far the old generation may grow from one full collection to the next.
    pub growth: Growth,
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
            growth: Growth::default(),
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

    #[test]
    fn either_memory_can_call_for_a_collection() {
        let pacing = OldPacing::default();
        assert_eq!(pacing.pressure((1, 2), (1, 2)), None);
        assert_eq!(pacing.pressure((2, 2), (2, 2)), Some(Pressure::Old));
        assert_eq!(pacing.pressure((1, 2), (2, 2)), Some(Pressure::External));
    }
}
