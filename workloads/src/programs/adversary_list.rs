//! An adversary of marking: one long list that jumps about in memory.

use super::object_bytes;
use super::shuffle::Shuffle;
use crate::{Checksum, Entry, Found, Parameter, Parameters, Progress, Workload};
use gc_core::{Heap, HeapFull, Layout, Local, Shape, View};

/// Makes nodes in one order and links them to a list in another, a random one; then walks the list. The next round makes its
/// nodes while the list before is still there.
///
/// [`LinkedList`](super::LinkedList) is as long, but lies in memory in the order of its links.
///
/// **Attacks** marking: there is one grey object at a time, and the next one is anywhere, so each costs a miss of all caches
/// and nothing can be fetched ahead or done by another thread. **Answer:** none but steps: marking takes long, and is done in
/// pieces that end after any object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdversaryList {
    /// Length of the list, in nodes.
    pub length: u32,
    /// How many lists are made.
    pub rounds: u32,
    /// What decides the order of the links.
    pub seed: u64,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "adversary_list",
    about: "links nodes that are old to one long list in random order, and walks it",
    stresses: "marking without locality: one object is grey at a time and the next one is anywhere, so nothing can be \
               fetched ahead; linking writes to every node, most of them old, while marking is under way",
    by_default: false,
    parameters: &[
        Parameter {
            name: "length",
            unit: "nodes",
            about: "length of the list",
            default: 1_000_000,
            min: 1,
            max: 100_000_000,
        },
        Parameter {
            name: "rounds",
            unit: "lists",
            about: "how many lists are made, one after another",
            default: 3,
            min: 1,
            max: 1_000_000,
        },
    ],
    construct: |parameters| Box::new(AdversaryList::new(parameters)),
};

const NEXT: u32 = 0;
/// The word of a node that holds its number.
const NUMBER: u32 = 0;

impl AdversaryList {
    fn new(parameters: &Parameters) -> Self {
        AdversaryList {
            length: parameters.get_u32("length"),
            rounds: parameters.get_u32("rounds"),
            seed: parameters.seed(),
        }
    }

    /// The numbers of a list's nodes, first to last.
    fn order(&self, round: u32) -> Shuffle {
        Shuffle::new(self.length, self.seed.wrapping_add(round.into()))
    }
}

impl Workload for AdversaryList {
    fn operation(&self) -> &'static str {
        "node"
    }

    fn operations(&self) -> u64 {
        u64::from(self.rounds) * u64::from(self.length)
    }

    fn live_bytes(&self) -> u64 {
        let list = u64::from(self.length) * object_bytes(1, 8);
        list * u64::from(self.rounds.min(2)) + object_bytes(self.length.into(), 0)
    }

    fn expected_checksum(&self) -> u64 {
        (0..self.rounds).flat_map(|round| self.order(round)).map(u64::from).collect::<Checksum>().value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let node = heap.register("Node", Layout::Fixed { slots: 1, bytes: 8 });
        let table = heap.register("Table", Layout::Slots);
        // A node before the first, which is part of no list.
        let start = heap.alloc(node)?;
        let mut checksum = Checksum::default();
        for round in 0..self.rounds {
            heap.scope(|heap| {
                let nodes = heap.alloc_array(table, self.length)?;
                make_nodes(heap, node, nodes, progress)?;
                link(heap, start, nodes, self.order(round));
                Ok(())
            })?;
            walk(heap.view(start)).for_each(|number| checksum.add(number));
        }
        Ok(checksum.into())
    }
}

fn make_nodes(
    heap: &mut Heap,
    node: Shape,
    nodes: Local,
    progress: &mut Progress<'_>,
) -> Result<(), HeapFull> {
    for number in 0..heap.view(nodes).len() {
        heap.scope(|heap| {
            let made = heap.alloc(node)?;
            heap.store_word(made, NUMBER, number.into());
            heap.store(nodes, number, Some(made));
            Ok(())
        })?;
        progress.advance(1);
    }
    Ok(())
}

/// Makes a list of nodes in `order`, with `start` before them.
fn link(heap: &mut Heap, start: Local, nodes: Local, order: Shuffle) {
    let last = heap.duplicate(start);
    for number in order {
        heap.copy_slots(nodes, number..number + 1, last, NEXT);
        heap.advance(last, nodes, number);
    }
}

/// The numbers behind `start`.
fn walk(start: View<'_>) -> impl Iterator<Item = u64> {
    let nodes = std::iter::successors(start.slot(NEXT), |node| node.slot(NEXT));
    nodes.map(|node| node.word(NUMBER))
}
