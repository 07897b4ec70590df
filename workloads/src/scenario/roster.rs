//! A set of places of which any can be drawn.

use super::population::Place;
use crate::Random;

/// A set of places: one is added, removed or drawn in constant time.
#[derive(Debug, Default)]
pub(super) struct Roster {
    members: Vec<Place>,
    /// Where each place stands among the members, by place.
    positions: Vec<Option<u32>>,
}

impl Roster {
    /// Adds a place that is not in it.
    pub(super) fn add(&mut self, place: Place) {
        if self.positions.len() <= place.index() {
            self.positions.resize(place.index() + 1, None);
        }
        self.positions[place.index()] = Some(self.members.len() as u32);
        self.members.push(place);
    }

    /// Removes a place, if it is in it.
    pub(super) fn remove(&mut self, place: Place) {
        let Some(position) = self.positions.get_mut(place.index()).and_then(Option::take) else { return };
        self.members.swap_remove(position as usize);
        if let Some(moved) = self.members.get(position as usize) {
            self.positions[moved.index()] = Some(position);
        }
    }

    /// Any of them, each as likely; none if there is none.
    pub(super) fn draw(&self, random: &mut Random) -> Option<Place> {
        // A number is drawn in any case: what comes next does not depend on how many there are.
        let index = random.below(self.members.len() as u32);
        self.members.get(index as usize).copied()
    }

    /// All of them.
    pub(super) fn members(&self) -> &[Place] {
        &self.members
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Roster};
    use crate::Random;

    #[test]
    fn what_is_in_is_drawn_and_nothing_else() {
        let mut roster = Roster::default();
        let mut random = Random::new(1);
        assert_eq!(roster.draw(&mut random), None);
        (0..10).for_each(|place| roster.add(Place(place)));
        [0, 9, 4, 4, 20].into_iter().for_each(|place| roster.remove(Place(place)));
        let mut drawn: Vec<_> = (0..500).filter_map(|_| roster.draw(&mut random)).collect();
        drawn.sort();
        drawn.dedup();
        assert_eq!(drawn, [1, 2, 3, 5, 6, 7, 8].map(Place));
        roster.add(Place(4));
        assert_eq!(roster.members().len(), 8);
    }
}
