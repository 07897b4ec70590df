//! `tenure predict`: which settings keep pauses within a goal with the least memory.
//!
//! What work costs is learned from the program itself, or given. Every candidate is then run under the modelled clock, which
//! takes no measurement. The best ones are measured, so that whoever reads the prediction sees how good it was; the first that
//! keeps to the goal then too is chosen.

mod candidate;
mod figures;
mod lessons;
mod search;
mod spread;
mod table;

use super::args::PredictArgs;
use super::effective::Effective;
use super::failure::Failure;
use super::plan::{PlannedRun, RunPlan};
use super::stdout::Stdout;
use super::text_file;
use candidate::Candidate;
pub(crate) use figures::At;
use figures::{Figures, Goal};
use heap_viz::ClockKind;
use search::Prediction;
use spread::Spread;
use table::{Confirmation, Table};

/// Most candidates that are measured: where predictions are so far off that none of them keeps to the goal, more would not.
const MAX_MEASURED: usize = 4;

/// Searches, chooses, confirms, and tells all three.
pub(crate) fn predict(args: &PredictArgs, stdout: &mut Stdout) -> Result<(), Failure> {
    let plan = RunPlan::new(&args.as_run())?;
    let run = &plan.runs[0];
    let (base, spread) = &with_costs(args, run, &plan.heap)?;
    let goal = Goal { at: args.at, longest: args.max_pause.0 };
    let predictions = search::search(run, base, spread.as_ref(), &candidate::all())?;
    let measured = measure_best(run, base, &keeping(&predictions, &goal), &goal, args.repeat)?;
    let table = Table { goal: &goal, predictions: &predictions, measured: &measured };
    stdout.print(&table.to_string())?;
    let choice = table.choice().ok_or(Failure::NoSettings { goal: goal.to_string() })?;
    args.output.as_deref().map_or(Ok(()), |path| text_file::write(path, &choice.candidate.on(base).to_toml()))
}

/// The settings with what work costs, as it was given; or learned from the program itself, with how far pauses are from it.
fn with_costs(
    args: &PredictArgs,
    run: &PlannedRun,
    given: &Effective,
) -> Result<(Effective, Option<Spread>), Failure> {
    if args.heap.cost_model.is_some() {
        return Ok((given.clone(), None));
    }
    let (cost, spread) = lessons::learn(run, given)?;
    Ok((given.changed(|draft| draft.cost = cost), Some(spread)))
}

/// The candidates that are predicted to keep to the goal, those that take the least memory first; of several such, those that are
/// done first.
fn keeping<'p>(predictions: &'p [Prediction], goal: &Goal) -> Vec<&'p Prediction> {
    let figures =
        predictions.iter().filter_map(|prediction| Some((prediction, prediction.outcome.as_ref().ok()?)));
    let mut keeping: Vec<_> = figures.filter(|(_, figures)| goal.is_met_by(figures)).collect();
    keeping.sort_by_key(|(_, figures)| (figures.peak_bytes, figures.elapsed));
    keeping.into_iter().map(|(prediction, _)| prediction).collect()
}

/// Measures the candidates in their order up to the first that keeps to the goal.
fn measure_best<'p>(
    run: &PlannedRun,
    base: &Effective,
    keeping: &[&'p Prediction],
    goal: &Goal,
    repeat: u32,
) -> Result<Vec<(&'p Prediction, Confirmation)>, Failure> {
    let mut measured = Vec::new();
    for prediction in keeping.iter().take(MAX_MEASURED) {
        let confirmation = confirm(run, base, prediction, repeat)?;
        let is_met = goal.is_met_by(&confirmation.measured);
        measured.push((*prediction, confirmation));
        if is_met {
            break;
        }
    }
    Ok(measured)
}

/// The figures of a candidate by the machine's clock: medians of several runs.
fn confirm(
    run: &PlannedRun,
    base: &Effective,
    choice: &Prediction,
    repeat: u32,
) -> Result<Confirmation, Failure> {
    let heap = choice.candidate.on(base).by_clock(ClockKind::Measured);
    let runs = (0..repeat).map(|_| Figures::of_run(run, &heap, None));
    let runs: Vec<_> =
        runs.collect::<Result<Result<_, _>, Failure>>()?.map_err(|reason| Failure::Unconfirmed { reason })?;
    let predicted = choice.outcome.clone().map_err(|reason| Failure::Unconfirmed { reason })?;
    Ok(Confirmation { predicted, measured: Figures::median(&runs), runs: runs.len() })
}

#[cfg(test)]
mod tests {
    use super::candidate::{self, Candidate};
    use super::figures::{At, Figures, Goal};
    use super::keeping;
    use super::search::Prediction;
    use gc_core::event::Nanos;

    fn prediction(candidate: Candidate, p99_ms: u64, peak_bytes: u64) -> Prediction {
        let figures = Figures { p99: Nanos(p99_ms * 1_000_000), peak_bytes, ..Figures::default() };
        Prediction { candidate, outcome: Ok(figures) }
    }

    #[test]
    fn what_keeps_to_the_goal_is_ordered_by_memory() {
        let candidates = candidate::all();
        let predictions = [
            prediction(candidates[0], 9, 1),
            prediction(candidates[1], 5, 30),
            prediction(candidates[2], 1, 20),
            Prediction { candidate: candidates[3], outcome: Err("no room".into()) },
        ];
        let kept = |longest_ms: u64| -> Vec<_> {
            let goal = Goal { at: At::P99, longest: Nanos(longest_ms * 1_000_000) };
            keeping(&predictions, &goal).iter().map(|prediction| prediction.candidate).collect()
        };
        assert_eq!(kept(10), [candidates[0], candidates[2], candidates[1]]);
        assert_eq!(kept(5), [candidates[2], candidates[1]]);
        assert_eq!(kept(0), []);
    }
}
