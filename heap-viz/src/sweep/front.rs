//! The points of a sweep that no other is better than.

use super::point::Point;
use std::collections::BTreeMap;

/// What points are judged by; less is better of each.
type Costs = [f64; 3];

/// For each point, whether no rival is as good in p99 pause, memory and throughput, and better in one of them. Points
/// that have failed are not judged.
pub(super) fn on_front(points: &[Point]) -> Vec<bool> {
    let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (index, point) in points.iter().enumerate().filter(|(_, point)| point.passed()) {
        groups.entry(point.rivals()).or_default().push(index);
    }
    let mut on_front = vec![false; points.len()];
    for group in groups.values() {
        let costs: Vec<_> = group.iter().map(|&index| costs(&points[index])).collect();
        front(&costs).into_iter().for_each(|number| on_front[group[number]] = true);
    }
    on_front
}

fn costs(point: &Point) -> Costs {
    [point.pauses.p99.0 as f64, point.peak_bytes as f64, -point.throughput]
}

/// The indexes of those costs that no others dominate. Whatever dominates costs comes before them in order, so they
/// need be held only against what was found before.
fn front(costs: &[Costs]) -> Vec<usize> {
    let mut order: Vec<_> = (0..costs.len()).collect();
    order.sort_by(|&one, &other| costs[one].partial_cmp(&costs[other]).expect("costs are numbers"));
    let mut front: Vec<usize> = Vec::new();
    for index in order {
        if !front.iter().any(|&better| dominates(&costs[better], &costs[index])) {
            front.push(index);
        }
    }
    front
}

/// Whether costs are as low everywhere, and lower somewhere.
fn dominates(one: &Costs, other: &Costs) -> bool {
    one.iter().zip(other).all(|(one, other)| one <= other) && one != other
}

#[cfg(test)]
mod tests {
    use super::{dominates, front};
    use proptest::prelude::{prop_assert_eq, proptest};

    #[test]
    fn equals_stand_side_by_side() {
        let costs = [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [1.0, 2.0, 4.0], [2.0, 1.0, 9.0]];
        let mut found = front(&costs);
        found.sort_unstable();
        assert_eq!(found, [0, 1, 3]);
    }

    proptest! {
        #[test]
        fn the_front_is_all_that_nothing_dominates(costs in proptest::collection::vec([0_u8..6, 0..6, 0..6], 0..40)) {
            let costs: Vec<_> = costs.iter().map(|costs| costs.map(f64::from)).collect();
            let mut found = front(&costs);
            found.sort_unstable();
            let undominated = (0..costs.len()).filter(|&one| !costs.iter().any(|other| dominates(other, &costs[one])));
            prop_assert_eq!(found, undominated.collect::<Vec<_>>());
        }
    }
}
