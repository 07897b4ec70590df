//! Trying candidates, on all cores.

use super::super::effective::Effective;
use super::super::failure::Failure;
use super::super::plan::PlannedRun;
use super::super::progress::Progress;
use super::candidate::Candidate;
use super::figures::Figures;
use super::spread::Spread;
use heap_viz::ClockKind;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// What the modelled clock says of a candidate.
#[derive(Clone, Debug)]
pub(crate) struct Prediction {
    pub(crate) candidate: Candidate,
    /// Its figures, or why the run failed under it.
    pub(crate) outcome: Result<Figures, String>,
}

/// The predictions for all `candidates`, in their order. They do not depend on how many threads make them.
pub(crate) fn search(
    run: &PlannedRun,
    base: &Effective,
    spread: Option<&Spread>,
    candidates: &[Candidate],
) -> Result<Vec<Prediction>, Failure> {
    let found = Mutex::new(Vec::new());
    let (next, progress) = (AtomicUsize::new(0), Progress::new("predicting", 1, 1));
    let work = || {
        while let Some((index, candidate)) = take(candidates, &next) {
            let config = candidate.on(base).by_clock(ClockKind::Modelled).config();
            let outcome = Figures::of_run(run, config, spread);
            let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
            found.push((index, outcome.map(|outcome| Prediction { candidate: *candidate, outcome })));
            progress.show(found.len() as f64 / candidates.len() as f64);
        }
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(candidates.len());
    thread::scope(|scope| (0..threads).for_each(|_| _ = scope.spawn(work)));
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort_by_key(|(index, _)| *index);
    found.into_iter().map(|(_, prediction)| prediction).collect()
}

fn take<'c>(candidates: &'c [Candidate], next: &AtomicUsize) -> Option<(usize, &'c Candidate)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    candidates.get(index).map(|candidate| (index, candidate))
}
