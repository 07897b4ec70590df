//! The heap of another program, which goes on living.

mod build;
mod churn;
mod walk;

use self::build::Maker;
use self::churn::{Churn, Plan};
use super::SLOT_BYTES;
use crate::graph::Placement;
use crate::{Found, Parameter, Parameters, Progress, Workload};
use gc_core::{Heap, HeapFull};
use std::sync::Arc;

/// The objects of a [graph](Placement) with their references; then churn: allocations of copies of random objects, most
/// of which die at once, while others take the place of what they are copies of. Sizes, shapes and references stay what
/// they were; so does the size of the heap.
///
/// The program reaches an object from the root, over a shortest way, as programs do. What is further than 64 references
/// away stays as it is, and only objects with a single reference to them are replaced: for others, all that refer to
/// them would have to be found.
///
/// **Stresses** what the other program stresses: the mix of sizes, the width and depth of the graph, cycles, and what
/// lies off the heap.
#[derive(Clone, Debug)]
pub struct SnapshotHeap {
    objects: Arc<Placement>,
    /// How many objects are allocated once the graph is there.
    pub allocations: u64,
    /// Share of them that replace an object, in percent.
    pub kept_percent: u32,
    /// The stream that random choices are drawn from.
    pub seed: u64,
}

impl SnapshotHeap {
    /// What can be set, besides [`SEED`](crate::SEED).
    pub const PARAMETERS: [Parameter; 2] = [
        Parameter {
            name: "allocations",
            unit: "objects",
            about: "how many objects are allocated once the snapshot is there",
            default: 1_000_000,
            min: 0,
            max: 10_000_000_000,
        },
        Parameter {
            name: "kept",
            unit: "percent",
            about: "share of them that take the place of an older object; others die at once",
            default: 10,
            min: 0,
            max: 100,
        },
    ];

    /// The workload of this graph, with `parameters` of [`SnapshotHeap::PARAMETERS`].
    ///
    /// # Panics
    /// If the graph is empty, or if `parameters` are those of another workload.
    #[must_use]
    pub fn new(objects: Arc<Placement>, parameters: &Parameters) -> Self {
        assert!(!objects.is_empty(), "a graph has a root");
        SnapshotHeap {
            objects,
            allocations: parameters.get("allocations"),
            kept_percent: parameters.get_u32("kept"),
            seed: parameters.seed(),
        }
    }

    fn plan(&self) -> Plan {
        Plan::new(self, &self.objects)
    }
}

impl Workload for SnapshotHeap {
    fn operation(&self) -> &'static str {
        "object"
    }

    fn operations(&self) -> u64 {
        u64::from(self.objects.len()) + self.allocations
    }

    fn live_bytes(&self) -> u64 {
        let bytes = |place| self.objects.body(place).heap_bytes() + SLOT_BYTES;
        (0..self.objects.len()).map(bytes).sum()
    }

    fn expected_checksum(&self) -> u64 {
        walk::expected_checksum(&self.objects, &self.plan().contents(self.objects.len()))
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let maker = Maker::new(&self.objects, heap);
        let root = maker.build(heap, progress)?;
        let mut churn = Churn::new(&maker, root, heap);
        for copy in self.plan() {
            heap.scope(|heap| churn.make(heap, copy))?;
            progress.advance(1);
        }
        Ok(walk::checksum(heap.view(root), &self.objects).into())
    }
}
