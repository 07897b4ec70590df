//! How large new space is.

use super::speeds::Rate;
use crate::event::Nanos;

/// Capacity of one semispace over time.
///
/// New space grows as V8's does, up to `max_bytes`, as far as the pause goal lets it, and shrinks to that. A scavenge
/// takes time in proportion to what survives it; with k the time for a surviving byte and s the part of new space that
/// survives, one of capacity C takes C * s * k. So C may be no more than goal / (s * k). Both are estimates from the
/// scavenges seen: [`Survival`] says which.
///
/// V8 lets new space grow whenever much survives. But that saves no work if what survives lives for long, and pauses get
/// longer. What twice the capacity would save can be seen beforehand. Let s be the part of what was allocated since the
/// last scavenge that survives this one, and a the part of what survived the last one, the *aged*, that survives this
/// one too. In a new space of twice the size the younger half is then as old as what s tells of, and the older half as
/// the aged: of the one s survives, of the other s * a, of both s * (1 + a) / 2. So doubling saves the share (1 - a) / 2
/// of the copying, whatever s is. New space grows only while a is no more than `max_growth_survival_percent`: 90 percent,
/// where doubling saves a twentieth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewSpaceSizing {
    /// Capacity of one semispace at the start, in bytes.
    pub initial_bytes: u64,
    /// Largest capacity of one semispace, in bytes.
    pub max_bytes: u64,
    /// New space grows only while no more than this part of the aged survives, in percent; `None` is V8's rule.
    pub max_growth_survival_percent: Option<u8>,
    /// How long a minor pause should take at most.
    pub max_minor_pause: Option<Nanos>,
    /// A program that allocates less than this many bytes in a millisecond is idle: new space shrinks again (V8
    /// `heap.cc`, `Heap::ShouldResizeNewSpace`, `kLowAllocationThroughput`: 1000).
    pub idle_bytes_per_ms: u64,
    /// When new space grows.
    pub growth: NewSpaceGrowth,
}

/// When new space grows, once enough has survived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewSpaceGrowth {
    /// At the end of the scavenge that shows it: the program has the use of it at once.
    AtOnce,
    /// When the next collection starts, after which the program has the use of it (V8 up to 11,
    /// `Heap::CheckNewSpaceExpansionCriteria`).
    NextCollection,
}

impl Default for NewSpaceSizing {
    fn default() -> Self {
        NewSpaceSizing {
            initial_bytes: 1 << 20,
            max_bytes: 32 << 20,
            max_growth_survival_percent: Some(90),
            max_minor_pause: None,
            idle_bytes_per_ms: 1_000,
            growth: NewSpaceGrowth::AtOnce,
        }
    }
}

/// A scavenge as far as it tells of those to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scavenge {
    /// All that was in from-space.
    pub all: Survivors,
    /// What in it had survived a scavenge before.
    pub aged: Survivors,
    /// How long the pause was.
    pub pause: Nanos,
}

/// Bytes that were in from-space, and how many of them survived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Survivors {
    /// Bytes in use before.
    pub used_bytes: u64,
    /// Bytes that survived.
    pub survived_bytes: u64,
}

/// What scavenges have shown so far: how much survives, and what that costs.
///
/// The aged count from the last change of size, those of the last 64 scavenges most: structures are built and dropped
/// over several scavenges, so a few of these tell little.
///
/// The part that survives is the largest seen, forgotten by an eighth with every scavenge: programs come in phases, and
/// a pause that is too short harms nobody. The cost of a surviving byte is an average, in which the last eight scavenges
/// weigh most. It leaves out scavenges of few survivors, whose time is not theirs, and counts one that costs more than
/// four times the average as four times: page faults and a busy machine are no reason for a small new space.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Survival {
    since_resize: Survivors,
    aged: Survivors,
    peak_ppm: u64,
    cost: Rate,
    last: Option<Scavenge>,
    recent: RecentSurvival,
}

/// The parts of new space that the latest scavenges have left, in parts per million.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct RecentSurvival {
    ppm: [u64; RECENT],
    noted: u64,
}

/// Scavenges of which an average is kept (V8 `base::RingBuffer`, ten events of each kind in `gc-tracer.h`).
const RECENT: usize = 10;

impl RecentSurvival {
    fn note(&mut self, ppm: u64) {
        self.ppm[self.noted as usize % RECENT] = ppm;
        self.noted += 1;
    }

    fn average_ppm(&self) -> u64 {
        let sum = self.ppm.iter().sum::<u64>();
        sum.checked_div(self.noted.min(RECENT as u64)).unwrap_or(ALL_PPM)
    }
}

/// Everything, in parts per million.
const ALL_PPM: u64 = 1_000_000;
/// Survivors below this do not tell what a byte costs.
const FEW_BYTES: u64 = 64 << 10;
/// How much of the peak and of the average stays with every scavenge, in eighths.
const KEPT_EIGHTHS: u64 = 7;
/// The aged of a scavenge count for a 64th less with each one after it.
const FADING: u64 = 64;
/// A scavenge counts for up to this many times the average cost.
const LARGEST_SURPRISE: u64 = 4;

impl Survival {
    /// Takes note of a minor collection.
    pub fn note(&mut self, scavenge: Scavenge) {
        let Scavenge { all, aged, pause } = scavenge;
        self.note_survivors(all, aged);
        self.peak_ppm = all.ppm().max(self.peak_ppm * KEPT_EIGHTHS / 8);
        if all.survived_bytes >= FEW_BYTES {
            let most =
                self.time(all.survived_bytes).map(|usual| Nanos(usual.0.saturating_mul(LARGEST_SURPRISE)));
            let time = most.map_or(pause, |most| pause.min(most));
            self.cost = self.cost.smoothed(Rate { bytes: all.survived_bytes, time }, KEPT_EIGHTHS);
        }
        self.last = Some(scavenge);
    }

    /// Takes note of what survived the scavenge of a full collection, the time of which tells nothing of minor ones.
    pub fn note_full(&mut self, all: Survivors, aged: Survivors) {
        self.note_survivors(all, aged);
        self.last = None;
    }

    fn note_survivors(&mut self, all: Survivors, aged: Survivors) {
        self.recent.note(all.ppm());
        self.since_resize.add(all);
        self.aged.fade();
        self.aged.add(aged);
    }

    /// The part of new space that survives, on average of the last ten scavenges, in parts per million; all of it before the
    /// first.
    #[must_use]
    pub fn recent_ppm(&self) -> u64 {
        self.recent.average_ppm()
    }

    /// The capacity has changed.
    pub fn resized(&mut self) {
        (self.since_resize, self.aged) = Default::default();
    }

    /// The part of the survivors of one scavenge that survives the next. If none were copied, all was promoted, and the
    /// part that survives the first one has to tell.
    fn lasting_ppm(&self) -> u64 {
        if self.aged.used_bytes > 0 { self.aged.ppm() } else { self.since_resize.ppm() }
    }

    /// The usual time for as many survivors, if it is known.
    fn time(&self, survived_bytes: u64) -> Option<Nanos> {
        let time = u128::from(survived_bytes) * u128::from(self.cost.time.0);
        time.checked_div(self.cost.bytes.into()).map(|time| Nanos(u64::try_from(time).unwrap_or(u64::MAX)))
    }

    /// The capacity at which a scavenge is expected to take `goal`.
    fn capacity_within(&self, goal: Nanos) -> u64 {
        let bytes = u128::from(goal.0) * u128::from(self.cost.bytes) * u128::from(ALL_PPM);
        let capacity = bytes.checked_div(u128::from(self.cost.time.0) * u128::from(self.peak_ppm));
        capacity.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(u64::MAX)
    }

    /// Whether the last scavenge took longer than `goal`, and at least half of it for its survivors.
    fn has_missed(&self, goal: Nanos) -> bool {
        let is_due =
            |last: Scavenge| self.time(last.all.survived_bytes).is_some_and(|time| time.0 >= goal.0 / 2);
        self.last.is_some_and(|last| last.pause > goal && is_due(last))
    }
}

impl Survivors {
    fn add(&mut self, more: Survivors) {
        self.used_bytes += more.used_bytes;
        self.survived_bytes += more.survived_bytes;
    }

    /// Counts for less when the next scavenge is added.
    fn fade(&mut self) {
        self.used_bytes -= self.used_bytes / FADING;
        self.survived_bytes -= self.survived_bytes / FADING;
    }

    /// The part that survived. Large objects survive too, but are not in from-space: no more than everything.
    fn ppm(self) -> u64 {
        let survived = self.survived_bytes.min(self.used_bytes) * ALL_PPM;
        survived.checked_div(self.used_bytes).unwrap_or(0)
    }
}

impl NewSpaceSizing {
    /// The capacity after a scavenge of which `survival` has taken note. It may be smaller than what is in use, or than
    /// any heap can have.
    #[must_use]
    pub fn next_capacity(&self, capacity_bytes: u64, survival: &Survival) -> u64 {
        let grown_bytes = self.grown_capacity(capacity_bytes, survival);
        match self.max_minor_pause {
            Some(goal) => within(goal, capacity_bytes, grown_bytes, survival),
            None => grown_bytes,
        }
    }

    /// Doubles once more has survived than the space holds: garbage alone never makes it grow, a lasting stream of
    /// survivors does (V8, `heap.cc`, `Heap::ShouldResizeNewSpace`), if that is likely to save work.
    fn grown_capacity(&self, capacity_bytes: u64, survival: &Survival) -> u64 {
        if survival.since_resize.survived_bytes > capacity_bytes && self.growth_pays(survival) {
            (capacity_bytes * 2).min(self.max_bytes)
        } else {
            capacity_bytes
        }
    }

    fn growth_pays(&self, survival: &Survival) -> bool {
        let most = |percent| u64::from(percent) * (ALL_PPM / 100);
        self.max_growth_survival_percent.is_none_or(|percent| survival.lasting_ppm() <= most(percent))
    }

    /// Whether a program that allocates as fast as that is idle. One that allocates nothing tells nothing.
    #[must_use]
    pub fn is_idle(&self, allocation: Rate) -> bool {
        allocation.bytes_per_second().is_some_and(|speed| speed / 1_000 < self.idle_bytes_per_ms)
    }

    /// The capacity when memory is to be saved: twice what is in use (V8, `new-spaces.cc`, `SemiSpaceNewSpace::Shrink`),
    /// at least that at the start, and no more than there is.
    #[must_use]
    pub fn reduced_capacity(&self, capacity_bytes: u64, used_bytes: u64) -> u64 {
        used_bytes.saturating_mul(2).max(self.initial_bytes).min(capacity_bytes)
    }
}

/// The capacity that keeps to a pause goal: `grown_bytes` if that does.
///
/// So that it does not follow every change of the estimates, it aims at three quarters of the goal, shrinks once it is
/// more than a third too large for that, and grows by a half at least.
fn within(goal: Nanos, capacity_bytes: u64, grown_bytes: u64, survival: &Survival) -> u64 {
    let most_bytes = survival.capacity_within(Nanos(goal.0 / 4 * 3));
    if survival.has_missed(goal) {
        return most_bytes.min(capacity_bytes / 2);
    }
    if most_bytes < capacity_bytes / 4 * 3 {
        return most_bytes;
    }
    let is_step = |bytes: u64| bytes == grown_bytes || bytes / 3 * 2 >= capacity_bytes;
    Some(grown_bytes.min(most_bytes)).filter(|bytes| is_step(*bytes)).unwrap_or(capacity_bytes)
}

#[cfg(test)]
mod tests {
    use super::{NewSpaceGrowth, NewSpaceSizing, Scavenge, Survival, Survivors};
    use crate::event::Nanos;
    use crate::policy::Rate;

    const MIB: u64 = 1 << 20;
    const GOAL: Nanos = Nanos(1_000_000);

    fn sizing(max_minor_pause: Option<Nanos>) -> NewSpaceSizing {
        NewSpaceSizing {
            initial_bytes: MIB,
            max_bytes: 32 * MIB,
            max_growth_survival_percent: None,
            max_minor_pause,
            idle_bytes_per_ms: 1_000,
            growth: NewSpaceGrowth::AtOnce,
        }
    }

    fn survivors(used_bytes: u64, survived_bytes: u64) -> Survivors {
        Survivors { used_bytes, survived_bytes }
    }

    /// A scavenge of `used` bytes, none of them aged, of which `survived` did.
    fn scavenge(used: u64, survived: u64, pause: u64) -> Scavenge {
        Scavenge { all: survivors(used, survived), aged: survivors(0, 0), pause: Nanos(pause) }
    }

    /// What is known after scavenges of full semispaces of `used` bytes, of which `survived` did at 1 ns a byte.
    fn survival(scavenges: &[(u64, u64)]) -> Survival {
        let mut survival = Survival::default();
        for (used, survived) in scavenges.iter().copied() {
            survival.note(scavenge(used, survived, survived));
        }
        survival
    }

    /// Takes note of `count` scavenges of 1 MiB of which half survives, and of 100 KiB of aged `percent`.
    fn note_aged(survival: &mut Survival, percent: u64, count: u32) {
        let aged = survivors(100 << 10, percent << 10);
        for _ in 0..count {
            survival.note(Scavenge { aged, ..scavenge(MIB, MIB / 2, MIB) });
        }
    }

    fn paying() -> NewSpaceSizing {
        NewSpaceSizing { max_growth_survival_percent: Some(90), ..sizing(None) }
    }

    #[test]
    fn new_space_stays_as_it_is_while_little_survives() {
        assert_eq!(sizing(None).next_capacity(MIB, &survival(&[(MIB, MIB)])), MIB);
    }

    #[test]
    fn new_space_doubles_once_more_survived_than_it_holds() {
        assert_eq!(sizing(None).next_capacity(MIB, &survival(&[(MIB, MIB), (MIB, 8)])), 2 * MIB);
    }

    #[test]
    fn new_space_never_exceeds_its_maximum() {
        let small = NewSpaceSizing { max_bytes: 3 * MIB, ..sizing(None) };
        let survived = survival(&[(5 * MIB, 5 * MIB)]);
        assert_eq!(small.next_capacity(2 * MIB, &survived), 3 * MIB);
        assert_eq!(small.next_capacity(3 * MIB, &survived), 3 * MIB);
    }

    #[test]
    fn new_space_grows_only_while_that_saves_work() {
        let next = |percent| {
            let mut survival = Survival::default();
            note_aged(&mut survival, percent, 3);
            paying().next_capacity(MIB, &survival)
        };
        assert_eq!([0, 50, 89, 91, 100].map(next), [2 * MIB, 2 * MIB, 2 * MIB, MIB, MIB]);
    }

    #[test]
    fn where_none_are_copied_the_first_scavenge_tells_whether_growth_saves_work() {
        let next = |survived| paying().next_capacity(MIB, &survival(&[(MIB, MIB * survived / 100); 4]));
        assert_eq!([20, 30, 90, 91, 100].map(next), [MIB, 2 * MIB, 2 * MIB, MIB, MIB]);
    }

    #[test]
    fn new_space_grows_again_some_time_after_all_has_lasted() {
        let mut survival = Survival::default();
        note_aged(&mut survival, 100, 1_000);
        note_aged(&mut survival, 50, 8);
        assert_eq!(paying().next_capacity(MIB, &survival), MIB);
        note_aged(&mut survival, 50, 8);
        assert_eq!(paying().next_capacity(MIB, &survival), 2 * MIB);
    }

    #[test]
    fn large_objects_that_survive_are_no_survivors_of_from_space() {
        let paying = NewSpaceSizing { max_growth_survival_percent: Some(100), ..sizing(None) };
        assert_eq!(paying.next_capacity(MIB, &survival(&[(MIB, 5 * MIB)])), 2 * MIB);
    }

    #[test]
    fn what_survived_counts_from_the_last_change_of_size() {
        let mut survived = survival(&[(MIB, MIB), (MIB, MIB)]);
        survived.resized();
        assert_eq!(sizing(None).next_capacity(MIB, &survived), MIB);
        survived.note_full(survivors(2 * MIB, 2 * MIB), survivors(0, 0));
        assert_eq!(sizing(None).next_capacity(MIB, &survived), 2 * MIB);
    }

    #[test]
    fn the_pause_goal_bounds_new_space_by_survival_and_cost() {
        // Half survives at 1 ns a byte: 2,000,000 bytes take 1 ms, and three quarters are aimed at.
        let survived = survival(&[(MIB, MIB / 2); 4]);
        assert_eq!(survived.capacity_within(GOAL), 2_000_000);
        assert_eq!(sizing(Some(GOAL)).next_capacity(900_000, &survived), 1_500_000);
        assert_eq!(sizing(Some(GOAL)).next_capacity(4 * MIB, &survived), 1_500_000);
    }

    #[test]
    fn new_space_does_not_follow_every_change_of_the_bound() {
        let survived = survival(&[(MIB, MIB / 2); 4]);
        assert_eq!(sizing(Some(GOAL)).next_capacity(1_950_000, &survived), 1_950_000);
        assert_eq!(sizing(Some(GOAL)).next_capacity(2_100_000, &survived), 1_500_000);
        assert_eq!(sizing(Some(GOAL)).next_capacity(1_050_000, &survived), 1_050_000);
        assert_eq!(sizing(Some(GOAL)).next_capacity(950_000, &survived), 1_500_000);
    }

    #[test]
    fn new_space_grows_freely_while_the_goal_is_far() {
        let survived = survival(&[(8 * MIB, 100_000); 90]);
        assert_eq!(sizing(Some(GOAL)).next_capacity(8 * MIB, &survived), 16 * MIB);
        assert_eq!(sizing(Some(GOAL)).next_capacity(32 * MIB, &Survival::default()), 32 * MIB);
    }

    #[test]
    fn a_pause_over_the_goal_halves_new_space_at_least() {
        let mut survived = survival(&[(MIB, MIB / 4); 20]);
        survived.note(scavenge(MIB, MIB / 2, 1_000_001));
        assert!(survived.capacity_within(GOAL) > MIB / 2);
        assert_eq!(sizing(Some(GOAL)).next_capacity(MIB, &survived), MIB / 2);
    }

    #[test]
    fn a_long_pause_that_its_survivors_do_not_explain_is_no_reason_to_shrink() {
        let mut survived = survival(&[(MIB, MIB / 8); 20]);
        survived.resized();
        survived.note(scavenge(MIB, MIB / 8, 20_000_000));
        survived.note(scavenge(MIB, 0, 20_000_000));
        assert_eq!(sizing(Some(GOAL)).next_capacity(MIB, &survived), MIB);
    }

    #[test]
    fn a_phase_of_high_survival_is_remembered_for_some_scavenges() {
        let mut survived = survival(&[(MIB, MIB / 2)]);
        let mut bounds = Vec::new();
        for _ in 0..6 {
            survived.note(scavenge(MIB, 0, 1_000));
            bounds.push(survived.capacity_within(GOAL));
        }
        assert!(bounds.is_sorted() && bounds[0] < 2_300_000 && bounds[5] > 4_000_000, "{bounds:?}");
    }

    #[test]
    fn a_program_that_hardly_allocates_is_idle() {
        let rate = |bytes| Rate { bytes, time: Nanos(10_000_000) };
        assert!(sizing(None).is_idle(rate(9_999)));
        assert!(!sizing(None).is_idle(rate(10_000)));
        assert!(!sizing(None).is_idle(rate(0)));
    }

    #[test]
    fn reduced_new_space_is_twice_what_is_in_use() {
        assert_eq!(sizing(None).reduced_capacity(32 * MIB, 3 * MIB), 6 * MIB);
        assert_eq!(sizing(None).reduced_capacity(32 * MIB, 0), MIB);
        assert_eq!(sizing(None).reduced_capacity(MIB / 2, MIB / 4), MIB / 2);
    }
}
