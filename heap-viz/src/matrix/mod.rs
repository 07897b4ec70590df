//! Systems side by side: what each took for each case, how sure that is, and how far from the machine's limits it lies.
//!
//! A [`Matrix`] is plain data: cases by systems, with every invocation. It is written as [text](MatrixText), as
//! [JSON](MatrixJson), as a [page](MatrixHtml), and as a table of invocations ([`write_csv`], [`write_parquet`]).

mod cell;
mod hardware;
mod html;
mod json;
mod rows;
#[cfg(test)]
mod sample;
mod text;

pub use cell::{Cell, Invocation, PauseSums, Quantiles};
pub use hardware::{Hardware, Reach, Unit};
pub use html::MatrixHtml;
pub use json::MatrixJson;
pub use rows::{write_csv, write_parquet};
pub use text::MatrixText;

use crate::compare::{MIN_RUNS, bootstrap};
use serde::Serialize;

/// All that a run of `tenure bench` has measured.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Matrix {
    /// What it was measured on.
    pub machine: Machine,
    /// How.
    pub protocol: Protocol,
    /// The systems, in the order of their turns. All others are compared with that at `base`.
    pub systems: Vec<System>,
    /// The index of the system that the others are compared with.
    pub base: usize,
    /// The cases, each with a cell for every system.
    pub cases: Vec<Case>,
    /// What the machine can do at most, if it was asked.
    pub hardware: Option<Hardware>,
}

/// What the figures were measured on.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Machine {
    /// The name of the processor, as the system tells it.
    pub processor: String,
    /// Processors that can run at the same time.
    pub cores: usize,
    /// Memory of the machine, in bytes.
    pub memory_bytes: u64,
    /// The operating system.
    pub system: String,
    /// Processes that wanted to run, on the average of a minute, when the run began and when it ended.
    pub load: [f64; 2],
}

/// How the figures were measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Protocol {
    /// Invocations of each system for each case that count, in turn, after one that does not.
    pub repetitions: usize,
    /// How long an invocation may take, in seconds.
    pub time_limit_seconds: f64,
    /// Whether `tenure` itself is an unoptimised build, whose times mean little.
    pub is_unoptimised: bool,
}

/// A system: a collector, an allocator, a runtime.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct System {
    /// Its name.
    pub name: String,
    /// What it is, in a few words.
    pub about: String,
    /// What it says of its version.
    pub version: Option<String>,
    /// Whether it frees nothing by itself: the floor that the others stand on.
    pub is_floor: bool,
}

/// A workload with parameters.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// The workload.
    pub workload: String,
    /// Its parameters, as `name=value`.
    pub parameters: String,
    /// Bytes that Tenure's objects take when most are alive: an estimate.
    pub live_bytes: u64,
    /// What each system did, in the order of the systems.
    pub cells: Vec<Cell>,
    /// Time against memory, for the systems whose heap can be set.
    pub curves: Vec<Curve>,
}

/// How long a system takes with how much memory.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curve {
    /// The index of the system.
    pub system: usize,
    /// The smallest heap with which it gets through, in bytes; none for a system whose heap has no limit.
    pub minimum_heap_bytes: Option<u64>,
    /// From small to large.
    pub points: Vec<CurvePoint>,
    /// Why there are no points, or what to know of them.
    pub note: Option<String>,
}

/// A setting, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// The setting, as the system was given it.
    pub setting: String,
    /// The heap in units of the smallest one; none for a system whose heap has no limit.
    pub heap_multiple: Option<f64>,
    /// What came of it.
    pub cell: Cell,
}

/// A figure and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The median of all invocations, or a ratio of two medians.
    pub median: f64,
    /// What it lies between with a confidence of 95 %, by bootstrap, where there are enough invocations to tell.
    pub interval: Option<[f64; 2]>,
}

impl Estimate {
    /// Of as many values as there are; none of no values.
    pub(crate) fn of(values: &[f64]) -> Option<Self> {
        let median = (!values.is_empty()).then(|| bootstrap::median(values))?;
        let interval = (values.len() >= MIN_RUNS).then(|| bootstrap::median_interval(values));
        Some(Estimate { median, interval })
    }

    /// Of values in units of others; none if there are none of either.
    fn ratio(base: &[f64], other: &[f64]) -> Option<Self> {
        let median = (!base.is_empty() && !other.is_empty())
            .then(|| bootstrap::median(other) / bootstrap::median(base))?;
        let interval =
            (base.len().min(other.len()) >= MIN_RUNS).then(|| bootstrap::ratio_interval(base, other));
        Some(Estimate { median, interval })
    }
}

/// A mean over cases.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Mean {
    /// The geometric mean.
    pub mean: f64,
    /// How many cases it is of: those that both systems have got through.
    pub cases: usize,
}

impl Mean {
    fn geometric(values: &[f64]) -> Option<Self> {
        let logarithms: f64 = values.iter().map(|value| value.ln()).sum();
        let cases = values.len();
        (cases > 0).then(|| Mean { mean: (logarithms / cases as f64).exp(), cases })
    }
}

impl Matrix {
    /// The time of a system for a case, in units of the base's.
    #[must_use]
    pub fn ratio(&self, case: &Case, system: usize) -> Option<Estimate> {
        Estimate::ratio(&case.cells[self.base].seconds(), &case.cells[system].seconds())
    }

    /// The time of a system for a case, in units of that of the floor: what its memory management costs at most.
    #[must_use]
    pub fn above_floor(&self, case: &Case, system: usize) -> Option<Estimate> {
        let floor = self.systems.iter().position(|system| system.is_floor)?;
        Estimate::ratio(&case.cells[floor].seconds(), &case.cells[system].seconds())
    }

    /// The geometric mean of a system's ratios.
    #[must_use]
    pub fn mean_ratio(&self, system: usize) -> Option<Mean> {
        let ratios = self.cases.iter().filter_map(|case| self.ratio(case, system));
        Mean::geometric(&ratios.map(|ratio| ratio.median).collect::<Vec<_>>())
    }

    /// The geometric mean of a system's distances from the floor.
    #[must_use]
    pub fn mean_above_floor(&self, system: usize) -> Option<Mean> {
        let ratios = self.cases.iter().filter_map(|case| self.above_floor(case, system));
        Mean::geometric(&ratios.map(|ratio| ratio.median).collect::<Vec<_>>())
    }

    /// The geometric mean of a system's peak memory, in units of the base's.
    #[must_use]
    pub fn mean_memory_ratio(&self, system: usize) -> Option<Mean> {
        let ratio = |case: &Case| {
            Estimate::ratio(&case.cells[self.base].peaks_bytes(), &case.cells[system].peaks_bytes())
        };
        Mean::geometric(&self.cases.iter().filter_map(ratio).map(|ratio| ratio.median).collect::<Vec<_>>())
    }

    /// The cells of systems that are there and should have got through, but have not: system, case and why.
    pub fn failures(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.cases.iter().flat_map(|case| {
            self.systems.iter().zip(&case.cells).filter_map(|(system, cell)| match cell {
                Cell::Failed { why } => Some((&system.name[..], &case.name[..], &why[..])),
                _ => None,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::sample::matrix;
    use super::{Estimate, Mean};

    #[test]
    fn too_few_values_have_a_median_but_no_interval() {
        assert_eq!(Estimate::of(&[]), None);
        assert_eq!(Estimate::of(&[2.0, 4.0]), Some(Estimate { median: 3.0, interval: None }));
        assert_eq!(Estimate::of(&[2.0; 3]).and_then(|estimate| estimate.interval), Some([2.0, 2.0]));
    }

    #[test]
    fn a_mean_is_over_the_cases_that_both_got_through() {
        let matrix = matrix();
        assert_eq!(matrix.mean_ratio(0), Some(Mean { mean: 1.0, cases: 2 }));
        let rc = matrix.mean_ratio(1).expect("it got through one case");
        assert!((rc.mean - 3.0).abs() < 1e-9 && rc.cases == 1, "{rc:?}");
        assert_eq!(matrix.mean_ratio(2), None, "it is not installed");
    }

    #[test]
    fn the_floor_is_at_one() {
        let matrix = matrix();
        assert_eq!(matrix.mean_above_floor(3).map(|mean| mean.mean), Some(1.0));
        assert_eq!(matrix.above_floor(&matrix.cases[0], 0).map(|ratio| ratio.median), Some(2.0));
    }

    #[test]
    fn failures_are_those_of_systems_that_are_there() {
        let matrix = matrix();
        let failures: Vec<_> = matrix.failures().collect();
        assert_eq!(failures, [("rc", "ring", "ran for longer than 60 s")]);
    }
}
