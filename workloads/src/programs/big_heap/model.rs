//! The lists without a heap.

use super::table::Place;

/// The numbers of all records: list after list, each from its first record on.
#[derive(Debug)]
pub(super) struct Model {
    numbers: Vec<u32>,
    length: u32,
}

impl Model {
    /// The lists as they are built.
    pub(super) fn new(lists: u32, length: u32) -> Self {
        let records = u64::from(lists) * u64::from(length);
        Model { numbers: (0..records).map(|number| number as u32).collect(), length }
    }

    /// Gives the records from `place` on new numbers, that of depth d being `base` + d.
    pub(super) fn replace(&mut self, place: Place, base: u32) {
        let start = self.index(place);
        for depth in place.depth..self.length {
            self.numbers[start + (depth - place.depth) as usize] = base.wrapping_add(depth);
        }
    }

    /// Exchanges what follows at `left` and at `right`, which are of one depth.
    pub(super) fn exchange(&mut self, left: Place, right: Place) {
        let (left_start, right_start) = (self.index(left), self.index(right));
        for offset in 0..(self.length - left.depth) as usize {
            self.numbers.swap(left_start + offset, right_start + offset);
        }
    }

    /// All numbers in order.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u64> + '_ {
        self.numbers.iter().map(|number| u64::from(*number))
    }

    fn index(&self, place: Place) -> usize {
        place.list as usize * self.length as usize + place.depth as usize
    }
}

#[cfg(test)]
mod tests {
    use super::{Model, Place};

    #[track_caller]
    fn check(change: impl FnOnce(&mut Model), expected: [u64; 6]) {
        let mut model = Model::new(2, 3);
        change(&mut model);
        assert_eq!(model.numbers().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_end_of_a_list_is_replaced() {
        check(|model| model.replace(Place { list: 1, depth: 0 }, 60), [0, 1, 2, 60, 61, 62]);
        check(|model| model.replace(Place { list: 0, depth: 2 }, 60), [0, 1, 62, 3, 4, 5]);
    }

    #[test]
    fn two_lists_exchange_their_ends() {
        let at = |list, depth| Place { list, depth };
        check(|model| model.exchange(at(0, 1), at(1, 1)), [0, 4, 5, 3, 1, 2]);
        check(|model| model.exchange(at(1, 0), at(1, 0)), [0, 1, 2, 3, 4, 5]);
    }
}
