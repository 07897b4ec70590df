//! `tenure calibrate`: what a unit of work costs on this machine.

pub(crate) mod fit;
mod micro_run;
mod observation;
mod residuals;
mod shown;
mod thread_time;

use super::args::CalibrateArgs;
use super::failure::Failure;
use super::progress::Progress;
use super::settings::{Draft, KNOBS, Knob};
use super::stdout::Stdout;
use super::text_file;
use gc_core::clock::CostModel;
use micro_run::{GARBAGE, HELD_OUT, MICRO_RUNS, MicroRun};
use observation::WORK_KINDS;
pub(crate) use observation::{Observation, Vector};
use residuals::Residuals;
pub(crate) use shown::Shown;
use std::fmt::Write as _;
pub(crate) use thread_time::thread_time;

/// Makes the runs, fits the costs to them, and writes a file of costs with the residuals as comments.
pub(crate) fn calibrate(args: &CalibrateArgs, stdout: &mut Stdout) -> Result<(), Failure> {
    if cfg!(debug_assertions) {
        eprintln!("note: this is an unoptimised build: costs mean little, take a `--release` one");
    }
    let runs: Vec<_> = [&GARBAGE].into_iter().chain(MICRO_RUNS).collect();
    let shown = make_all(&runs, "fitted")?;
    let held_out = make_all(&HELD_OUT.iter().collect::<Vec<_>>(), "held out")?;
    let pauses: Vec<_> = shown.iter().flat_map(|shown| shown.pauses.iter().copied()).collect();
    let costs = fit::fit(&pauses, &fit::costs_of(&CostModel::default()));
    let tables = table("fitted", &runs, &shown, &costs)
        + "#\n"
        + &table("held out", &HELD_OUT.iter().collect::<Vec<_>>(), &held_out, &costs);
    let file = in_toml(&model(&costs, shown[0].allocated_byte_ps));
    match &args.output {
        None => stdout.print(&(tables + &file)),
        Some(path) => {
            text_file::write(path, &(tables.clone() + &file))?;
            stdout.print(&tables)
        }
    }
}

fn make_all(runs: &[&MicroRun], kind: &str) -> Result<Vec<Shown>, Failure> {
    let numbered = (1..).zip(runs);
    numbered
        .map(|(number, run)| {
            let progress = Progress::new(&format!("{kind}: {}", run.name), number, runs.len());
            let shown = run.make();
            progress.show(1.0);
            shown
        })
        .collect()
}

/// The costs in whole picoseconds.
pub(crate) fn model(costs: &Vector, allocated_byte_ps: u64) -> CostModel {
    let mut model = CostModel { allocated_byte_ps, ..CostModel::default() };
    for (kind, cost) in WORK_KINDS.iter().zip(costs) {
        *(kind.cost)(&mut model) = cost.round() as u64;
    }
    model
}

fn table(kind: &str, runs: &[&MicroRun], shown: &[Shown], costs: &Vector) -> String {
    let rows =
        runs.iter().zip(shown).map(|(run, shown)| Residuals::of(run.name, &shown.pauses, costs).to_string());
    residuals::heading(kind) + &rows.collect::<String>()
}

/// A file of costs.
fn in_toml(cost: &CostModel) -> String {
    let draft = Draft { cost: *cost, ..Draft::default() };
    let is_cost = |knob: &&Knob| knob.section == super::effective::COST;
    let mut toml =
        format!("\n# What work costs, for `tenure run --cost-model`.\n[{}]\n", super::effective::COST);
    for knob in KNOBS.iter().filter(is_cost) {
        let _ = writeln!(toml, "# {}.\n{} = {}", knob.about, knob.key, knob.to_toml(&draft));
    }
    toml
}

#[cfg(test)]
mod tests {
    use super::fit::costs_of;
    use super::observation::{Observation, Vector, WORK_KINDS};
    use super::{in_toml, model};
    use gc_core::clock::CostModel;
    use gc_core::event::{Nanos, Work};

    #[test]
    fn the_prediction_is_that_of_the_clock() {
        let work =
            Work { pauses: 1, slots: 9_000, copied_objects: 3_000, copied_bytes: 90_000, ..Work::default() };
        let pause = Observation { work: WORK_KINDS.map(|kind| (kind.count)(&work) as f64), time_ps: 1.0 };
        let predicted = Nanos((pause.predicted_ps(&costs_of(&CostModel::default())) / 1_000.0) as u64);
        assert_eq!(predicted, CostModel::default().time(&work));
    }

    #[test]
    fn every_cost_is_written_and_read_again() {
        let costs: Vector = std::array::from_fn(|index| (index + 1) as f64);
        let model = model(&costs, 99);
        let table: toml::Table = in_toml(&model).parse().expect("it is TOML");
        let written = table["clock"]["cost"].as_table().expect("a section");
        let mut numbers: Vec<_> = written.values().filter_map(toml::Value::as_integer).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=12).chain([99]).collect::<Vec<_>>());
    }
}
