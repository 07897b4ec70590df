//! Trying candidates.

use super::super::effective::Effective;
use super::super::failure::Failure;
use super::super::parallel::on_all_cores;
use super::super::plan::PlannedRun;
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
    let predict = |candidate: &Candidate| {
        let heap = candidate.on(base).by_clock(ClockKind::Modelled);
        let outcome = Figures::of_run(run, &heap, spread)?;
        Ok(Prediction { candidate: *candidate, outcome })
    };
    on_all_cores("predicting", candidates, predict)
}
