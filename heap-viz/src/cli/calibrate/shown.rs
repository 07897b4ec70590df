//! What runs show of the costs of work.

use super::super::failure::Failure;
use super::super::plan::PlannedRun;
use super::super::program::Onlookers;
use super::super::progress::Progress;
use super::observation::{Observation, Observer};
use gc_core::Config;
use gc_core::event::Nanos;
use heap_viz::Verdict;

/// What a run has shown.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) pauses: Vec<Observation>,
    /// Picoseconds of the program's own time for each byte that it has allocated.
    pub(crate) allocated_byte_ps: u64,
}

impl Shown {
    /// The pauses of a run that took so long and allocated so much.
    pub(super) fn new(pauses: Vec<Observation>, elapsed: Nanos, allocated_bytes: u64) -> Self {
        let stopped_ps = pauses.iter().map(|pause| pause.time_ps).sum::<f64>();
        let ran_ps = (elapsed.0 as f64 * 1_000.0 - stopped_ps).max(0.0);
        Shown { pauses, allocated_byte_ps: (ran_ps / allocated_bytes.max(1) as f64) as u64 }
    }

    /// What a run under this configuration shows; nothing if it fails.
    pub(crate) fn of_run(run: &PlannedRun, config: Config) -> Result<Option<Shown>, Failure> {
        let observer = Observer::default();
        let onlookers = Onlookers {
            sink: Box::new(observer.clone()),
            watchers: Vec::new(),
            last_look: None,
            sites: None,
        };
        let end = run.program.run(config, onlookers, None, &Progress::hidden())?;
        let passed = matches!(end.verdict, Verdict::Passed { .. });
        Ok(passed.then(|| Shown::new(observer.take(), end.at, end.allocated_bytes)))
    }

    /// Takes the times of `other`, the same run once more, where they are shorter: in the others the machine did something else
    /// meanwhile.
    pub(crate) fn take_shorter(&mut self, other: &Shown) {
        for (pause, again) in self.pauses.iter_mut().zip(&other.pauses) {
            if pause.work == again.work {
                pause.time_ps = pause.time_ps.min(again.time_ps);
            }
        }
        self.allocated_byte_ps = self.allocated_byte_ps.min(other.allocated_byte_ps);
    }
}
