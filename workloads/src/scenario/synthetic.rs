//! A scenario as a workload.

use super::account::Account;
use super::on_heap::OnHeap;
use super::run::{Run, Step};
use super::{MAX_LENGTH, MAX_SHAPES, Scenario};
use crate::{Found, Progress, Workload};
use gc_core::{Heap, HeapFull};
use std::sync::OnceLock;

/// A scenario as a workload, with the seed of its random numbers.
///
/// What must come out is found by running it without a heap, once, when that is first asked for.
#[derive(Debug)]
pub struct Synthetic {
    scenario: Scenario,
    seed: u64,
    account: OnceLock<Account>,
}

impl Synthetic {
    /// The workload.
    ///
    /// # Panics
    /// If the scenario has more shapes than [`MAX_SHAPES`], lasts longer than [`MAX_LENGTH`], has a phase that does not
    /// tell the lifetimes of all classes, or an initial graph that does not pass its [check](super::Graph::check).
    #[must_use]
    pub fn new(scenario: Scenario, seed: u64) -> Self {
        assert!(scenario.most_shapes() <= MAX_SHAPES, "a heap has no room for so many shapes");
        assert!(scenario.length() <= MAX_LENGTH, "times must fit 64 bits");
        let classes = scenario.classes.len();
        let is_complete = |activity: &super::Activity| {
            activity.lifetimes.len() == classes && activity.classes.iter().all(|(_, class)| *class < classes)
        };
        assert!(scenario.phases.iter().all(|phase| is_complete(&phase.activity)), "phases know all classes");
        if let Err(error) = scenario.initial.check() {
            panic!("the initial graph: {error}");
        }
        Synthetic { scenario, seed, account: OnceLock::new() }
    }

    /// What it does.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Objects that are alive when all operations are done: how many, and their bytes in the heap and off it.
    #[must_use]
    pub fn live_at_end(&self) -> (u64, u64, u64) {
        let live = self.account().live;
        (live.objects, live.heap_bytes, live.external_bytes)
    }

    fn account(&self) -> &Account {
        self.account.get_or_init(|| Account::of(self.start()))
    }

    fn start(&self) -> Run<'_> {
        Run::new(&self.scenario, self.seed)
    }
}

impl Workload for Synthetic {
    fn operation(&self) -> &'static str {
        "object"
    }

    fn operations(&self) -> u64 {
        self.account().objects
    }

    fn live_bytes(&self) -> u64 {
        self.account().peak_bytes
    }

    fn expected_checksum(&self) -> u64 {
        self.account().checksum
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let mut on_heap = OnHeap::new(&self.scenario);
        let done = self.start().make(&mut |step: Step| on_heap.take(heap, step, progress));
        let checksum = on_heap.checksum();
        on_heap.leave(heap);
        done.map(|()| checksum.into())
    }
}
