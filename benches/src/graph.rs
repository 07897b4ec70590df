//! Old objects: what marking and sweeping are measured on.
//!
//! A graph is a binary tree of nodes of 32 bytes, as in [`survivors`](crate::survivors), all of them old. In
//! address order marking meets neighbours together; shuffled, every edge is a jump.

use crate::settings::{MIB, Survival, fixed_semispaces, heap};
use crate::survivors::{NODE, NODE_BYTES, Order, join_as_tree};
use bumpalo::Bump;
use gc_core::event::{Phase, Recorder};
use gc_core::snapshot::Snapshot;
use gc_core::{Config, Heap, HeapFull, Root, Shape};
use std::cell::Cell;
use std::time::{Duration, Instant};
use workloads::Random;

/// Mean length of a cluster of dead nodes.
const DEAD_CLUSTER: u32 = 8;

/// A Tenure heap with an old graph.
#[derive(Debug)]
pub struct OldGraph {
    heap: Heap,
    node: Shape,
    recorder: Recorder,
    live_nodes: u64,
    /// Keeps the live nodes alive.
    _root: Root,
}

impl OldGraph {
    /// A heap of `nodes` old nodes of which `live_percent`, in random clusters, are still alive; the others have been
    /// collected.
    ///
    /// # Panics
    /// If the system grants too little memory.
    #[must_use]
    pub fn new(nodes: u32, live_percent: u32, order: Order) -> Self {
        let mut heap =
            heap(Config { promotion: Survival::Promoted.promotion(), ..fixed_semispaces(16 * MIB) });
        let node = heap.register("node", NODE);
        let kept = clusters(nodes, live_percent);
        let live_nodes = kept.len() as u64;
        let root = grow(&mut heap, node, nodes, &kept, order).expect("the heap has room for the graph");
        let recorder = Recorder::default();
        heap.set_sink(Box::new(recorder.clone()));
        heap.collect_full();
        OldGraph { heap, node, recorder, live_nodes, _root: root }
    }

    /// Number of live nodes.
    #[must_use]
    pub fn live_nodes(&self) -> u64 {
        self.live_nodes
    }

    /// Takes a snapshot.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.heap.snapshot()
    }

    /// Makes a full collection; the time that `phase` took.
    pub fn collect(&mut self, phase: Phase) -> Duration {
        crate::phases::time_of_full(&mut self.heap, &self.recorder, phase)
    }

    /// Promotes `nodes` young nodes at once into the holes of old space, and lets them die and be swept; the time
    /// that the promotion took.
    ///
    /// # Panics
    /// If the heap is full.
    pub fn promote(&mut self, nodes: u32) -> Duration {
        self.heap.collect_minor();
        let elapsed = self.heap.scope(|heap| {
            for _ in 0..nodes {
                heap.alloc(self.node)?;
            }
            let start = Instant::now();
            heap.collect_minor();
            Ok::<_, HeapFull>(start.elapsed())
        });
        self.heap.collect_full();
        elapsed.expect("the heap has room for them")
    }
}

/// The numbers of the nodes that stay alive.
fn clusters(nodes: u32, live_percent: u32) -> Vec<usize> {
    let mut random = Random::new(nodes.into());
    let mut is_live = true;
    let live_cluster = DEAD_CLUSTER * live_percent / (100 - live_percent).max(1);
    let mut stays = || {
        let cluster = if is_live { live_cluster } else { DEAD_CLUSTER };
        let ends = live_percent < 100 && random.below(cluster.max(1)) == 0;
        is_live ^= ends;
        is_live
    };
    (0..nodes as usize).filter(|_| stays()).collect()
}

/// Builds the graph: nodes lie in the order of their numbers; those `kept` are joined to a tree in `order`.
fn grow(heap: &mut Heap, node: Shape, nodes: u32, kept: &[usize], order: Order) -> Result<Root, HeapFull> {
    heap.scope(|heap| {
        let all = (0..nodes).map(|_| heap.alloc(node)).collect::<Result<Vec<_>, _>>()?;
        heap.collect_minor();
        let kept: Vec<_> = kept.iter().map(|number| all[*number]).collect();
        let permutation = order.permutation(kept.len());
        join_as_tree(heap, &kept, &permutation);
        Ok(heap.root(kept[permutation[0]]))
    })
}

/// A node of the floor.
#[derive(Debug)]
struct BumpNode<'b> {
    children: [Cell<Option<&'b BumpNode<'b>>>; 2],
    is_marked: Cell<u64>,
    _word: u64,
}

/// Floor of marking: walks a tree in a bumpalo arena with a stack and sets a mark in each node.
///
/// # Panics
/// If the walk does not meet all nodes.
pub fn with_bump_tree(nodes: u32, order: Order, measure: impl FnOnce(&mut dyn FnMut())) {
    let bump = Bump::new();
    let all: Vec<&BumpNode<'_>> = (0..nodes).map(|_| &*bump.alloc(BumpNode::default())).collect();
    let permutation = order.permutation(all.len());
    for (number, place) in permutation.iter().enumerate().skip(1) {
        let parent = all[permutation[(number - 1) / 2]];
        parent.children[(number - 1) % 2].set(Some(all[*place]));
    }
    let (root, mut epoch) = (all[permutation[0]], 0);
    measure(&mut || {
        epoch += 1;
        assert_eq!(mark(root, epoch), nodes, "nodes reached");
    });
}

impl Default for BumpNode<'_> {
    fn default() -> Self {
        BumpNode { children: [Cell::new(None), Cell::new(None)], is_marked: Cell::new(0), _word: 0 }
    }
}

/// Marks everything that `root` reaches with `epoch`; the number of nodes marked.
fn mark<'b>(root: &'b BumpNode<'b>, epoch: u64) -> u32 {
    let mut marked = 0;
    let mut grey = vec![root];
    while let Some(node) = grey.pop() {
        if node.is_marked.replace(epoch) != epoch {
            marked += 1;
            grey.extend(node.children.iter().filter_map(Cell::get));
        }
    }
    marked
}

/// A node of the ceiling.
pub type BoxedNode = Box<[u64; NODE_BYTES as usize / 8]>;

/// Ceiling of marking and sweeping: so many nodes, to be freed one by one in this order.
#[must_use]
pub fn boxed_nodes(nodes: u32, order: Order) -> Vec<BoxedNode> {
    let mut boxes: Vec<Option<BoxedNode>> = (0..nodes).map(|_| Some(Box::new([1; _]))).collect();
    let permutation = order.permutation(boxes.len());
    permutation.into_iter().filter_map(|place| boxes[place].take()).collect()
}
