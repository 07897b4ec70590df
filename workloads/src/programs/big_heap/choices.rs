//! What operations do: the same for the heap and its model.

use super::table::Place;
use crate::Random;

/// The random choices of a run, in order.
#[derive(Debug)]
pub(super) struct Choices {
    random: Random,
    lists: u32,
    length: u32,
    survivors_percent: u32,
}

impl Choices {
    /// The choices of `seed` among so many lists of this length.
    pub(super) fn new(seed: u64, lists: u32, length: u32, survivors_percent: u32) -> Self {
        Choices { random: Random::new(seed), lists, length, survivors_percent }
    }

    /// What the next fresh list replaces; `None` if it is dropped.
    pub(super) fn kept(&mut self) -> Option<Place> {
        let is_kept = self.random.chance(self.survivors_percent);
        is_kept.then(|| Place { list: self.list(), depth: self.depth() })
    }

    /// Two places of one depth, which exchange what follows there.
    pub(super) fn exchanged(&mut self) -> (Place, Place) {
        let depth = self.depth();
        (Place { list: self.list(), depth }, Place { list: self.list(), depth })
    }

    fn list(&mut self) -> u32 {
        self.random.below(self.lists)
    }

    fn depth(&mut self) -> u32 {
        self.random.below(self.length)
    }
}
