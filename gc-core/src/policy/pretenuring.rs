//! Which places of a program allocate in old space at once.

/// The rule of pretenuring: a place in the program (an *allocation site*) nearly all of whose objects survive allocates
/// in old space, which saves copying them twice (D. Clifford, H. Payer, M. Stanton and B. Titzer, "Memento Mori: Dynamic
/// Allocation-Site-Based Optimizations", ISMM 2015).
///
/// ```text
///                  enough survive, new space at its maximum
/// Undecided -----------------------------------------------------> Old
///     |  \                                                          ^
///     |   \  enough survive, new space may still grow               |  the same
///     |    +--------------------------------------------> MaybeOld -+
///     |  too few survive                                      |
///     +----------------------> Young <------------------------+
/// ```
///
/// As long as new space may still grow, a larger one may make more of them die in it, so that the decision waits. One for
/// `Young` or `Old` is final, which V8's is too until what old space has become shows that it was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pretenuring {
    /// Objects of a site that must have been allocated between two scavenges for a decision (V8 `allocation-site.h`,
    /// `kPretenureMinimumCreated`: 100).
    pub min_objects: u32,
    /// Share of them that must survive for the site to allocate in old space, in percent (`kPretenureRatio`: 0.85).
    pub survival_percent: u8,
}

impl Default for Pretenuring {
    fn default() -> Self {
        Pretenuring { min_objects: 100, survival_percent: 85 }
    }
}

/// Where a site allocates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SiteDecision {
    /// In new space, as long as too little is known.
    #[default]
    Undecided,
    /// In new space as long as that may still grow.
    MaybeOld,
    /// In new space.
    Young,
    /// In old space.
    Old,
}

/// What became of objects of a site in a scavenge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SiteFeedback {
    /// Objects allocated since the scavenge before.
    pub allocated: u64,
    /// Those of them that survived.
    pub survived: u64,
}

impl Pretenuring {
    /// The decision about a site after a scavenge.
    #[must_use]
    pub fn decide(
        &self,
        before: SiteDecision,
        seen: SiteFeedback,
        is_new_space_at_maximum: bool,
    ) -> SiteDecision {
        if seen.allocated < self.min_objects.into()
            || matches!(before, SiteDecision::Young | SiteDecision::Old)
        {
            return before;
        }
        let enough_survived = seen.survived * 100 >= seen.allocated * u64::from(self.survival_percent);
        match (enough_survived, is_new_space_at_maximum) {
            (false, _) => SiteDecision::Young,
            (true, false) => SiteDecision::MaybeOld,
            (true, true) => SiteDecision::Old,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Pretenuring, SiteDecision, SiteFeedback};

    #[track_caller]
    fn check(
        before: SiteDecision,
        (allocated, survived): (u64, u64),
        at_maximum: bool,
        expected: SiteDecision,
    ) {
        let seen = SiteFeedback { allocated, survived };
        assert_eq!(Pretenuring::default().decide(before, seen, at_maximum), expected, "{before:?}, {seen:?}");
    }

    #[test]
    fn a_site_whose_objects_survive_is_pretenured_once_new_space_cannot_grow() {
        check(SiteDecision::Undecided, (1_000, 850), false, SiteDecision::MaybeOld);
        check(SiteDecision::Undecided, (1_000, 850), true, SiteDecision::Old);
        check(SiteDecision::MaybeOld, (1_000, 850), true, SiteDecision::Old);
    }

    #[test]
    fn a_site_whose_objects_die_is_left_alone() {
        check(SiteDecision::Undecided, (1_000, 849), true, SiteDecision::Young);
        check(SiteDecision::MaybeOld, (1_000, 849), false, SiteDecision::Young);
    }

    #[test]
    fn few_objects_decide_nothing() {
        check(SiteDecision::Undecided, (99, 99), true, SiteDecision::Undecided);
        check(SiteDecision::MaybeOld, (99, 0), true, SiteDecision::MaybeOld);
    }

    #[test]
    fn a_decision_is_final() {
        check(SiteDecision::Young, (1_000, 1_000), true, SiteDecision::Young);
        check(SiteDecision::Old, (1_000, 0), true, SiteDecision::Old);
    }
}
