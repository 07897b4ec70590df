//! A graph that is rewired at random: little allocation, much mutation.

use super::object_bytes;
use crate::{Checksum, Entry, Found, Parameter, Parameters, Progress, Random, Workload};
use gc_core::{Heap, HeapFull, Layout, Local, Shape, View};

/// A table of nodes with four slots each. Every step overwrites a random slot of a random node of the table: with
/// a node of the table, or with a fresh one whose own slots all refer to nodes of the table. A fresh node stays
/// until its slot is overwritten again, so the live size settles.
///
/// Nodes are numbered, those of the table first. The number of a fresh node decides what its slots refer to, so
/// the expected graph is a plain array of numbers that is rewired by the same random choices.
///
/// **Stresses** the write barrier and the remembered set: old objects all over old space are made to refer to
/// young ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RandomGraph {
    /// How many nodes the table holds.
    pub nodes: u32,
    /// How many slots are overwritten.
    pub steps: u64,
    /// Share of the stores that store a new node, in percent.
    pub fresh_percent: u32,
    /// The stream that random choices are drawn from.
    pub seed: u64,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "random_graph",
    about: "rewires random slots of a table of old nodes, to fresh nodes or to each other",
    stresses: "the write barrier: nearly every store goes to a random old object, many of them old-to-young, so the \
               remembered set is as large as it gets and scanning it has no locality; and cycles, since most nodes \
               reach most others",
    by_default: true,
    parameters: &[
        Parameter {
            name: "nodes",
            unit: "nodes",
            about: "how many nodes the table holds",
            default: 200_000,
            min: 1,
            max: 100_000_000,
        },
        Parameter {
            name: "steps",
            unit: "stores",
            about: "how many slots are overwritten",
            default: 4_000_000,
            min: 1,
            max: 10_000_000_000,
        },
        Parameter {
            name: "fresh",
            unit: "percent",
            about: "share of the stores that store a new node",
            default: 50,
            min: 0,
            max: 100,
        },
    ],
    construct: |parameters| Box::new(RandomGraph::new(parameters)),
};

/// References of each node.
const DEGREE: u32 = 4;
/// The word of a node that holds its number.
const NUMBER: u32 = 0;

/// One store: which slot, and what goes there.
#[derive(Clone, Copy)]
struct Rewiring {
    node: u32,
    slot: u32,
    target: Target,
}

#[derive(Clone, Copy)]
enum Target {
    Table(u32),
    Fresh(u64),
}

impl Target {
    fn number(self) -> u64 {
        match self {
            Target::Table(node) => node.into(),
            Target::Fresh(number) => number,
        }
    }
}

impl RandomGraph {
    fn new(parameters: &Parameters) -> Self {
        RandomGraph {
            nodes: parameters.get_u32("nodes"),
            steps: parameters.get("steps"),
            fresh_percent: parameters.get_u32("fresh"),
            seed: parameters.seed(),
        }
    }

    /// The stores of a run, the same every time.
    fn rewirings(&self) -> impl Iterator<Item = Rewiring> {
        let RandomGraph { nodes, steps, fresh_percent, seed } = *self;
        let mut random = Random::new(seed);
        (0..steps).map(move |step| Rewiring {
            node: random.below(nodes),
            slot: random.below(DEGREE),
            target: if random.chance(fresh_percent) {
                Target::Fresh(u64::from(nodes) + step)
            } else {
                Target::Table(random.below(nodes))
            },
        })
    }

    /// The nodes of the table that a fresh node refers to. Any function of its number would do that spreads.
    fn links(&self, number: u64) -> [u32; DEGREE as usize] {
        std::array::from_fn(|slot| {
            let spread = (number ^ ((slot as u64) << 56)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
            ((spread * u64::from(self.nodes)) >> 32) as u32
        })
    }

    /// The numbers in all slots of all nodes of the table after all steps.
    fn expected_numbers(&self) -> Vec<Option<u64>> {
        let mut numbers = vec![None; self.nodes as usize * DEGREE as usize];
        for Rewiring { node, slot, target } in self.rewirings() {
            numbers[node as usize * DEGREE as usize + slot as usize] = Some(target.number());
        }
        numbers
    }
}

impl Workload for RandomGraph {
    fn operation(&self) -> &'static str {
        "store"
    }

    fn operations(&self) -> u64 {
        self.steps
    }

    fn live_bytes(&self) -> u64 {
        let nodes = u64::from(self.nodes);
        let slots = nodes * u64::from(DEGREE);
        // Of so many random stores, slots * (1 - e^(-steps / slots)) hit distinct slots.
        let share_stored = 1.0 - (-(self.steps as f64) / slots as f64).exp();
        let fresh = slots as f64 * share_stored * f64::from(self.fresh_percent) / 100.0;
        object_bytes(nodes, 0) + (nodes + fresh as u64) * object_bytes(DEGREE.into(), 8)
    }

    fn expected_checksum(&self) -> u64 {
        self.expected_numbers().into_iter().map(number_to_add).collect::<Checksum>().value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let graph = Graph::new(heap, self.nodes)?;
        for rewiring in self.rewirings() {
            heap.scope(|heap| graph.rewire(heap, self, rewiring))?;
            progress.advance(1);
        }
        Ok(graph.checksum(heap, self).into())
    }
}

/// An empty slot counts too; no node has the largest number.
fn number_to_add(number: Option<u64>) -> u64 {
    number.unwrap_or(u64::MAX)
}

/// The graph on the heap.
struct Graph {
    node: Shape,
    table: Local,
}

impl Graph {
    fn new(heap: &mut Heap, nodes: u32) -> Result<Self, HeapFull> {
        let node = heap.register("Node", Layout::Fixed { slots: DEGREE as u16, bytes: 8 });
        let table = heap.register("Table", Layout::Slots);
        let table = heap.alloc_array(table, nodes)?;
        for number in 0..nodes {
            heap.scope(|heap| {
                let member = heap.alloc(node)?;
                heap.store_word(member, NUMBER, number.into());
                heap.store(table, number, Some(member));
                Ok(())
            })?;
        }
        Ok(Graph { node, table })
    }

    fn rewire(&self, heap: &mut Heap, parameters: &RandomGraph, rewiring: Rewiring) -> Result<(), HeapFull> {
        let target = match rewiring.target {
            Target::Table(node) => heap.load(self.table, node),
            Target::Fresh(number) => Some(self.fresh(heap, parameters, number)?),
        };
        if let Some(node) = heap.load(self.table, rewiring.node) {
            heap.store(node, rewiring.slot, target);
        }
        Ok(())
    }

    fn fresh(&self, heap: &mut Heap, parameters: &RandomGraph, number: u64) -> Result<Local, HeapFull> {
        let links = parameters.links(number).map(|node| heap.load(self.table, node));
        let fresh = heap.alloc_with(self.node, links)?;
        heap.store_word(fresh, NUMBER, number);
        Ok(fresh)
    }

    fn checksum(&self, heap: &Heap, parameters: &RandomGraph) -> Checksum {
        let table = heap.view(self.table);
        let members = (0..table.len()).filter_map(|index| table.slot(index));
        let targets = members.flat_map(|member| (0..member.slots()).map(move |slot| member.slot(slot)));
        targets.map(|target| number_to_add(target.map(|node| checked_number(node, parameters)))).collect()
    }
}

/// The number of `node`; a wrong one if it is fresh and its links are not those of its number.
fn checked_number(node: View<'_>, parameters: &RandomGraph) -> u64 {
    let number = node.word(NUMBER);
    let is_linked =
        |(slot, link): (u32, u32)| node.slot(slot).is_some_and(|to| to.word(NUMBER) == u64::from(link));
    let is_member = number < u64::from(parameters.nodes);
    if is_member || (0..).zip(parameters.links(number)).all(is_linked) { number } else { !number }
}

#[cfg(test)]
mod tests {
    use super::RandomGraph;

    const GRAPH: RandomGraph = RandomGraph { nodes: 50, steps: 10_000, fresh_percent: 50, seed: 3 };

    #[test]
    fn links_reach_the_whole_table_and_no_further() {
        let linked: std::collections::BTreeSet<_> =
            (50..1_000).flat_map(|number| GRAPH.links(number)).collect();
        assert_eq!(linked.into_iter().collect::<Vec<_>>(), (0..50).collect::<Vec<_>>());
    }

    #[test]
    fn about_as_many_fresh_nodes_remain_as_are_asked_for() {
        let numbers = GRAPH.expected_numbers();
        let fresh = numbers.iter().flatten().filter(|number| **number >= 50).count();
        assert!((70..130).contains(&fresh), "{fresh} of {}", numbers.len());
    }
}
