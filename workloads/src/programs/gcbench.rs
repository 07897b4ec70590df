//! GCBench, by John Ellis, Pete Kovac and Hans Boehm.

use super::object_bytes;
use crate::{Checksum, Entry, Found, Parameter, Parameters, Progress, Workload};
use gc_core::{Heap, HeapFull, Layout, Local, Shape, View};

/// Stretches the heap with one tree, makes a tree and an array that stay, then, for every second depth from 4,
/// builds and drops as many trees as have twice the nodes of the first one: half of the rounds top-down, half
/// bottom-up. A node is two references and two 32-bit integers, 24 bytes with its header.
///
/// Two things differ from the original. Each node's integers hold its height, and each tree is walked before it
/// is dropped, so that no object goes unchecked.
///
/// **Stresses** the write barrier (top-down construction) and the large-object space (the array).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GcBench {
    /// Depth of the first tree; a tree of depth 0 is one node.
    pub stretch_depth: u32,
    /// Depth of the tree that stays.
    pub long_lived_depth: u32,
    /// Length of the array that stays, in doubles.
    pub array_length: u32,
    /// Depth of the deepest trees that are dropped.
    pub max_depth: u32,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "gcbench",
    about: "builds trees top-down and bottom-up beside a long-lived tree and a long-lived array of doubles",
    stresses: "the write barrier and the remembered set, since a tree built top-down stores young children into \
               parents that may have been promoted meanwhile; and one large object without references, which must \
               be neither copied nor scanned",
    by_default: true,
    parameters: &[
        Parameter {
            name: "stretch_depth",
            unit: "levels",
            about: "depth of the first tree, which is dropped at once; sets the number of the others",
            default: 18,
            min: 1,
            max: 24,
        },
        Parameter {
            name: "long_lived_depth",
            unit: "levels",
            about: "depth of the tree that stays",
            default: 16,
            min: 0,
            max: 24,
        },
        Parameter {
            name: "array_length",
            unit: "doubles",
            about: "length of the array that stays",
            default: 500_000,
            min: 0,
            max: 100_000_000,
        },
        Parameter {
            name: "max_depth",
            unit: "levels",
            about: "depth of the deepest trees that are dropped",
            default: 16,
            min: 0,
            max: 24,
        },
    ],
    construct: |parameters| Box::new(GcBench::new(parameters)),
};

const LEFT: u32 = 0;
const RIGHT: u32 = 1;
/// The word of a node that holds its two 32-bit integers.
const INTEGERS: u32 = 0;
/// Depth of the shallowest trees that are dropped.
const MIN_DEPTH: u32 = 4;

/// In which order the nodes of a tree are allocated.
#[derive(Clone, Copy)]
enum Order {
    /// Parents first: children are stored into them later.
    TopDown,
    /// Children first: nothing is stored after construction.
    BottomUp,
}

impl GcBench {
    fn new(parameters: &Parameters) -> Self {
        GcBench {
            stretch_depth: parameters.get_u32("stretch_depth"),
            long_lived_depth: parameters.get_u32("long_lived_depth"),
            array_length: parameters.get_u32("array_length"),
            max_depth: parameters.get_u32("max_depth"),
        }
    }

    fn depths(&self) -> impl Iterator<Item = u32> {
        (MIN_DEPTH..=self.max_depth).step_by(2)
    }

    /// How many trees of `depth` are built in each order.
    fn rounds(&self, depth: u32) -> u64 {
        2 * nodes_of_depth(self.stretch_depth) / nodes_of_depth(depth)
    }

    fn doubles(&self) -> impl Iterator<Item = f64> {
        (0..self.array_length).map(|index| 1.0 / (f64::from(index) + 1.0))
    }
}

impl Workload for GcBench {
    fn operation(&self) -> &'static str {
        "node"
    }

    fn operations(&self) -> u64 {
        let dropped: u64 = self.depths().map(|depth| 2 * self.rounds(depth) * nodes_of_depth(depth)).sum();
        nodes_of_depth(self.stretch_depth) + nodes_of_depth(self.long_lived_depth) + dropped
    }

    fn live_bytes(&self) -> u64 {
        let staying = nodes_of_depth(self.long_lived_depth);
        let deepest = self.depths().last().map_or(0, nodes_of_depth);
        let with_array =
            (staying + deepest) * object_bytes(2, 8) + object_bytes(0, 8 * u64::from(self.array_length));
        with_array.max(nodes_of_depth(self.stretch_depth) * object_bytes(2, 8))
    }

    fn expected_checksum(&self) -> u64 {
        let mut checksum = Checksum::default();
        checksum.add(nodes_of_depth(self.stretch_depth));
        for depth in self.depths() {
            checksum.add(2 * self.rounds(depth) * nodes_of_depth(depth));
        }
        checksum.add(nodes_of_depth(self.long_lived_depth));
        self.doubles().for_each(|double| checksum.add(double.to_bits()));
        checksum.value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let node = heap.register("Node", Layout::Fixed { slots: 2, bytes: 8 });
        let doubles = heap.register("double[]", Layout::Bytes);
        let mut checksum = Checksum::default();
        checksum.add(drop_trees(heap, node, Order::BottomUp, self.stretch_depth, 1, progress)?);
        let long_lived = top_down(heap, node, self.long_lived_depth)?;
        progress.advance(nodes_of_depth(self.long_lived_depth));
        let array = self.array(heap, doubles)?;
        for depth in self.depths() {
            let rounds = self.rounds(depth);
            let top_down = drop_trees(heap, node, Order::TopDown, depth, rounds, progress)?;
            checksum.add(top_down + drop_trees(heap, node, Order::BottomUp, depth, rounds, progress)?);
        }
        checksum.add(count(heap.view(long_lived), self.long_lived_depth));
        words(heap.view(array).bytes()).for_each(|word| checksum.add(word));
        Ok(checksum.into())
    }
}

impl GcBench {
    fn array(&self, heap: &mut Heap, doubles: Shape) -> Result<Local, HeapFull> {
        let array = heap.alloc_array(doubles, 8 * self.array_length)?;
        for (bytes, double) in heap.bytes_mut(array).chunks_exact_mut(8).zip(self.doubles()) {
            bytes.copy_from_slice(&double.to_le_bytes());
        }
        Ok(array)
    }
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u64> + '_ {
    bytes.chunks_exact(8).map(|bytes| u64::from_le_bytes(bytes.try_into().expect("a chunk has 8 bytes")))
}

/// Builds, counts and drops `trees` trees of `depth`; the number of nodes counted.
fn drop_trees(
    heap: &mut Heap,
    node: Shape,
    order: Order,
    depth: u32,
    trees: u64,
    progress: &mut Progress<'_>,
) -> Result<u64, HeapFull> {
    let mut nodes = 0;
    for _ in 0..trees {
        nodes += heap.scope(|heap| {
            let root = match order {
                Order::TopDown => top_down(heap, node, depth)?,
                Order::BottomUp => bottom_up(heap, node, depth)?,
            };
            Ok(count(heap.view(root), depth))
        })?;
        progress.advance(nodes_of_depth(depth));
    }
    Ok(nodes)
}

fn top_down(heap: &mut Heap, node: Shape, depth: u32) -> Result<Local, HeapFull> {
    let root = heap.alloc(node)?;
    populate(heap, node, root, depth)?;
    Ok(root)
}

/// Hangs a tree of `depth` under `parent`.
fn populate(heap: &mut Heap, node: Shape, parent: Local, depth: u32) -> Result<(), HeapFull> {
    heap.store_word(parent, INTEGERS, depth.into());
    if depth == 0 {
        return Ok(());
    }
    heap.scope(|heap| {
        let left = heap.alloc(node)?;
        heap.store(parent, LEFT, Some(left));
        let right = heap.alloc(node)?;
        heap.store(parent, RIGHT, Some(right));
        populate(heap, node, left, depth - 1)?;
        populate(heap, node, right, depth - 1)
    })
}

fn bottom_up(heap: &mut Heap, node: Shape, depth: u32) -> Result<Local, HeapFull> {
    heap.escape(|heap| {
        let children = match depth {
            0 => [None, None],
            _ => [Some(bottom_up(heap, node, depth - 1)?), Some(bottom_up(heap, node, depth - 1)?)],
        };
        let root = heap.alloc_with(node, children)?;
        heap.store_word(root, INTEGERS, depth.into());
        Ok(root)
    })
}

/// Number of nodes whose integers hold the height at which they are found.
fn count(tree: View<'_>, height: u32) -> u64 {
    let this = u64::from(tree.word(INTEGERS) == u64::from(height));
    match (tree.slot(LEFT), tree.slot(RIGHT)) {
        (Some(left), Some(right)) if height > 0 => this + count(left, height - 1) + count(right, height - 1),
        _ => this,
    }
}

const fn nodes_of_depth(depth: u32) -> u64 {
    (2 << depth) - 1
}

#[cfg(test)]
mod tests {
    use super::ENTRY;
    use crate::Workload;
    use crate::{Parameters, programs::GcBench};

    #[test]
    fn defaults_are_those_of_the_original() {
        let bench = GcBench::new(&Parameters::defaults(ENTRY.parameters));
        assert_eq!(bench.rounds(4), 33_824);
        assert_eq!(bench.rounds(16), 8);
        assert_eq!(bench.depths().collect::<Vec<_>>(), [4, 6, 8, 10, 12, 14, 16]);
        assert_eq!(bench.operations() / 1_000_000, 15);
    }
}
