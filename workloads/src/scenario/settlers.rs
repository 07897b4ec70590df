//! How an initial graph comes into a heap.

use super::Graph;
use super::phase::NEVER;
use super::population::{Place, Population, Slot};
use super::run::{Birth, Step, Taker};

/// Makes all nodes of `graph`, and then stores all references: a node may refer to later ones. The graph's names come
/// after `first_name` others. The nodes take no time.
pub(super) fn settle<E>(
    graph: &Graph,
    first_name: usize,
    population: &mut Population,
    taker: &mut impl Taker<E>,
) -> Result<(), E> {
    for node in nodes(graph) {
        let place = population.add(node.form, 0, NEVER);
        let name = first_name as u32 + node.name;
        taker.take(Step::Make(Birth { place, number: population.number(place), name, form: node.form }))?;
    }
    // Nobody has died yet: places are the numbers of the nodes.
    for (holder, node) in (0..).map(Place).zip(nodes(graph)) {
        for (index, target) in (0..).zip(node.targets()) {
            if let Some(target) = target.map(Place) {
                let slot = Slot { holder, index };
                population.store(slot, Some(target));
                taker.take(Step::Store { slot, target: Some(target) })?;
            }
        }
    }
    Ok(())
}

fn nodes(graph: &Graph) -> impl Iterator<Item = super::graph::Node<'_>> {
    (0..graph.len()).map(|number| graph.node(number))
}
