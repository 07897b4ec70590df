//! References of objects for which none were recorded, drawn as those of a real heap are.

use crate::Random;
use crate::graph::{NodeKind, Placement};
use serde::{Deserialize, Serialize};

/// Into how many equal parts a distribution is divided.
const PARTS: usize = 32;
/// How many classes of sizes there are: each reaches to twice what the one before does, the first to 16 bytes.
const CLASSES: usize = 16;

/// The default: statistics of a heap of Node 20, made by `tenure import FILE.heapsnapshot --statistics`.
const NODE: &str = include_str!("edges/node20.json");

/// What is known of the references of a heap.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EdgeStatistics {
    /// How many objects were counted.
    objects: u64,
    /// How many references they had.
    references: u64,
    /// Share of the references that lead to an object that was numbered later, in percent.
    younger_percent: u32,
    /// For each class of sizes how many references objects have.
    degrees: Vec<Quantiles>,
    /// How many objects were numbered between the two of a reference.
    distances: Quantiles,
}

/// A distribution as the middles of equal parts, from the least up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Quantiles(Vec<u32>);

impl Default for EdgeStatistics {
    /// Those of Node 20.
    fn default() -> Self {
        serde_json::from_str(NODE).expect("a test reads it")
    }
}

impl EdgeStatistics {
    /// Those of a graph. Objects are ordered by their numbers: in a snapshot of V8 these follow the order of allocation
    /// where a timeline was recorded, and else that of addresses.
    #[must_use]
    pub fn of(graph: &Placement) -> Self {
        let objects = real_objects(graph);
        let ranks = ranks(graph, &objects);
        let mut degrees = vec![Vec::new(); CLASSES];
        let mut distances = Vec::new();
        let mut younger = 0;
        for &object in &objects {
            let targets = graph.targets(object).filter_map(|target| ranks[target as usize]);
            let before = distances.len();
            let rank = ranks[object as usize].expect("a real object has a rank");
            for target in targets {
                younger += u64::from(target > rank);
                distances.push(target.abs_diff(rank));
            }
            degrees[class_of(graph.size_bytes(object))].push((distances.len() - before) as u32);
        }
        let references = distances.len() as u64;
        EdgeStatistics {
            objects: objects.len() as u64,
            references,
            younger_percent: (100 * younger / references.max(1)) as u32,
            degrees: degrees.into_iter().map(Quantiles::of).collect(),
            distances: Quantiles::of(distances),
        }
    }

    /// As a JSON document, in one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("it has no keys but texts")
    }

    /// How many references an object of this size may have, at random.
    pub(super) fn degree(&self, bytes: u32, random: &mut Random) -> u32 {
        self.degrees.get(class_of(bytes)).map_or(0, |degrees| degrees.draw(random))
    }

    /// How many objects may lie between the two of a reference, at random.
    pub(super) fn distance(&self, random: &mut Random) -> u32 {
        self.distances.draw(random)
    }

    /// Whether a reference leads to a younger object, at random.
    pub(super) fn is_younger(&self, random: &mut Random) -> bool {
        random.chance(self.younger_percent)
    }
}

/// The objects of a graph that are neither names for roots nor off the heap, nor there to tell what others look like:
/// that stands in the headers of other runtimes, and would be most of what is far away.
fn real_objects(graph: &Placement) -> Vec<u32> {
    (0..graph.len()).filter(|place| graph.kind(*place) == NodeKind::Object).collect()
}

/// The places of `objects` in the order of their numbers; none for others.
fn ranks(graph: &Placement, objects: &[u32]) -> Vec<Option<u32>> {
    let mut ordered = objects.to_vec();
    ordered.sort_by_key(|object| graph.id(*object));
    let mut ranks = vec![None; graph.len() as usize];
    (0..).zip(ordered).for_each(|(rank, object)| ranks[object as usize] = Some(rank));
    ranks
}

fn class_of(bytes: u32) -> usize {
    let class = bytes.max(16).next_power_of_two().trailing_zeros() as usize - 4;
    class.min(CLASSES - 1)
}

impl Quantiles {
    fn of(mut values: Vec<u32>) -> Self {
        if values.is_empty() {
            return Quantiles::default();
        }
        values.sort_unstable();
        let middle = |part| values[(2 * part + 1) * values.len() / (2 * PARTS)];
        Quantiles((0..PARTS).map(middle).collect())
    }

    fn draw(&self, random: &mut Random) -> u32 {
        let part = random.below(self.0.len() as u32);
        self.0.get(part as usize).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::{CLASSES, EdgeStatistics, PARTS, Quantiles, class_of};
    use crate::Random;
    use crate::graph::{HeapGraph, Node, NodeKind, NodeType, Placement};

    #[test]
    fn the_default_is_whole() {
        let statistics = EdgeStatistics::default();
        assert_eq!(statistics.degrees.len(), CLASSES);
        assert_eq!(statistics.distances.0.len(), PARTS);
        assert!((1..100).contains(&statistics.younger_percent));
    }

    #[test]
    fn sizes_fall_into_classes() {
        let classes = [0, 16, 17, 32, 33, 1 << 19, u32::MAX >> 1].map(class_of);
        assert_eq!(classes, [0, 0, 1, 1, 2, 15, 15]);
    }

    /// A list of objects of 32 bytes, each of which refers to the one made before it.
    fn list(length: u32) -> Placement {
        let mut graph = HeapGraph::new(vec![NodeType { kind: NodeKind::Object, name: "link".into() }]);
        for number in 0..length {
            let node = Node { size_bytes: 32, of_type: 0, id: 2 * (length - number) };
            graph.push(node, (number + 1 < length).then_some(number + 1));
        }
        Placement::new(graph)
    }

    #[test]
    fn references_are_drawn_as_those_that_were_counted() {
        let statistics = EdgeStatistics::of(&list(1_000));
        assert_eq!((statistics.objects, statistics.references), (1_000, 999));
        let random = &mut Random::new(1);
        for _ in 0..100 {
            assert_eq!((statistics.degree(32, random), statistics.degree(64, random)), (1, 0));
            assert_eq!(statistics.distance(random), 1);
            assert!(!statistics.is_younger(random));
        }
    }

    #[test]
    fn a_distribution_keeps_its_ends() {
        let quantiles = Quantiles::of((0..3_200).collect());
        assert_eq!((quantiles.0[0], quantiles.0[PARTS - 1]), (50, 3_150));
        assert_eq!(Quantiles::of(vec![]).draw(&mut Random::new(1)), 0);
    }
}
