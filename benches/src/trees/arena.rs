//! The program on gc-arena: a mutation for each tree, and between two of them the collection that is due.

use super::batches;
use gc_arena::metrics::Pacing;
use gc_arena::{Arena, Collect, Gc, Mutation, Rootable};
use workloads::Checksum;

/// The pacing that is fastest for this program within five times the memory of what lives: each cycle is one
/// stop-the-world collection, due when four times as many nodes have been allocated as the last one left.
///
/// Found at depth 18, each run in a process of its own: the default pacing 17.2 s (100 MB resident),
/// `STOP_THE_WORLD` as it is 5.2 s (76 MB), with a `sleep_factor` of 2 3.9 s (100 MB), of 4 3.4 s (149 MB), of 8
/// 3.0 s (248 MB). A `min_sleep` of a million nodes brings less than a larger factor does.
pub const BEST_PACING: Pacing = Pacing { sleep_factor: 4.0, ..Pacing::STOP_THE_WORLD };

#[derive(Collect)]
#[collect(no_drop)]
struct Node<'gc> {
    children: Option<[Gc<'gc, Node<'gc>>; 2]>,
}

/// The tree that stays, once it has been built.
type Kept<'gc> = Option<Gc<'gc, Node<'gc>>>;

/// Runs the program; the checksum.
///
/// # Panics
/// If the tree that stays is lost.
#[must_use]
pub fn run(depth: u32, pacing: Pacing) -> u64 {
    let mut counts = Checksum::default();
    let mut arena = Arena::<Rootable![Kept<'_>]>::new(|_| None);
    arena.metrics().set_pacing(pacing);
    counts.add(drop_tree(&mut arena, depth + 1));
    arena.mutate_root(|mc, kept| *kept = Some(tree(mc, depth)));
    for batch in batches(depth) {
        counts.add((0..batch.trees).map(|_| drop_tree(&mut arena, batch.depth)).sum());
    }
    counts.add(arena.mutate(|_, kept| kept.as_deref().map(count)).expect("the tree stays"));
    counts.value()
}

/// Builds, counts and drops a tree; the number of nodes counted.
fn drop_tree(arena: &mut Arena<Rootable![Kept<'_>]>, depth: u32) -> u64 {
    let nodes = arena.mutate(|mc, _| count(&tree(mc, depth)));
    arena.collect_debt();
    nodes
}

fn tree<'gc>(mc: &Mutation<'gc>, depth: u32) -> Gc<'gc, Node<'gc>> {
    let children = (depth > 0).then(|| [tree(mc, depth - 1), tree(mc, depth - 1)]);
    Gc::new(mc, Node { children })
}

fn count(node: &Node<'_>) -> u64 {
    match &node.children {
        Some([left, right]) => 1 + count(left) + count(right),
        None => 1,
    }
}
