//! One long list: the deepest graph that there is.

use super::object_bytes;
use crate::{Checksum, Entry, Found, Parameter, Parameters, Progress, Workload};
use gc_core::{Heap, HeapFull, Layout, Local, Shape, View};

/// Builds a list by appending at its end, each node holding its number, walks it from the start, drops it; `rounds`
/// times.
///
/// **Stresses** depth. There is one path, and it is as long as the heap is large: marking must be iterative and
/// can run nothing in parallel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkedList {
    /// Length of the list, in nodes.
    pub length: u32,
    /// How many lists are built.
    pub rounds: u32,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "linked_list",
    about: "builds one long list, walks it, drops it, and does so again",
    stresses: "depth: old space is one chain, so a marker that recursed would overflow its stack, and one that \
               prefetches finds nothing to fetch ahead; appending stores young nodes into a tail that may be old; \
               dropping the list turns most of old space into garbage at once",
    by_default: true,
    parameters: &[
        Parameter {
            name: "length",
            unit: "nodes",
            about: "length of the list",
            default: 2_000_000,
            min: 1,
            max: 500_000_000,
        },
        Parameter {
            name: "rounds",
            unit: "lists",
            about: "how many lists are built, one after another",
            default: 4,
            min: 1,
            max: 1_000_000,
        },
    ],
    construct: |parameters| Box::new(LinkedList::new(parameters)),
};

const NEXT: u32 = 0;
/// The word of a node that holds its number.
const NUMBER: u32 = 0;

impl LinkedList {
    fn new(parameters: &Parameters) -> Self {
        LinkedList { length: parameters.get_u32("length"), rounds: parameters.get_u32("rounds") }
    }

    fn build(&self, heap: &mut Heap, node: Shape, progress: &mut Progress<'_>) -> Result<Local, HeapFull> {
        let head = heap.alloc(node)?;
        let tail = heap.duplicate(head);
        progress.advance(1);
        for number in 1..self.length {
            heap.scope(|heap| append(heap, node, tail, number))?;
            progress.advance(1);
        }
        Ok(head)
    }
}

impl Workload for LinkedList {
    fn operation(&self) -> &'static str {
        "node"
    }

    fn operations(&self) -> u64 {
        u64::from(self.rounds) * u64::from(self.length)
    }

    fn live_bytes(&self) -> u64 {
        u64::from(self.length) * object_bytes(1, 8)
    }

    fn expected_checksum(&self) -> u64 {
        (0..self.rounds).map(|_| weighted_sum(self.length)).collect::<Checksum>().value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let node = heap.register("Node", Layout::Fixed { slots: 1, bytes: 8 });
        let mut checksum = Checksum::default();
        for _ in 0..self.rounds {
            checksum.add(heap.scope(|heap| {
                let head = self.build(heap, node, progress)?;
                Ok(walk(heap.view(head)))
            })?);
        }
        Ok(checksum.into())
    }
}

/// Puts a new node behind `tail`, and makes `tail` refer to it.
fn append(heap: &mut Heap, node: Shape, tail: Local, number: u32) -> Result<(), HeapFull> {
    let last = heap.alloc(node)?;
    heap.store_word(last, NUMBER, number.into());
    heap.store(tail, NEXT, Some(last));
    heap.assign(tail, last);
    Ok(())
}

/// The sum over the list of each node's number times its position, counted from 1: a node out of its place, or
/// missing, changes it.
fn walk(head: View<'_>) -> u64 {
    let mut sum: u64 = 0;
    let mut position = 0;
    let mut cursor = Some(head);
    while let Some(node) = cursor {
        position += 1;
        sum = sum.wrapping_add(node.word(NUMBER).wrapping_mul(position));
        cursor = node.slot(NEXT);
    }
    sum
}

/// What [`walk`] finds on a list of `length` nodes: the sum of i (i + 1) for i from 0 to n - 1, which is
/// (n - 1) n (n + 1) / 3.
fn weighted_sum(length: u32) -> u64 {
    let n = u128::from(length);
    ((n - 1) * n * (n + 1) / 3) as u64
}

#[cfg(test)]
mod tests {
    use super::weighted_sum;

    #[test]
    fn the_closed_form_is_the_sum() {
        for length in [1, 2, 3, 100] {
            let sum: u64 = (0..u64::from(length)).map(|number| number * (number + 1)).sum();
            assert_eq!(weighted_sum(length), sum, "of {length} nodes");
        }
    }
}
