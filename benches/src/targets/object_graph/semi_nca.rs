//! L. Georgiadis: *Linear-Time Algorithms for Dominators and Related Problems* (2005), the algorithm semi-NCA.

use super::numbering::Numbering;

/// By place, the place of the immediate dominator.
pub(super) fn dominators(graph: &Numbering) -> Vec<u32> {
    let mut ancestors = graph.parents.clone();
    let mut semi: Vec<_> = (0..graph.len() as u32).collect();
    let mut labels = semi.clone();
    let mut path = Vec::new();
    for place in (1..graph.len()).rev() {
        let mut least = place as u32;
        for source in graph.sources(place) {
            let best = best(*source, place as u32 + 1, &mut ancestors, &mut labels, &semi, &mut path);
            least = least.min(semi[best as usize]);
        }
        semi[place] = least;
    }
    let mut dominators = graph.parents.clone();
    for place in 1..graph.len() {
        while dominators[place] > semi[place] {
            dominators[place] = dominators[dominators[place] as usize];
        }
    }
    dominators
}

fn best(
    place: u32,
    linked_from: u32,
    ancestors: &mut [u32],
    labels: &mut [u32],
    semi: &[u32],
    path: &mut Vec<u32>,
) -> u32 {
    if place < linked_from {
        return place;
    }
    let mut top = place;
    while ancestors[top as usize] >= linked_from {
        path.push(top);
        top = ancestors[top as usize];
    }
    while let Some(below) = path.pop() {
        let above = ancestors[below as usize] as usize;
        if semi[labels[above] as usize] < semi[labels[below as usize] as usize] {
            labels[below as usize] = labels[above];
        }
        ancestors[below as usize] = ancestors[above];
    }
    labels[place as usize]
}
