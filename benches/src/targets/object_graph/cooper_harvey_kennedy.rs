//! K. D. Cooper, T. J. Harvey and K. Kennedy: *A Simple, Fast Dominance Algorithm* (2001).

use super::numbering::Numbering;

const UNKNOWN: u32 = u32::MAX;

/// By place, the place of the immediate dominator.
pub(super) fn dominators(graph: &Numbering) -> Vec<u32> {
    let mut ranks = vec![0; graph.len()];
    graph.left.iter().zip(0_u32..).for_each(|(place, rank)| ranks[*place as usize] = rank);
    let mut dominators = vec![UNKNOWN; graph.len()];
    dominators[0] = 0;
    let mut has_changed = true;
    while has_changed {
        has_changed = false;
        for place in graph.left.iter().rev().skip(1) {
            let known = graph
                .sources(*place as usize)
                .iter()
                .filter(|source| dominators[**source as usize] != UNKNOWN);
            let common = known.copied().reduce(|one, other| intersection(one, other, &dominators, &ranks));
            let new = common.unwrap_or(UNKNOWN);
            has_changed |= std::mem::replace(&mut dominators[*place as usize], new) != new;
        }
    }
    dominators
}

/// The nearest that dominates both.
fn intersection(mut one: u32, mut other: u32, dominators: &[u32], ranks: &[u32]) -> u32 {
    while one != other {
        while ranks[one as usize] < ranks[other as usize] {
            one = dominators[one as usize];
        }
        while ranks[other as usize] < ranks[one as usize] {
            other = dominators[other as usize];
        }
    }
    one
}
