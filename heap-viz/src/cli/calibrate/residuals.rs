//! How well the costs explain the pauses of a run.

use super::observation::{Observation, Vector};
use gc_core::event::Nanos;
use heap_viz::Durations;
use std::fmt::{self, Display, Formatter};

/// Measured and predicted pauses of a run.
#[derive(Debug)]
pub(crate) struct Residuals {
    name: &'static str,
    pauses: usize,
    /// Half of the pauses, and nine of ten, are off by no more than these shares of their time.
    median: f64,
    p90: f64,
    measured: [Nanos; 2],
    predicted: [Nanos; 2],
}

/// Heading of a list of runs.
pub(crate) fn heading(kind: &str) -> String {
    format!(
        "# {kind:<18}{:>8}{:>9}{:>9}{:>26}{:>26}\n",
        "pauses", "median", "p90", "p50 measured/predicted", "p99 measured/predicted"
    )
}

impl Residuals {
    /// Those of the pauses of a run.
    pub(crate) fn of(name: &'static str, pauses: &[Observation], costs: &Vector) -> Self {
        let mut errors: Vec<_> = pauses.iter().map(|pause| pause.relative_error(costs).abs()).collect();
        errors.sort_by(f64::total_cmp);
        Residuals {
            name,
            pauses: pauses.len(),
            median: quantile(&errors, 50),
            p90: quantile(&errors, 90),
            measured: percentiles(pauses.iter().map(|pause| pause.time_ps)),
            predicted: percentiles(pauses.iter().map(|pause| pause.predicted_ps(costs))),
        }
    }
}

/// The value that so many percent of the sorted ones do not exceed.
fn quantile(sorted: &[f64], percent: usize) -> f64 {
    let index = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(index).copied().unwrap_or(0.0)
}

/// The median and the 99th percentile of times in picoseconds.
fn percentiles(times_ps: impl Iterator<Item = f64>) -> [Nanos; 2] {
    let mut durations = Durations::default();
    times_ps.for_each(|time_ps| durations.record(Nanos((time_ps / 1_000.0) as u64)));
    let percentiles = durations.percentiles();
    [percentiles.p50, percentiles.p99]
}

impl Display for Residuals {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let micros = |time: Nanos| time.0 as f64 / 1_000.0;
        let pair = |index: usize| {
            format!("{:.1} / {:.1} us", micros(self.measured[index]), micros(self.predicted[index]))
        };
        let (median, p90) = (self.median * 100.0, self.p90 * 100.0);
        writeln!(
            f,
            "# {:<18}{:>8}{median:>7.0} %{p90:>7.0} %{:>26}{:>26}",
            self.name,
            self.pauses,
            pair(0),
            pair(1)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::quantile;

    #[test]
    fn quantiles_are_values_that_occur() {
        assert_eq!([50, 90, 100].map(|percent| quantile(&[1.0, 2.0, 3.0, 4.0], percent) as u32), [2, 4, 4]);
        assert_eq!(quantile(&[], 50) as u32, 0);
    }
}
