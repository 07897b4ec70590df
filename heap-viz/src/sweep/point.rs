//! Cells that differ in their seeds only, as one.

use super::cell::PlannedCell;
use super::figures::Figures;
use super::front::on_front;
use super::id::Hash;
use super::plan::Plan;
use super::store::CellResult;
use crate::percentiles::{Durations, Percentiles};
use crate::run::Verdict;
use std::collections::HashMap;

/// Cells that differ in their seeds only, as one.
#[derive(Clone, Debug)]
pub struct Point {
    /// The first of them in the plan.
    pub cell: PlannedCell,
    /// How many there are.
    pub seeds: usize,
    /// How they went.
    pub outcome: Outcome,
    /// The pauses of all of them that have passed, by kind: their histograms added up, bucket by bucket. Those of a run
    /// that was not finished tell nothing.
    pub durations_by_kind: Vec<(String, Durations)>,
    /// All of these pauses; and of these runs are the figures below.
    pub pauses: Percentiles,
    /// The most memory that one of them took, off the heap too.
    pub peak_bytes: u64,
    /// Operations a second, or bytes allocated where operations are not counted: of all runs together.
    pub throughput: f64,
    /// What is counted.
    pub throughput_of: String,
    /// Whether no other point of the same work, by the same clock, is as good in pauses, memory and throughput, and
    /// better in one of them.
    pub on_front: bool,
}

/// How the runs of a point went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All have finished, and found their results right.
    Passed,
    /// Some have not.
    Failed {
        /// How many have not.
        runs: usize,
        /// Why the first of them has not.
        reason: String,
    },
}

impl Outcome {
    fn of(figures: &[&Figures]) -> Self {
        let mut reasons = figures.iter().filter_map(|run| match &run.verdict {
            Verdict::Failed { reason } => Some(reason),
            Verdict::Passed { .. } => None,
        });
        match reasons.next() {
            None => Outcome::Passed,
            Some(reason) => Outcome::Failed { reason: reason.clone(), runs: 1 + reasons.count() },
        }
    }
}

impl Point {
    fn of(cell: &PlannedCell, all_figures: &[&Figures]) -> Self {
        let figures: Vec<_> = all_figures.iter().copied().filter(|run| run.passed()).collect();
        let durations_by_kind = by_kind(&figures);
        let mut all = Durations::default();
        durations_by_kind.iter().for_each(|(_, durations)| all.add(durations));
        let (throughput, throughput_of) = throughput(&figures);
        Point {
            cell: cell.clone(),
            seeds: all_figures.len(),
            outcome: Outcome::of(all_figures),
            durations_by_kind,
            pauses: all.percentiles(),
            peak_bytes: figures.iter().map(|run| run.peak_bytes()).max().unwrap_or(0),
            throughput,
            throughput_of,
            on_front: false,
        }
    }

    /// Whether all of its runs have finished, and found their results right.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.outcome == Outcome::Passed
    }

    /// How many of its runs have not finished, or found their results wrong.
    #[must_use]
    pub fn failed_runs(&self) -> usize {
        match self.outcome {
            Outcome::Passed => 0,
            Outcome::Failed { runs, .. } => runs,
        }
    }

    /// What it can be compared with: points of the same work by the same clock.
    #[must_use]
    pub fn rivals(&self) -> (&str, String, &'static str) {
        (&self.cell.workload, self.cell.work(), self.cell.clock.name())
    }
}

/// The points of a plan, in the order of their first cells.
pub(super) fn points(plan: &Plan, results: &[CellResult]) -> Vec<Point> {
    let mut order: Vec<(&PlannedCell, Vec<&Figures>)> = Vec::new();
    let mut indexes: HashMap<&Hash, usize> = HashMap::new();
    for (cell, result) in plan.cells.iter().zip(results) {
        let index = *indexes.entry(&cell.point).or_insert_with(|| {
            order.push((cell, Vec::new()));
            order.len() - 1
        });
        order[index].1.extend(result.figures());
    }
    let mut points: Vec<_> = order.iter().map(|(cell, figures)| Point::of(cell, figures)).collect();
    let on_front = on_front(&points);
    points.iter_mut().zip(on_front).for_each(|(point, on_front)| point.on_front = on_front);
    points
}

/// The pauses of all runs by kind, in the order in which kinds are first seen.
fn by_kind(figures: &[&Figures]) -> Vec<(String, Durations)> {
    let mut kinds: Vec<(String, Durations)> = Vec::new();
    for pauses in figures.iter().flat_map(|run| &run.pauses) {
        let index = kinds.iter().position(|(kind, _)| *kind == pauses.kind).unwrap_or_else(|| {
            kinds.push((pauses.kind.clone(), Durations::default()));
            kinds.len() - 1
        });
        kinds[index].1.add(&pauses.durations());
    }
    kinds
}

fn throughput(figures: &[&Figures]) -> (f64, String) {
    let sum = |of: fn(&Figures) -> u64| figures.iter().map(|run| of(run) as f64).sum::<f64>();
    let per_second = |count: f64| count / (sum(|run| run.elapsed_ns).max(1.0) / 1e9);
    match figures.first().map(|run| &run.operation[..]) {
        Some("") | None => (per_second(sum(|run| run.allocated_bytes)), "allocated byte".into()),
        Some(operation) => (per_second(sum(|run| run.operations)), operation.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, points};
    use crate::run::Verdict;
    use crate::sweep::figures::tests::figures;
    use crate::sweep::plan::tests::plan;
    use crate::sweep::store::tests::wall;
    use crate::sweep::{CellResult, Figures, Plan};

    /// The results of the first point of a plan of two seeds, and of the others, which are no better.
    fn results(plan: &Plan, first: [Figures; 2]) -> Vec<CellResult> {
        let others = std::iter::repeat_with(|| figures(9_000_000, 9_000, 90));
        let all = first.into_iter().chain(others);
        plan.cells
            .iter()
            .zip(all)
            .map(|(cell, found)| CellResult::modelled(cell.id.clone(), found, wall(1)))
            .collect()
    }

    #[test]
    fn runs_of_several_seeds_are_one_point() {
        let plan = plan(2);
        let found = results(&plan, [figures(1_000_000, 5, 10), figures(3_000_000, 7, 8)]);
        let points = points(&plan, &found);
        assert_eq!(points.len(), 4);
        let first = &points[0];
        assert_eq!((first.seeds, first.peak_bytes, first.pauses.count), (2, 10, 2));
        assert_eq!((first.pauses.max.0, first.pauses.total.0), (7, 12));
        assert!((first.throughput - 2_000.0 / 0.004).abs() < 1e-6, "{}", first.throughput);
        assert_eq!(
            (&first.throughput_of[..], &first.outcome, first.on_front),
            ("push", &Outcome::Passed, true)
        );
        assert!(!points[1].on_front, "it is worse in everything");
    }

    #[test]
    fn a_point_has_failed_if_one_of_its_runs_has() {
        let plan = plan(2);
        let verdict = Verdict::Failed { reason: "no room".into() };
        let found = results(&plan, [figures(1, 1, 1), Figures { verdict, ..figures(1, 7, 9) }]);
        let points = points(&plan, &found);
        assert_eq!(points[0].outcome, Outcome::Failed { runs: 1, reason: "no room".into() });
        let first = &points[0];
        assert_eq!((first.seeds, first.pauses.count, first.pauses.max.0, first.peak_bytes), (2, 1, 1, 1));
        assert!(!points[0].on_front && points[1].on_front);
    }

    #[test]
    fn where_operations_are_not_counted_bytes_are() {
        let plan = plan(2);
        let uncounted =
            || Figures { operation: String::new(), allocated_bytes: 500, ..figures(1_000_000_000, 1, 1) };
        let points = points(&plan, &results(&plan, [uncounted(), uncounted()]));
        assert_eq!((points[0].throughput, &points[0].throughput_of[..]), (500.0, "allocated byte"));
    }
}
