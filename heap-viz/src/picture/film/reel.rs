//! Frames in bounded memory: evenly spread over what the program allocates, and the longest pauses besides.

use gc_core::event::Nanos;

/// Pauses that are kept because of their length.
const LONGEST: usize = 12;

/// Frames, in order.
#[derive(Debug)]
pub(super) struct Reel<T> {
    shots: Vec<Shot<T>>,
    most: usize,
    /// Frames that are not among the longest are at least so far apart, in bytes allocated.
    spacing_bytes: u64,
}

/// A frame, and what decides whether it is kept.
#[derive(Debug)]
pub(super) struct Shot<T> {
    pub(super) allocated_bytes: u64,
    pub(super) duration: Nanos,
    pub(super) frame: T,
}

impl<T> Reel<T> {
    /// A reel that keeps so many frames at most.
    pub(super) fn new(most: usize) -> Self {
        Reel { shots: Vec::new(), most, spacing_bytes: 0 }
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
        self.shots.push(shot);
        while self.shots.len() > self.most {
            self.thin();
        }
    }

    /// Doubles the distance between frames.
    fn thin(&mut self) {
        let allocated_bytes = self.shots.last().map_or(0, |shot| shot.allocated_bytes);
        self.spacing_bytes = (self.spacing_bytes * 2).max(allocated_bytes / self.most as u64).max(1);
        let (spacing, least) = (self.spacing_bytes, self.least_long());
        let mut next = 0;
        self.shots.retain(|shot| {
            let is_spaced = shot.allocated_bytes >= next;
            if is_spaced {
                next = shot.allocated_bytes + spacing;
            }
            is_spaced || shot.duration > least
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
        let mut reel = Reel { shots: Vec::new(), most, spacing_bytes: self.spacing_bytes };
        for Shot { allocated_bytes, duration, frame } in self.shots {
            reel.push(Shot { allocated_bytes, duration, frame: change(frame) });
        }
        reel
    }
}

#[cfg(test)]
mod tests {
    use super::{Nanos, Reel, Shot};

    /// Every 100 bytes a pause of 1 ns, but every 997th of 50.
    fn reel(pauses: u64) -> Reel<u64> {
        let mut reel = Reel::new(64);
        for number in 0..pauses {
            let duration = Nanos(if number % 997 == 996 { 50 } else { 1 });
            if reel.is_due(number * 100) || reel.is_long(duration) {
                reel.push(Shot { allocated_bytes: number * 100, duration, frame: number });
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
}
