//! `tenure predict`: which settings keep pauses within a goal with the least memory.
//!
//! What work costs is learned from the program itself, or given. Every candidate is then run under the modelled clock, which
//! takes no measurement. The one that is chosen is measured, so that whoever reads the prediction sees how good it was.

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

/// Searches, chooses, confirms, and tells all three.
pub(crate) fn predict(args: &PredictArgs, stdout: &mut Stdout) -> Result<(), Failure> {
    let plan = RunPlan::new(&args.as_run())?;
    let run = &plan.runs[0];
    let (base, spread) = &with_costs(args, run, &plan.heap)?;
    let goal = Goal { at: args.at, longest: args.max_pause.0 };
    let predictions = search::search(run, base, spread.as_ref(), &candidate::all())?;
    let choice = choose(&predictions, &goal);
    let confirmation = choice.map(|choice| confirm(run, base, choice, args.repeat)).transpose()?;
    stdout.print(&Table { goal: &goal, predictions: &predictions, choice, confirmation }.to_string())?;
    let choice = choice.ok_or(Failure::NoSettings { goal: goal.to_string() })?;
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

/// Of the candidates that keep to the goal the one that takes the least memory; of several such, the one that is done first.
fn choose<'p>(predictions: &'p [Prediction], goal: &Goal) -> Option<&'p Prediction> {
    let figures =
        predictions.iter().filter_map(|prediction| Some((prediction, prediction.outcome.as_ref().ok()?)));
    let keeping = figures.filter(|(_, figures)| goal.is_met_by(figures));
    keeping.min_by_key(|(_, figures)| (figures.peak_bytes, figures.elapsed)).map(|(prediction, _)| prediction)
}

/// The figures of the chosen candidate by the machine's clock: medians of several runs.
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
    use super::choose;
    use super::figures::{At, Figures, Goal};
    use super::search::Prediction;
    use gc_core::event::Nanos;

    fn prediction(candidate: Candidate, p99_ms: u64, peak_bytes: u64) -> Prediction {
        let figures = Figures { p99: Nanos(p99_ms * 1_000_000), peak_bytes, ..Figures::default() };
        Prediction { candidate, outcome: Ok(figures) }
    }

    #[test]
    fn the_least_memory_that_keeps_to_the_goal_is_chosen() {
        let candidates = candidate::all();
        let predictions = [
            prediction(candidates[0], 9, 1),
            prediction(candidates[1], 5, 30),
            prediction(candidates[2], 1, 20),
            Prediction { candidate: candidates[3], outcome: Err("no room".into()) },
        ];
        let chosen = |longest_ms: u64| {
            let goal = Goal { at: At::P99, longest: Nanos(longest_ms * 1_000_000) };
            choose(&predictions, &goal).map(|chosen| chosen.candidate)
        };
        assert_eq!(chosen(10), Some(candidates[0]));
        assert_eq!(chosen(5), Some(candidates[2]));
        assert_eq!(chosen(0), None);
    }
}
