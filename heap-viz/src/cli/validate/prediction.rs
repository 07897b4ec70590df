//! A run under the preset and the modelled clock.

use super::super::failure::Failure;
use super::super::progress::Progress;
use super::counts::{Counter, Counts};
use super::reference::Row;
use super::start_up::StartUp;
use gc_core::clock::CostModel;
use gc_core::{ClockSource, Config, Heap};
use workloads::WorkloadError;

/// What the preset predicts for a row. A program that runs out of memory is predicted up to there.
pub(crate) fn predict(row: &Row, progress: &Progress) -> Result<Counts, Failure> {
    let clock = ClockSource::Modelled(CostModel::default());
    let config = Config { clock, prefault: false, huge_pages: false, ..row.config.clone() };
    let mut heap = Heap::new(config).map_err(Failure::Heap)?;
    let counter = Counter::default();
    let Ok(_start_up) = StartUp::fill(&mut heap) else { return Ok(counter.counts()) };
    heap.set_sink(Box::new(counter.clone()));
    match row.workload.run(&mut heap, &mut |share| progress.show(share)) {
        Ok(_) | Err(WorkloadError::HeapFull(_)) => Ok(counter.counts()),
        Err(error) => Err(Failure::Prediction { row: row.name.clone(), problem: error }),
    }
}
