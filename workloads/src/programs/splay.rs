//! A splay tree under change, as in the Octane benchmark suite.

mod payload;
mod tree;

use self::payload::Payload;
use self::tree::Tree;
use crate::{Checksum, Entry, Found, Parameter, Parameters, Progress, Random, Workload};
use gc_core::{Heap, HeapFull};
use std::collections::BTreeSet;

/// Fills a splay tree with `size` nodes under random keys; then `runs` times `modifications` times inserts a node
/// and removes the one with the greatest lesser key; then reads the whole tree. Each node owns a binary tree of
/// payload, whose leaves hold an array of ten values and a string made of the key.
///
/// **Stresses** promotion and old space: half of what is promoted is garbage soon after, scattered over all pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Splay {
    /// How many nodes the tree keeps.
    pub size: u32,
    /// How many nodes a run replaces.
    pub modifications: u32,
    /// How many runs are made.
    pub runs: u32,
    /// Depth of the payload of each node; payload of depth 0 is one leaf.
    pub payload_depth: u32,
    /// The stream that keys are drawn from.
    pub seed: u64,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "splay",
    about: "replaces nodes of a splay tree, each with a tree of payload",
    stresses: "promotion and old space: payload lives for long but not for ever, so a steady stream of objects of \
               many sizes is promoted and dies old in scattered places, while rotations write references between \
               old nodes all the time",
    by_default: true,
    parameters: &[
        Parameter {
            name: "size",
            unit: "nodes",
            about: "how many nodes the tree keeps",
            default: 8_000,
            min: 2,
            max: 10_000_000,
        },
        Parameter {
            name: "modifications",
            unit: "nodes",
            about: "how many nodes a run replaces",
            default: 80,
            min: 1,
            max: 1_000_000,
        },
        Parameter {
            name: "runs",
            unit: "runs",
            about: "how many runs are made",
            default: 300,
            min: 1,
            max: 1_000_000,
        },
        Parameter {
            name: "payload_depth",
            unit: "levels",
            about: "depth of the tree of payload that hangs off each node",
            default: 5,
            min: 0,
            max: 12,
        },
    ],
    construct: |parameters| Box::new(Splay::new(parameters)),
};

impl Splay {
    fn new(parameters: &Parameters) -> Self {
        Splay {
            size: parameters.get_u32("size"),
            modifications: parameters.get_u32("modifications"),
            runs: parameters.get_u32("runs"),
            payload_depth: parameters.get_u32("payload_depth"),
            seed: parameters.seed(),
        }
    }

    fn replacements(&self) -> u64 {
        u64::from(self.runs) * u64::from(self.modifications)
    }

    /// The keys in the tree at the end, by the same changes to a set.
    fn expected_keys(&self) -> BTreeSet<u64> {
        let mut random = Random::new(self.seed);
        let mut keys = BTreeSet::new();
        for _ in 0..self.size {
            insert_new(&mut keys, &mut random);
        }
        for _ in 0..self.replacements() {
            let key = insert_new(&mut keys, &mut random);
            let victim = keys.range(..key).next_back().copied().unwrap_or(key);
            keys.remove(&victim);
        }
        keys
    }
}

/// Inserts the first key of the stream that is not there yet.
fn insert_new(keys: &mut BTreeSet<u64>, random: &mut Random) -> u64 {
    loop {
        let key = random.number();
        if keys.insert(key) {
            return key;
        }
    }
}

impl Workload for Splay {
    fn operation(&self) -> &'static str {
        "insertion"
    }

    fn operations(&self) -> u64 {
        u64::from(self.size) + self.replacements()
    }

    fn live_bytes(&self) -> u64 {
        u64::from(self.size) * (tree::NODE_BYTES + payload::live_bytes(self.payload_depth))
    }

    fn expected_checksum(&self) -> u64 {
        self.expected_keys().into_iter().collect::<Checksum>().value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let payload = Payload::new(heap, self.payload_depth);
        let tree = Tree::new(heap)?;
        let mut random = Random::new(self.seed);
        for _ in 0..self.size {
            insert_new_node(heap, &tree, &payload, &mut random)?;
            progress.advance(1);
        }
        for _ in 0..self.replacements() {
            let key = insert_new_node(heap, &tree, &payload, &mut random)?;
            let victim = tree.greatest_less_than(heap, key).unwrap_or(key);
            tree.remove(heap, victim);
            progress.advance(1);
        }
        // A damaged payload counts as a wrong key.
        let read = |key, found| if payload.is_intact(found, key) { key } else { !key };
        Ok(tree.in_order(heap).map(|(key, found)| read(key, found)).collect::<Checksum>().into())
    }
}

/// Inserts a node with payload under the first key of the stream that is not in the tree yet.
fn insert_new_node(
    heap: &mut Heap,
    tree: &Tree,
    payload: &Payload,
    random: &mut Random,
) -> Result<u64, HeapFull> {
    let mut key = random.number();
    while tree.contains(heap, key) {
        key = random.number();
    }
    heap.scope(|heap| {
        let hung = payload.grow(heap, key)?;
        tree.insert(heap, key, hung)
    })?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::Splay;

    #[test]
    fn the_tree_keeps_its_size() {
        let splay = Splay { size: 100, modifications: 10, runs: 7, payload_depth: 0, seed: 1 };
        assert_eq!(splay.expected_keys().len(), 100);
    }
}
