//! Trying candidates, on all cores.

use super::super::effective::Effective;
use super::super::failure::Failure;
use super::super::parallel;
use super::super::plan::PlannedRun;
use super::super::progress::Progress;
use super::candidate::Candidate;
use super::figures::Figures;
use super::spread::Spread;
use heap_viz::ClockKind;

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
    let progress = Progress::new("predicting", 1, 1);
    let threads = parallel::cores().min(candidates.len());
    let predict = |candidate: &Candidate| {
        let config = candidate.on(base).by_clock(ClockKind::Modelled).config();
        let outcome = Figures::of_run(run, config, spread)?;
        Ok(Prediction { candidate: *candidate, outcome })
    };
    let done = |count| progress.show(count as f64 / candidates.len() as f64);
    parallel::map(candidates, threads, predict, done)
}
