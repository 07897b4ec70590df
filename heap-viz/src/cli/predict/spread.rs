//! How far measured pauses are from what costs say of them.
//!
//! Costs give each pause one length, and pauses of the same work differ: by what is in the cache, by page faults, by what
//! else the machine does. So percentiles of what costs say are too close to each other. The factors between both that were seen
//! when the costs were learned are applied to each predicted pause.

use super::super::calibrate::{Observation, Vector};
use gc_core::event::Nanos;
use heap_viz::{Durations, Percentiles};

/// Factors that stand for all that were seen of pauses of a length: evenly spread over their order.
const FACTORS: usize = 32;
/// Fewer pauses of a length do not tell how they differ.
const LEAST: usize = 50;
/// Lengths are told apart by decades, from below a microsecond to above ten milliseconds.
const DECADES: usize = 6;

/// The factors between what was measured and what the costs say, by the decade of what they say.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Spread([Vec<f64>; DECADES]);

impl Spread {
    /// The factors seen of `pauses` by these costs. Decades of few pauses have those of the nearest one that has more.
    pub(crate) fn of(pauses: &[Observation], costs: &Vector) -> Self {
        let mut seen: [Vec<f64>; DECADES] = Default::default();
        for pause in pauses {
            let predicted_ps = pause.predicted_ps(costs).max(1.0);
            seen[decade(predicted_ps / 1_000.0)].push(pause.time_ps / predicted_ps);
        }
        Spread(std::array::from_fn(|wanted| thinned(nearest(&seen, wanted))))
    }

    /// Percentiles of pauses that the costs say are so long.
    pub(crate) fn percentiles(&self, lengths: &[Nanos]) -> Percentiles {
        let mut durations = Durations::default();
        for length in lengths {
            let factors = &self.0[decade(length.0 as f64)];
            factors.iter().for_each(|factor| durations.record(Nanos((length.0 as f64 * factor) as u64)));
        }
        durations.percentiles()
    }
}

fn decade(ns: f64) -> usize {
    (ns.max(1.0).log10() as usize).saturating_sub(2).min(DECADES - 1)
}

/// The factors of the decade nearest to `wanted` of which enough were seen.
fn nearest(seen: &[Vec<f64>; DECADES], wanted: usize) -> &[f64] {
    let told = (0..DECADES).filter(|decade| seen[*decade].len() >= LEAST);
    told.min_by_key(|decade| decade.abs_diff(wanted)).map_or(&[], |decade| &seen[decade])
}

/// A few factors that stand for all; one if there is none.
fn thinned(factors: &[f64]) -> Vec<f64> {
    if factors.is_empty() {
        return vec![1.0];
    }
    let mut sorted = factors.to_vec();
    sorted.sort_by(f64::total_cmp);
    (0..FACTORS).map(|n| sorted[(2 * n + 1) * sorted.len() / (2 * FACTORS)]).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::calibrate::{Observation, Vector};
    use super::Spread;
    use gc_core::event::Nanos;

    /// Pauses of which the costs say 10 us, and which took so many.
    fn pauses(micros: impl Iterator<Item = u32>) -> Vec<Observation> {
        let mut work = Vector::default();
        work[0] = 10.0;
        micros.map(|micros| Observation { work, time_ps: f64::from(micros) * 1e6 }).collect()
    }

    fn costs() -> Vector {
        let mut costs = Vector::default();
        costs[0] = 1e6;
        costs
    }

    #[test]
    fn pauses_spread_as_those_that_were_seen() {
        let spread = Spread::of(&pauses((1..=100).map(|n| 10 * n)), &costs());
        let percentiles = spread.percentiles(&[Nanos(20_000); 200]);
        assert!((900_000..1_100_000).contains(&percentiles.p50.0), "{percentiles:?}");
        assert!((1_900_000..=2_000_000).contains(&percentiles.p99.0), "{percentiles:?}");
    }

    #[test]
    fn too_few_pauses_tell_nothing() {
        let spread = Spread::of(&pauses((1..=10).map(|n| 10 * n)), &costs());
        assert_eq!(spread.percentiles(&[Nanos(20_000)]).max, Nanos(20_000));
    }
}
