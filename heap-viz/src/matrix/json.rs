//! A matrix for programs.

use super::{Case, Cell, Estimate, Matrix, Mean, Quantiles};
use serde::Serialize;
use std::fmt;

/// Writes a matrix as one JSON document, schema `tenure.bench/1`: every invocation, and the figures that are made of
/// them.
///
/// Times are in seconds (`seconds`) or nanoseconds (`_ns`), sizes in bytes (`_bytes`). A figure that there is not is
/// null.
#[derive(Clone, Copy, Debug)]
pub struct MatrixJson<'a>(pub &'a Matrix);

impl fmt::Display for MatrixJson<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let document = Document {
            schema: "tenure.bench/1",
            version: env!("CARGO_PKG_VERSION"),
            matrix: self.0,
            figures: Figures::of(self.0),
        };
        f.write_str(&serde_json::to_string_pretty(&document).map_err(|_| fmt::Error)?)
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'a str,
    version: &'a str,
    #[serde(flatten)]
    matrix: &'a Matrix,
    figures: Figures<'a>,
}

/// What is made of the invocations.
#[derive(Serialize)]
pub(super) struct Figures<'a> {
    systems: Vec<SystemFigures<'a>>,
    cells: Vec<CellFigures<'a>>,
}

/// Geometric means over the cases.
#[derive(Serialize)]
struct SystemFigures<'a> {
    system: &'a str,
    time_ratio: Option<Mean>,
    above_floor: Option<Mean>,
    memory_ratio: Option<Mean>,
}

#[derive(Serialize)]
struct CellFigures<'a> {
    case: &'a str,
    system: &'a str,
    absence: Option<String>,
    seconds: Option<Estimate>,
    time_ratio: Option<Estimate>,
    above_floor: Option<Estimate>,
    peak_bytes: Option<f64>,
    latency: Option<Quantiles>,
    worst_pause_ns: Option<u64>,
}

impl<'a> Figures<'a> {
    pub(super) fn of(matrix: &'a Matrix) -> Self {
        let systems = matrix.systems.iter().enumerate().map(|(index, system)| SystemFigures {
            system: &system.name,
            time_ratio: matrix.mean_ratio(index),
            above_floor: matrix.mean_above_floor(index),
            memory_ratio: matrix.mean_memory_ratio(index),
        });
        let cells = matrix.cases.iter().flat_map(|case| {
            case.cells.iter().enumerate().map(move |(index, cell)| CellFigures::of(matrix, case, index, cell))
        });
        Figures { systems: systems.collect(), cells: cells.collect() }
    }
}

impl<'a> CellFigures<'a> {
    fn of(matrix: &'a Matrix, case: &'a Case, system: usize, cell: &Cell) -> Self {
        CellFigures {
            case: &case.name,
            system: &matrix.systems[system].name,
            absence: cell.absence(),
            seconds: cell.time(),
            time_ratio: matrix.ratio(case, system),
            above_floor: matrix.above_floor(case, system),
            peak_bytes: cell.peak_bytes(),
            latency: cell.latency(),
            worst_pause_ns: cell.worst_pause_ns(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::MatrixJson;
    use crate::matrix::sample::matrix;
    use serde_json::{Value, json};

    #[test]
    fn invocations_and_figures_are_told() {
        let document: Value = serde_json::from_str(&MatrixJson(&matrix()).to_string()).expect("it is JSON");
        assert_eq!(document["schema"], "tenure.bench/1");
        assert_eq!(document["cases"][0]["cells"][0]["invocations"].as_array().map(Vec::len), Some(3));
        assert_eq!(
            document["cases"][1]["cells"][1],
            json!({"outcome": "failed", "why": "ran for longer than 60 s"})
        );
        let figures = &document["figures"];
        assert_eq!(figures["cells"].as_array().map(Vec::len), Some(8));
        assert_eq!(figures["cells"][2]["absence"], "not installed: go");
        assert_eq!(figures["systems"][3]["above_floor"], json!({"mean": 1.0, "cases": 1}));
    }
}
