//! New spaces of which a chosen share survives: what scavenges are measured on.
//!
//! New space is filled with nodes of [`NODE_BYTES`] bytes: header, two slots, two words. The survivors are spread
//! evenly among the dead and joined to one tree, node `i` being the parent of nodes `2 i + 1` and `2 i + 2`. In
//! address [`Order`] the scavenge, which goes breadth first, meets them as they lie; shuffled, every edge is a jump.

use crate::settings::{MIB, Survival, fixed_semispaces, heap};
use gc_core::policy::OldPacing;
use gc_core::{Config, Heap, HeapFull, Layout, Local, Root, Shape};
use std::time::{Duration, Instant};
use workloads::Random;

/// Size of a node, header included.
pub const NODE_BYTES: u64 = 32;

/// Nodes allocated at a time to make a heap collect.
const GARBAGE: u64 = 64;

/// The shape of a node.
pub(crate) const NODE: Layout = Layout::Fixed { slots: 2, bytes: 16 };

/// How the nodes of a tree lie in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Breadth first, parents before children.
    Address,
    /// At random.
    Shuffled,
}

impl Order {
    /// The numbers below `count` in this order.
    #[must_use]
    pub fn permutation(self, count: usize) -> Vec<usize> {
        let mut numbers: Vec<_> = (0..count).collect();
        if self == Order::Shuffled {
            let mut random = Random::new(count as u64);
            for last in (1..count).rev() {
                numbers.swap(last, random.below(last as u32 + 1) as usize);
            }
        }
        numbers
    }
}

/// A new space to be scavenged.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// Size of a semispace, which the nodes fill.
    pub semispace_bytes: u64,
    /// Share of the nodes that survives.
    pub survival_percent: u32,
    /// How the survivors lie in memory.
    pub order: Order,
    /// What becomes of them.
    pub survival: Survival,
    /// Size of the old space beside it, which is neither remembered nor collected.
    pub old_bytes: u64,
}

impl Setup {
    /// The default new space at its largest, with this share of survivors in address order, and no old space.
    #[must_use]
    pub fn new(survival_percent: u32, survival: Survival) -> Self {
        Setup { semispace_bytes: 16 * MIB, survival_percent, order: Order::Address, survival, old_bytes: 0 }
    }

    /// Nodes that fill new space, with room left for those that emptied it before.
    fn nodes(self) -> u64 {
        self.semispace_bytes / NODE_BYTES - GARBAGE
    }

    /// Nodes that survive.
    fn survivors(self) -> u64 {
        self.nodes() * u64::from(self.survival_percent) / 100
    }

    fn config(self) -> Config {
        let pacing = OldPacing::default();
        let initial_limit_bytes = pacing.initial_limit_bytes + 2 * self.old_bytes;
        let pacing = OldPacing { initial_limit_bytes, ..pacing };
        Config { promotion: self.survival.promotion(), pacing, ..fixed_semispaces(self.semispace_bytes) }
    }
}

/// What a scavenge did.
#[derive(Clone, Copy, Debug)]
pub struct Scavenge {
    /// How long it took, from call to return.
    pub elapsed: Duration,
    /// Objects that survived it.
    pub survivors: u64,
}

impl Scavenge {
    /// Nanoseconds for each survivor.
    #[must_use]
    pub fn nanos_per_survivor(self) -> f64 {
        self.elapsed.as_nanos() as f64 / self.survivors as f64
    }
}

/// A heap whose new space is filled and scavenged again and again.
#[derive(Debug)]
pub struct Nursery {
    setup: Setup,
    heap: Heap,
    node: Shape,
    permutation: Vec<usize>,
    /// Keeps old space alive.
    _old: Option<Root>,
}

impl Nursery {
    /// A heap with this setup.
    ///
    /// # Panics
    /// If the system grants too little memory.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        let mut heap = heap(setup.config());
        let node = heap.register("node", NODE);
        let old = (setup.old_bytes > 0).then(|| grow_old(&mut heap, setup.old_bytes));
        let permutation = setup.order.permutation(setup.survivors() as usize);
        let mut nursery = Nursery { setup, heap, node, permutation, _old: old.transpose().expect("it fits") };
        nursery.empty();
        nursery
    }

    /// Bytes that survive each scavenge.
    #[must_use]
    pub fn survivor_bytes(&self) -> u64 {
        self.permutation.len() as u64 * NODE_BYTES
    }

    /// Fills new space, times a scavenge of it, and lets the survivors die.
    ///
    /// # Panics
    /// If others survive than should.
    pub fn scavenge(&mut self) -> Scavenge {
        let pauses = self.heap.stats().work.pauses;
        let root = self.fill().expect("new space has room for what it holds");
        let before = self.heap.stats().work;
        assert_eq!(before.pauses, pauses, "new space was filled without a collection");
        let start = Instant::now();
        self.heap.collect_minor();
        let elapsed = start.elapsed();
        let work = self.heap.stats().work - before;
        let survivors = match self.setup.survival {
            Survival::Copied => work.copied_objects,
            Survival::Promoted => work.promoted_objects,
        };
        assert_eq!(survivors, self.permutation.len() as u64, "survivors");
        drop(root);
        self.empty();
        Scavenge { elapsed, survivors }
    }

    /// Fills new space with the dead and the survivors; the root that keeps these alive.
    fn fill(&mut self) -> Result<Option<Root>, HeapFull> {
        let (node, nodes, permutation) = (self.node, self.setup.nodes(), &self.permutation);
        self.heap.scope(|heap| {
            let survivors = allocate_spread(heap, node, nodes, permutation.len())?;
            join_as_tree(heap, &survivors, permutation);
            Ok(permutation.first().map(|first| heap.root(survivors[*first])))
        })
    }

    /// Allocates garbage until the heap collects by itself; then new space is as good as empty, and old space has
    /// been collected if that was due.
    fn empty(&mut self) {
        let pauses = self.heap.stats().work.pauses;
        while self.heap.stats().work.pauses == pauses {
            allocate_garbage(&mut self.heap, self.node, GARBAGE).expect("garbage never fills the heap");
        }
    }
}

/// Allocates `nodes` nodes, of which `survivors`, evenly spread, get handles.
fn allocate_spread(
    heap: &mut Heap,
    node: Shape,
    nodes: u64,
    survivors: usize,
) -> Result<Vec<Local>, HeapFull> {
    if survivors == 0 {
        allocate_garbage(heap, node, nodes)?;
        return Ok(Vec::new());
    }
    let mut handles = Vec::with_capacity(survivors);
    let dead = nodes - survivors as u64;
    for number in 0..survivors as u64 {
        let (from, to) = (dead * number / survivors as u64, dead * (number + 1) / survivors as u64);
        allocate_garbage(heap, node, to - from)?;
        handles.push(heap.alloc(node)?);
    }
    Ok(handles)
}

fn allocate_garbage(heap: &mut Heap, node: Shape, nodes: u64) -> Result<(), HeapFull> {
    for _ in 0..nodes {
        heap.scope(|heap| heap.alloc(node).map(|_| ()))?;
    }
    Ok(())
}

/// Makes the nodes, taken in the order of `permutation`, a binary tree.
pub(crate) fn join_as_tree(heap: &mut Heap, nodes: &[Local], permutation: &[usize]) {
    for (number, place) in permutation.iter().enumerate().skip(1) {
        let parent = nodes[permutation[(number - 1) / 2]];
        let slot = (number as u32 - 1) % 2;
        heap.store(parent, slot, Some(nodes[*place]));
    }
}

/// Fills old space with a list of about `bytes` in nodes of 64 bytes; the root that keeps it alive.
fn grow_old(heap: &mut Heap, bytes: u64) -> Result<Root, HeapFull> {
    let node = heap.register("old node", Layout::Fixed { slots: 2, bytes: 48 });
    heap.scope(|heap| {
        let list = heap.alloc(node)?;
        while heap.usage().old_used < bytes {
            for _ in 0..1024 {
                heap.scope(|heap| {
                    let next = heap.alloc_with(node, [Some(list), None])?;
                    heap.assign(list, next);
                    Ok(())
                })?;
            }
        }
        // A second one promotes what the first one copied.
        heap.collect_minor();
        heap.collect_minor();
        Ok(heap.root(list))
    })
}

/// Floor of a scavenge: copies the survivors of a new space, which it need not look for, to a bumpalo arena.
#[derive(Debug)]
pub struct BumpCopy {
    from: Vec<[u64; NODE_BYTES as usize / 8]>,
    to: bumpalo::Bump,
    permutation: Vec<usize>,
}

impl BumpCopy {
    /// The same new space as [`Nursery`] would make.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        let (nodes, survivors) = (setup.nodes() as usize, setup.survivors() as usize);
        let permutation = setup.order.permutation(survivors);
        let permutation = permutation.into_iter().map(|number| number * nodes / survivors).collect();
        BumpCopy { from: vec![[1; _]; nodes], to: bumpalo::Bump::new(), permutation }
    }

    /// Bytes that each scavenge copies.
    #[must_use]
    pub fn survivor_bytes(&self) -> u64 {
        self.permutation.len() as u64 * NODE_BYTES
    }

    /// Copies the survivors.
    pub fn scavenge(&mut self) {
        self.to.reset();
        for place in &self.permutation {
            self.to.alloc(self.from[*place]);
        }
    }
}

/// Ceiling of a scavenge: a new space of boxes, of which the dead are freed one by one.
#[derive(Debug)]
pub struct BoxSweep {
    nodes: Vec<Option<Box<[u64; NODE_BYTES as usize / 8]>>>,
    survival_percent: u32,
}

impl BoxSweep {
    /// As many nodes as [`Nursery`] would make.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        let mut sweep =
            BoxSweep { nodes: vec![None; setup.nodes() as usize], survival_percent: setup.survival_percent };
        sweep.fill();
        sweep
    }

    /// Allocates what has been freed.
    pub fn fill(&mut self) {
        for node in &mut self.nodes {
            node.get_or_insert_with(|| Box::new([1; _]));
        }
    }

    /// Frees the dead.
    pub fn scavenge(&mut self) {
        for (number, node) in self.nodes.iter_mut().enumerate() {
            if number as u32 % 100 >= self.survival_percent {
                *node = None;
            }
        }
    }
}
