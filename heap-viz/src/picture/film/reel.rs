//! Frames in bounded memory: evenly spread over what the program allocates, and the longest pauses and milestones besides.

use gc_core::event::Nanos;

/// Pauses that are kept because of their length.
const LONGEST: usize = 12;

/// Frames, in order.
#[derive(Debug)]
pub(super) struct Reel<T> {
    shots: Vec<Shot<T>>,
    most: usize,
    /// Frames that are neither among the longest nor milestones are at least so far apart, in bytes allocated.
    spacing_bytes: u64,
    milestones: Milestones,
}

/// A frame, and what decides whether it is kept.
#[derive(Debug)]
pub(super) struct Shot<T> {
    pub(super) allocated_bytes: u64,
    pub(super) duration: Nanos,
    pub(super) rank: Rank,
    pub(super) frame: T,
}

/// Whether a frame shows what others cannot stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    /// Others nearby show the like.
    Ordinary,
    /// It does: a marking under way, or old objects that move.
    Milestone,
}

/// Which milestones are kept: one of so many, as they come.
#[derive(Debug)]
struct Milestones {
    stride: u64,
    passed: u64,
}

impl Default for Milestones {
    fn default() -> Self {
        Milestones { stride: 1, passed: 0 }
    }
}

impl Milestones {
    /// What has become of the rank of the next frame.
    fn admit(&mut self, rank: Rank) -> Rank {
        if rank == Rank::Ordinary {
            return rank;
        }
        self.passed += 1;
        if (self.passed - 1).is_multiple_of(self.stride) { Rank::Milestone } else { Rank::Ordinary }
    }
}

impl<T> Reel<T> {
    /// A reel that keeps so many frames at most.
    pub(super) fn new(most: usize) -> Self {
        Reel { shots: Vec::new(), most, spacing_bytes: 0, milestones: Milestones::default() }
    }

    /// Whether a frame is due, once so much has been allocated.
    pub(super) fn is_due(&self, allocated_bytes: u64) -> bool {
        let due = |last: &Shot<T>| last.allocated_bytes + self.spacing_bytes <= allocated_bytes;
        self.shots.last().is_none_or(due)
    }

    /// Whether a pause is one of the longest so far.
    pub(super) fn is_long(&self, duration: Nanos) -> bool {
        self.shots.iter().filter(|shot| shot.duration >= duration).count() < LONGEST
    }

    /// Adds a frame.
    pub(super) fn push(&mut self, shot: Shot<T>) {
        self.shots.push(Shot { rank: self.milestones.admit(shot.rank), ..shot });
        if self.shots.len() > self.most {
            // First goes what has been pushed out of rank: that makes no reason to space the others further.
            self.sift();
        }
        while self.shots.len() > self.most {
            self.thin();
        }
    }

    /// Doubles the distance between frames, and that between milestones if they take more than half of the reel.
    fn thin(&mut self) {
        let allocated_bytes = self.shots.last().map_or(0, |shot| shot.allocated_bytes);
        self.spacing_bytes = (self.spacing_bytes * 2).max(allocated_bytes / self.most as u64).max(1);
        if self.milestones_mut().count() > self.most / 2 {
            self.milestones.stride *= 2;
            self.milestones_mut().skip(1).step_by(2).for_each(|shot| shot.rank = Rank::Ordinary);
        }
        self.sift();
    }

    fn milestones_mut(&mut self) -> impl Iterator<Item = &mut Shot<T>> {
        self.shots.iter_mut().filter(|shot| shot.rank == Rank::Milestone)
    }

    /// Drops frames that are too near to the ones before, are not long and are no milestones.
    fn sift(&mut self) {
        let (spacing, least) = (self.spacing_bytes, self.least_long());
        let mut next = 0;
        self.shots.retain(|shot| {
            let is_spaced = shot.allocated_bytes >= next;
            if is_spaced {
                next = shot.allocated_bytes + spacing;
            }
            is_spaced || shot.duration > least || shot.rank == Rank::Milestone
        });
    }

    /// Pauses longer than this are among the longest.
    fn least_long(&self) -> Nanos {
        let mut durations: Vec<_> = self.shots.iter().map(|shot| shot.duration).collect();
        durations.sort_unstable();
        durations.iter().rev().nth(LONGEST).copied().unwrap_or_default()
    }

    /// The frames, in order.
    pub(super) fn shots(&self) -> impl Iterator<Item = &Shot<T>> {
        self.shots.iter()
    }

    /// The same reel of other frames, of which there are to be so many at most.
    pub(super) fn map<U>(self, most: usize, mut change: impl FnMut(T) -> U) -> Reel<U> {
        let mut reel = Reel { spacing_bytes: self.spacing_bytes, ..Reel::new(most) };
        for Shot { allocated_bytes, duration, rank, frame } in self.shots {
            reel.push(Shot { allocated_bytes, duration, rank, frame: change(frame) });
        }
        reel
    }
}

#[cfg(test)]
mod tests {
    use super::{Nanos, Rank, Reel, Shot};

    /// Every 100 bytes a pause of 1 ns, but every 997th of 50.
    fn reel(pauses: u64) -> Reel<u64> {
        let mut reel = Reel::new(64);
        for number in 0..pauses {
            let duration = Nanos(if number % 997 == 996 { 50 } else { 1 });
            if reel.is_due(number * 100) || reel.is_long(duration) {
                let rank = Rank::Ordinary;
                reel.push(Shot { allocated_bytes: number * 100, duration, rank, frame: number });
            }
        }
        reel
    }

    #[test]
    fn few_frames_are_all_kept() {
        assert_eq!(reel(50).shots().count(), 50);
    }

    #[test]
    fn many_frames_are_spread_evenly_and_the_longest_kept() {
        let reel = reel(10_000);
        let kept: Vec<_> = reel.shots().map(|shot| shot.frame).collect();
        assert!((20..=64).contains(&kept.len()), "{} frames", kept.len());
        assert!((1..=10).all(|n| kept.contains(&(n * 997 - 1))), "a long pause is missing: {kept:?}");
        let widest = kept.windows(2).map(|pair| pair[1] - pair[0]).max();
        assert!(widest < Some(1_000), "a gap of {widest:?} pauses");
    }

    /// What is kept of 10,000 frames, of which every one so far apart is a milestone.
    fn milestones_kept(apart: u64) -> Vec<u64> {
        let mut reel = Reel::new(64);
        for number in 0..10_000 {
            let rank = if number % apart == apart / 2 { Rank::Milestone } else { Rank::Ordinary };
            reel.push(Shot { allocated_bytes: number * 100, duration: Nanos(1), rank, frame: number });
        }
        assert!(reel.shots().count() <= 64, "{} frames", reel.shots().count());
        reel.shots().filter(|shot| shot.rank == Rank::Milestone).map(|shot| shot.frame).collect()
    }

    #[test]
    fn few_milestones_are_all_kept_and_many_spread_evenly() {
        let few: Vec<_> = (0..20).map(|n| n * 500 + 250).collect();
        assert_eq!(milestones_kept(500), few);
        let many = milestones_kept(10);
        assert!((10..=64).contains(&many.len()), "{} milestones", many.len());
        let steps: Vec<_> = many.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(steps.iter().all(|step| *step == steps[0]), "{steps:?}");
    }
}
