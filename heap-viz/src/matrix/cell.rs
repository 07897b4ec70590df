//! What a system did for a case.

use super::Estimate;
use serde::Serialize;

/// What a system did for a case.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Cell {
    /// It is not there.
    NotInstalled {
        /// What is missing.
        missing: String,
    },
    /// It has no such program, for a reason.
    Impossible {
        /// The reason.
        why: String,
    },
    /// It could not be built, did not end, ended badly, or found something else than it should have.
    Failed {
        /// What happened.
        why: String,
    },
    /// It got through.
    Measured {
        /// The invocations that count, in their order.
        invocations: Vec<Invocation>,
    },
}

/// One invocation of a program, which found what it should.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Invocation {
    /// The timed part, as the program tells it, in seconds.
    pub seconds: f64,
    /// From the start of the process to its end, in seconds.
    pub process_seconds: f64,
    /// Most memory that the process had resident, in bytes; 0 where the system does not tell.
    pub peak_bytes: u64,
    /// How long its operations took, if it measures them.
    pub latency: Option<Quantiles>,
    /// Its pauses, if it knows them.
    pub pauses: Option<PauseSums>,
}

/// How long operations took, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Quantiles {
    /// Half of them at most.
    pub p50_ns: u64,
    /// 99 % of them at most.
    pub p99_ns: u64,
    /// 99.9 % of them at most.
    pub p999_ns: u64,
    /// All of them at most.
    pub worst_ns: u64,
}

/// Pauses of one invocation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PauseSums {
    /// How many there were.
    pub count: u64,
    /// All of them together, in nanoseconds.
    pub total_ns: u64,
    /// The longest, in nanoseconds.
    pub worst_ns: u64,
}

impl Cell {
    /// The invocations that count; none if it has not got through.
    #[must_use]
    pub fn invocations(&self) -> &[Invocation] {
        match self {
            Cell::Measured { invocations } => invocations,
            _ => &[],
        }
    }

    /// Why there are no figures: a few words.
    #[must_use]
    pub fn absence(&self) -> Option<String> {
        match self {
            Cell::NotInstalled { missing } => Some(format!("not installed: {missing}")),
            Cell::Impossible { why } => Some(format!("not possible: {why}")),
            Cell::Failed { why } => Some(format!("failed: {why}")),
            Cell::Measured { .. } => None,
        }
    }

    /// The timed part of each invocation.
    pub(crate) fn seconds(&self) -> Vec<f64> {
        self.invocations().iter().map(|invocation| invocation.seconds).collect()
    }

    /// The peak memory of each invocation of which the system tells it.
    pub(crate) fn peaks_bytes(&self) -> Vec<f64> {
        let peaks = self.invocations().iter().map(|invocation| invocation.peak_bytes);
        peaks.filter(|peak| *peak > 0).map(|peak| peak as f64).collect()
    }

    /// The time.
    #[must_use]
    pub fn time(&self) -> Option<Estimate> {
        Estimate::of(&self.seconds())
    }

    /// The median of the peak memory, in bytes.
    #[must_use]
    pub fn peak_bytes(&self) -> Option<f64> {
        Estimate::of(&self.peaks_bytes()).map(|peak| peak.median)
    }

    /// The latencies: of each share the median of all invocations, and the worst of all.
    #[must_use]
    pub fn latency(&self) -> Option<Quantiles> {
        let all: Vec<_> = self.invocations().iter().filter_map(|invocation| invocation.latency).collect();
        let median = |of: fn(&Quantiles) -> u64| {
            let values: Vec<_> = all.iter().map(|quantiles| of(quantiles) as f64).collect();
            Estimate::of(&values).map(|estimate| estimate.median as u64)
        };
        Some(Quantiles {
            p50_ns: median(|all| all.p50_ns)?,
            p99_ns: median(|all| all.p99_ns)?,
            p999_ns: median(|all| all.p999_ns)?,
            worst_ns: all.iter().map(|quantiles| quantiles.worst_ns).max()?,
        })
    }

    /// The longest pause of all invocations, in nanoseconds.
    #[must_use]
    pub fn worst_pause_ns(&self) -> Option<u64> {
        let pauses = self.invocations().iter().filter_map(|invocation| invocation.pauses);
        pauses.map(|pauses| pauses.worst_ns).max()
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Invocation, Quantiles};

    fn measured(worst: &[u64]) -> Cell {
        let invocation = |&worst_ns| Invocation {
            seconds: 1.0,
            peak_bytes: worst_ns * 1_000,
            latency: Some(Quantiles { p50_ns: 1, p99_ns: worst_ns / 10, p999_ns: worst_ns / 2, worst_ns }),
            ..Invocation::default()
        };
        Cell::Measured { invocations: worst.iter().map(invocation).collect() }
    }

    #[test]
    fn the_worst_is_the_worst_of_all_and_the_others_are_medians() {
        let latency = measured(&[100, 900, 200]).latency();
        assert_eq!(latency, Some(Quantiles { p50_ns: 1, p99_ns: 20, p999_ns: 100, worst_ns: 900 }));
    }

    #[test]
    fn memory_that_is_not_told_does_not_count() {
        assert_eq!(measured(&[0, 5, 7]).peak_bytes(), Some(6_000.0));
        assert_eq!(measured(&[0]).peak_bytes(), None);
    }

    #[test]
    fn a_cell_without_figures_says_why() {
        let cell = Cell::NotInstalled { missing: "go".into() };
        assert_eq!(cell.absence().as_deref(), Some("not installed: go"));
        assert_eq!((cell.time(), cell.latency(), cell.worst_pause_ns()), (None, None, None));
    }
}
