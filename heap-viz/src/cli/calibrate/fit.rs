//! Costs from pauses: robust least squares without negative costs.

use super::observation::{Observation, Vector, WORK_KINDS};
use gc_core::clock::CostModel;

/// Rounds in which pauses that the costs of the round before do not explain are given less weight.
const ROUNDS: usize = 20;
/// Sweeps over the costs in each round. There are a dozen, and they converge long before.
const SWEEPS: usize = 2_000;
/// Relative error from which a pause counts for less (P. Huber, "Robust Estimation of a Location Parameter", 1964): the machine
/// did something else meanwhile.
const SURPRISE: f64 = 0.25;
/// A pause's error is taken relative to its time and this, in picoseconds: of shorter pauses the clock tells little.
const SHORT_PS: f64 = 5_000_000.0;

type Matrix = [Vector; WORK_KINDS.len()];

/// The costs that explain the pauses best; where no pause has any work of a kind, what `before` says.
pub(crate) fn fit(pauses: &[Observation], before: &Vector) -> Vector {
    let mut costs = *before;
    let mut weights = vec![1.0; pauses.len()];
    for _ in 0..ROUNDS {
        let (matrix, right) = normal_equations(pauses, &weights);
        solve(&matrix, &right, &mut costs);
        for (weight, pause) in weights.iter_mut().zip(pauses) {
            *weight = (SURPRISE / residual(pause, &costs).abs().max(SURPRISE)).min(1.0);
        }
    }
    costs
}

/// The costs of a model.
pub(crate) fn costs_of(model: &CostModel) -> Vector {
    let mut model = *model;
    WORK_KINDS.map(|kind| *(kind.cost)(&mut model) as f64)
}

fn scale(pause: &Observation) -> f64 {
    1.0 / (pause.time_ps + SHORT_PS)
}

fn residual(pause: &Observation, costs: &Vector) -> f64 {
    (pause.predicted_ps(costs) - pause.time_ps) * scale(pause)
}

/// The sums that least squares need: of products of work with work, and of work with time.
fn normal_equations(pauses: &[Observation], weights: &[f64]) -> (Matrix, Vector) {
    let (mut matrix, mut right) = (Matrix::default(), Vector::default());
    for (pause, weight) in pauses.iter().zip(weights) {
        let weight = weight * scale(pause) * scale(pause);
        for row in 0..right.len() {
            let weighted = weight * pause.work[row];
            right[row] += weighted * pause.time_ps;
            matrix[row].iter_mut().zip(pause.work).for_each(|(sum, count)| *sum += weighted * count);
        }
    }
    (matrix, right)
}

/// Minimises by one cost at a time, none of which gets negative.
fn solve(matrix: &Matrix, right: &Vector, costs: &mut Vector) {
    for _ in 0..SWEEPS {
        for index in 0..costs.len() {
            let diagonal = matrix[index][index];
            if diagonal > 0.0 {
                let sum: f64 = matrix[index].iter().zip(&*costs).map(|(factor, cost)| factor * cost).sum();
                costs[index] = (costs[index] + (right[index] - sum) / diagonal).max(0.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::observation::{Observation, Vector};
    use super::fit;

    const COSTS: Vector = [3e6, 0.0, 700.0, 900.0, 4_000.0, 80.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];

    /// Pauses with these costs, whose work is drawn from a simple generator.
    fn pauses(count: u64) -> Vec<Observation> {
        let mut state = 1_u64;
        let mut draw = |bound: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % bound
        };
        let mut pause = || {
            let (objects, size) = (draw(50_000) as f64, 32.0 + draw(200) as f64);
            let mut work = Vector::default();
            work[..6].copy_from_slice(&[
                1.0,
                0.0,
                draw(2_000) as f64,
                3.0 * objects * draw(2) as f64,
                objects,
                objects * size,
            ]);
            let pause = Observation { work, time_ps: 0.0 };
            Observation { time_ps: pause.predicted_ps(&COSTS), ..pause }
        };
        (0..count).map(|_| pause()).collect()
    }

    #[track_caller]
    fn check_near(found: &Vector, share: f64) {
        for (found, expected) in found.iter().zip(COSTS) {
            assert!((found - expected).abs() <= share * expected + 1.0, "{found} instead of {expected}");
        }
    }

    #[test]
    fn costs_are_found_again() {
        check_near(&fit(&pauses(400), &Vector::default()), 0.02);
    }

    #[test]
    fn a_busy_machine_does_not_change_the_costs() {
        let mut pauses = pauses(400);
        pauses.iter_mut().step_by(10).for_each(|pause| pause.time_ps *= 20.0);
        check_near(&fit(&pauses, &Vector::default()), 0.25);
    }

    #[test]
    fn what_is_not_seen_stays_as_it_was() {
        let mut before = Vector::default();
        before[9] = 77.0;
        assert_eq!(fit(&pauses(50), &before)[9].to_bits(), 77.0_f64.to_bits());
    }

    #[test]
    fn no_cost_is_negative() {
        let mut pauses = pauses(100);
        pauses.iter_mut().for_each(|pause| pause.time_ps = 1e12 / pause.work[4].max(1.0));
        assert!(fit(&pauses, &Vector::default()).iter().all(|cost| *cost >= 0.0));
    }
}
