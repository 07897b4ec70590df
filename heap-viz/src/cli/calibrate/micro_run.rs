//! Runs that show what a unit of work costs.

use super::super::failure::Failure;
use super::observation::Observer;
use super::shown::Shown;
use gc_core::{Config, Heap};

/// How many times each run is made.
const REPEATS: usize = 5;

/// A run of a workload on a heap that does one kind of work above all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MicroRun {
    /// What it shows.
    pub(crate) name: &'static str,
    workload: &'static str,
    parameters: &'static [&'static str],
    /// Settings besides the default ones.
    configure: fn(&mut Config),
}

impl MicroRun {
    /// Makes the run several times. It is the same each time, so that of each pause the shortest time counts: in the others the
    /// machine did something else meanwhile.
    pub(crate) fn make(&self) -> Result<Shown, Failure> {
        let mut shown = self.make_once()?;
        for _ in 1..REPEATS {
            shown.take_shorter(&self.make_once()?);
        }
        Ok(shown)
    }

    fn make_once(&self) -> Result<Shown, Failure> {
        let mut config = Config::default();
        (self.configure)(&mut config);
        let mut heap = Heap::new(config).map_err(Failure::Heap)?;
        let observer = Observer::default();
        heap.set_sink(Box::new(observer.clone()));
        let entry = workloads::find(self.workload).expect("the workload is registered");
        let workload = entry.workload(self.parameters).expect("the parameters are legal");
        let outcome = workload.run(&mut heap, &mut |_| ());
        let outcome = outcome.map_err(|problem| Failure::MicroRun { name: self.name, problem })?;
        Ok(Shown::new(observer.take(), outcome.elapsed, heap.stats().work.allocated_bytes))
    }
}

/// A new space of a size that does not change.
fn fixed_new_space(config: &mut Config, bytes: u64) {
    (config.new_space.initial_bytes, config.new_space.max_bytes) = (bytes, bytes);
}

/// Full collections in one pause, and many of them.
fn full_and_often(config: &mut Config) {
    config.marking.incremental = false;
    config.pacing.initial_limit_bytes = 4 << 20;
}

/// Nothing but garbage: what a pause and a byte allocated cost.
pub(crate) const GARBAGE: MicroRun = MicroRun {
    name: "garbage",
    workload: "window",
    parameters: &["objects=8_000_000", "window=0"],
    configure: |config| fixed_new_space(config, 1 << 20),
};

/// The runs that the costs are fitted to, each with another mixture of work.
pub(crate) const MICRO_RUNS: &[MicroRun] = &[
    MicroRun {
        name: "small copied",
        workload: "window",
        parameters: &["objects=6_000_000", "window=40_000", "object=32"],
        configure: |config| fixed_new_space(config, 4 << 20),
    },
    MicroRun {
        name: "large copied",
        workload: "window",
        parameters: &["objects=1_500_000", "window=10_000", "object=240"],
        configure: |config| fixed_new_space(config, 4 << 20),
    },
    MicroRun {
        name: "few copied",
        workload: "window",
        parameters: &["objects=6_000_000", "window=2_000", "object=48"],
        configure: |config| fixed_new_space(config, 2 << 20),
    },
    MicroRun {
        name: "small promoted",
        workload: "window",
        parameters: &["objects=4_000_000", "window=40_000", "object=32"],
        configure: |config| {
            config.promotion.age = 0;
            fixed_new_space(config, 4 << 20);
        },
    },
    MicroRun {
        name: "large promoted",
        workload: "window",
        parameters: &["objects=800_000", "window=10_000", "object=240"],
        configure: |config| {
            config.promotion.age = 0;
            fixed_new_space(config, 4 << 20);
        },
    },
    MicroRun {
        name: "remembered",
        workload: "adversary_remembered",
        parameters: &["holders=60_000", "rounds=12"],
        configure: |config| fixed_new_space(config, 1 << 20),
    },
    MicroRun {
        name: "cards",
        workload: "adversary_array",
        parameters: &["slots=400_000", "stores=800_000"],
        configure: |config| fixed_new_space(config, 1 << 20),
    },
    MicroRun {
        name: "replaced",
        workload: "replacement",
        parameters: &["records=60_000", "steps=1_500_000"],
        configure: full_and_often,
    },
    MicroRun {
        name: "marked in order",
        workload: "growth",
        parameters: &["objects=1_500_000"],
        configure: full_and_often,
    },
    MicroRun {
        name: "marked at random",
        workload: "random_graph",
        parameters: &["nodes=100_000", "steps=1_500_000"],
        configure: full_and_often,
    },
    MicroRun {
        name: "marked in steps",
        workload: "replacement",
        parameters: &["records=60_000", "steps=1_500_000"],
        configure: |config| config.pacing.initial_limit_bytes = 4 << 20,
    },
    MicroRun {
        name: "slid",
        workload: "replacement",
        parameters: &["records=60_000", "steps=1_000_000"],
        configure: |config| {
            full_and_often(config);
            config.compaction.slide_percent = 0;
        },
    },
    MicroRun {
        name: "evacuated",
        workload: "replacement",
        parameters: &["records=60_000", "steps=1_500_000"],
        configure: |config| {
            config.pacing.initial_limit_bytes = 4 << 20;
            config.compaction.fragmented_percent = 0;
            config.compaction.sparse_percent = 90;
        },
    },
];

/// Runs that the costs are not fitted to.
pub(crate) const HELD_OUT: &[MicroRun] = &[
    MicroRun { name: "binary_trees", workload: "binary_trees", parameters: &["depth=15"], configure: |_| () },
    MicroRun { name: "splay", workload: "splay", parameters: &[], configure: |_| () },
    MicroRun { name: "lru_cache", workload: "lru_cache", parameters: &[], configure: |_| () },
];
