//! Settings to be tried.

use super::super::effective::Effective;
use super::super::growth::GrowthRule;
use gc_core::policy::PercentGrowth;

const MIB: u64 = 1 << 20;

/// Capacities of a semispace that are tried, in bytes. It has this capacity from the start.
const SEMISPACES: [u64; 8] = [MIB / 4, MIB / 2, MIB, 2 * MIB, 4 * MIB, 8 * MIB, 16 * MIB, 32 * MIB];
/// Ages of promotion that are tried.
const AGES: [u8; 2] = [0, 1];

/// Settings to be tried: what changes of those that were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) semispace_bytes: u64,
    pub(crate) promotion_age: u8,
    pub(crate) old_room: OldRoom,
}

/// How far the old generation may grow before it is collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OldRoom {
    /// By half of what lives, and 4 MiB at least.
    Tight,
    /// As the settings that were given have it.
    AsGiven,
}

impl OldRoom {
    const ALL: [OldRoom; 2] = [OldRoom::Tight, OldRoom::AsGiven];

    pub(crate) fn name(self) -> &'static str {
        match self {
            OldRoom::Tight => "tight",
            OldRoom::AsGiven => "as given",
        }
    }
}

/// Everything that is tried.
pub(crate) fn all() -> Vec<Candidate> {
    let mut all = Vec::new();
    for semispace_bytes in SEMISPACES {
        for promotion_age in AGES {
            all.extend(OldRoom::ALL.map(|old_room| Candidate { semispace_bytes, promotion_age, old_room }));
        }
    }
    all
}

impl Candidate {
    /// The settings that were given, changed.
    pub(crate) fn on(&self, base: &Effective) -> Effective {
        base.changed(|draft| {
            let config = &mut draft.config;
            config.new_space.initial_bytes = self.semispace_bytes;
            config.new_space.max_bytes = self.semispace_bytes;
            config.promotion.age = self.promotion_age;
            if self.old_room == OldRoom::Tight {
                config.pacing.initial_limit_bytes = 8 * MIB;
                draft.growth.rule = GrowthRule::Percent;
                draft.growth.percent = PercentGrowth { growth_percent: 150, min_growth_bytes: 4 * MIB };
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::all;
    use crate::cli::args::HeapArgs;
    use crate::cli::effective::Effective;

    #[test]
    fn every_candidate_is_a_valid_configuration() {
        let base = Effective::new(&HeapArgs::default()).expect("the defaults are valid");
        for candidate in all() {
            let config = candidate.on(&base).config();
            assert_eq!(config.validate(), Ok(()));
            assert_eq!(config.new_space.max_bytes, candidate.semispace_bytes);
        }
    }
}
