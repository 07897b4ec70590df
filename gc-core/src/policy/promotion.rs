//! Which survivors of a scavenge leave new space.

/// What becomes of a young object that a scavenge has found alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is copied to to-space and stays young.
    Copy,
    /// It moves to old space.
    Promote,
}

/// The two rules of promotion; either one sends a survivor to old space.
///
/// 1. *It has survived before*: an object whose age, the number of scavenges that it has survived, has reached
///    [`age`](Promotion::age) is promoted by the next one.
/// 2. *To-space is filling up*: to-space becomes the space in which the program allocates, so survivors may take
///    no more than [`to_space_percent`](Promotion::to_space_percent) of it; the rest go to old space.
///
/// Both are V8's as first published; V8 dropped the second rule by version 6.1 (`heap-inl.h`,
/// `Heap::ShouldBePromoted`), which `to_space_percent: None` models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promotion {
    /// Scavenges that an object must have survived before the next one promotes it. 0 promotes every survivor at
    /// once, as OCaml does; at most [`MAX_AGE`](crate::event::MAX_AGE).
    pub age: u8,
    /// Share of to-space, in percent, beyond which survivors are promoted whatever their age.
    pub to_space_percent: Option<u8>,
    /// Whether a collection of the old generation, which scavenges too, promotes every survivor (V8's flag
    /// `always_promote_young_mc`, which is on since 2021). New space is empty after it.
    pub all_at_full: bool,
}

impl Default for Promotion {
    fn default() -> Self {
        Promotion { age: 1, to_space_percent: Some(25), all_at_full: false }
    }
}

impl Promotion {
    /// The use of to-space, in the unit of `capacity`, up to which the second rule lets survivors stay.
    #[must_use]
    pub fn to_space_limit(&self, capacity: u32) -> u32 {
        match self.to_space_percent {
            None => capacity,
            Some(percent) => (u64::from(capacity) * u64::from(percent) / 100) as u32,
        }
    }

    /// The fate of a survivor of the given `age`, were to-space used up to `to_space_used` with it inside and
    /// `to_space_limit` the figure of [`Promotion::to_space_limit`].
    #[inline]
    #[must_use]
    pub fn fate(&self, age: u8, to_space_used: u32, to_space_limit: u32) -> Fate {
        if age >= self.age || to_space_used > to_space_limit { Fate::Promote } else { Fate::Copy }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fate, Promotion};

    #[test]
    fn an_object_is_promoted_at_the_scavenge_after_the_one_it_survived() {
        let promotion = Promotion::default();
        assert_eq!(promotion.fate(0, 10, 100), Fate::Copy);
        assert_eq!(promotion.fate(1, 10, 100), Fate::Promote);
    }

    #[test]
    fn the_age_threshold_is_a_parameter() {
        let promotion = Promotion { age: 3, ..Promotion::default() };
        let fates: Vec<_> = (0..5).map(|age| promotion.fate(age, 0, 100)).collect();
        assert_eq!(fates, [Fate::Copy, Fate::Copy, Fate::Copy, Fate::Promote, Fate::Promote]);
        assert_eq!(Promotion { age: 0, ..promotion }.fate(0, 0, 100), Fate::Promote);
    }

    #[test]
    fn survivors_beyond_a_quarter_of_to_space_are_promoted() {
        let promotion = Promotion::default();
        let limit = promotion.to_space_limit(1_000);
        assert_eq!(limit, 250);
        assert_eq!(promotion.fate(0, 250, limit), Fate::Copy);
        assert_eq!(promotion.fate(0, 251, limit), Fate::Promote);
    }

    #[test]
    fn without_the_second_rule_to_space_may_fill_up() {
        let promotion = Promotion { to_space_percent: None, ..Promotion::default() };
        let limit = promotion.to_space_limit(u32::MAX);
        assert_eq!(limit, u32::MAX);
        assert_eq!(promotion.fate(0, limit, limit), Fate::Copy);
    }
}
