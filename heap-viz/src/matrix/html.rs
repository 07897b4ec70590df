//! A matrix as one HTML page: bars, curves and tables, and how it was measured.
//!
//! The page is made of the same parts as that of [reports](crate::report::Html); what is drawn is in
//! `assets/matrix.js`.

use super::text::{figures, limits, provenance, shown, what};
use super::{Case, Cell, Curve, Estimate, Hardware, Matrix, MatrixText, Mean};
use crate::markup::{Escaped, STYLE, begin_page, end_page};
use crate::report::html::{CHART_STYLE, CHARTS, DRAWING};
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

const SCRIPT: &str = include_str!("../../assets/matrix.js");

/// Writes a matrix as one page.
#[derive(Clone, Copy, Debug)]
pub struct MatrixHtml<'a>(pub &'a Matrix);

impl Display for MatrixHtml<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        begin_page(f, "Benchmarks · Tenure", &[CHART_STYLE, STYLE])?;
        writeln!(f, "<noscript><pre>{}</pre></noscript>", Escaped(&MatrixText(self.0).to_string()))?;
        end_page(f, &Page::of(self.0), &[CHARTS, DRAWING, SCRIPT])
    }
}

/// All that is shown.
#[derive(Serialize)]
struct Page<'a> {
    version: &'a str,
    base: &'a str,
    has_floor: bool,
    provenance: Vec<String>,
    systems: Vec<SystemRow<'a>>,
    cases: Vec<CasePart<'a>>,
    hardware: Option<HardwarePart>,
}

/// A system, and its means over all cases.
#[derive(Serialize)]
struct SystemRow<'a> {
    name: &'a str,
    about: &'a str,
    mean: Option<f64>,
    means: [Option<String>; 3],
}

/// A case: cells, and curves.
#[derive(Serialize)]
struct CasePart<'a> {
    name: &'a str,
    what: String,
    cells: Vec<CellPart>,
    curves: Vec<CurvePart<'a>>,
}

/// What is shown of a cell: figures, or why there are none.
#[derive(Serialize)]
struct CellPart {
    absence: Option<String>,
    is_failure: bool,
    seconds: Option<Estimate>,
    ratio: Option<f64>,
    above_floor: Option<f64>,
    peak_bytes: Option<f64>,
    latency: Option<super::Quantiles>,
    worst_pause_ns: Option<u64>,
}

#[derive(Serialize)]
struct CurvePart<'a> {
    system: &'a str,
    note: Option<&'a str>,
    minimum_heap_bytes: Option<u64>,
    points: Vec<PointPart<'a>>,
}

#[derive(Serialize)]
struct PointPart<'a> {
    setting: &'a str,
    multiple: Option<f64>,
    seconds: Option<f64>,
    peak_bytes: Option<f64>,
    absence: Option<String>,
}

#[derive(Serialize)]
struct HardwarePart {
    limits: Vec<(&'static str, String)>,
    reaches: Vec<[String; 5]>,
}

impl<'a> Page<'a> {
    fn of(matrix: &'a Matrix) -> Self {
        Page {
            version: env!("CARGO_PKG_VERSION"),
            base: &matrix.systems[matrix.base].name,
            has_floor: matrix.systems.iter().any(|system| system.is_floor),
            provenance: provenance(matrix),
            systems: (0..matrix.systems.len()).map(|index| SystemRow::of(matrix, index)).collect(),
            cases: matrix.cases.iter().map(|case| CasePart::of(matrix, case)).collect(),
            hardware: matrix.hardware.as_ref().map(HardwarePart::of),
        }
    }
}

impl<'a> SystemRow<'a> {
    fn of(matrix: &'a Matrix, index: usize) -> Self {
        let system = &matrix.systems[index];
        let mean = matrix.mean_ratio(index);
        let means = [mean, matrix.mean_above_floor(index), matrix.mean_memory_ratio(index)];
        SystemRow {
            name: &system.name,
            about: &system.about,
            mean: mean.map(|Mean { mean, .. }| mean),
            means: means.map(|mean| mean.map(shown)),
        }
    }
}

impl<'a> CasePart<'a> {
    fn of(matrix: &'a Matrix, case: &'a Case) -> Self {
        let cell = |(index, cell)| CellPart::of(matrix, case, index, cell);
        CasePart {
            name: &case.name,
            what: what(case),
            cells: case.cells.iter().enumerate().map(cell).collect(),
            curves: case.curves.iter().map(|curve| CurvePart::of(matrix, curve)).collect(),
        }
    }
}

impl CellPart {
    fn of(matrix: &Matrix, case: &Case, index: usize, cell: &Cell) -> Self {
        let median = |estimate: Option<Estimate>| estimate.map(|estimate| estimate.median);
        CellPart {
            absence: cell.absence(),
            is_failure: matches!(cell, Cell::Failed { .. }),
            seconds: cell.time(),
            ratio: median(matrix.ratio(case, index)),
            above_floor: median(matrix.above_floor(case, index)),
            peak_bytes: cell.peak_bytes(),
            latency: cell.latency(),
            worst_pause_ns: cell.worst_pause_ns(),
        }
    }
}

impl<'a> CurvePart<'a> {
    fn of(matrix: &'a Matrix, curve: &'a Curve) -> Self {
        let points = curve.points.iter().map(|point| PointPart {
            setting: &point.setting,
            multiple: point.heap_multiple,
            seconds: point.cell.time().map(|time| time.median),
            peak_bytes: point.cell.peak_bytes(),
            absence: point.cell.absence(),
        });
        CurvePart {
            system: &matrix.systems[curve.system].name,
            note: curve.note.as_deref(),
            minimum_heap_bytes: curve.minimum_heap_bytes,
            points: points.collect(),
        }
    }
}

impl HardwarePart {
    fn of(hardware: &Hardware) -> Self {
        let reaches = hardware.reaches.iter().map(|reach| {
            let [measured, limit] = figures(reach);
            let distance = format!("{:.2}", reach.distance());
            [reach.what.clone(), measured, reach.limit_is.clone(), limit, distance]
        });
        HardwarePart { limits: limits(hardware).into(), reaches: reaches.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::MatrixHtml;
    use crate::matrix::sample::matrix;

    #[test]
    fn the_page_asks_nothing_of_the_network_and_holds_no_foreign_markup() {
        let mut matrix = matrix();
        matrix.systems[1].name = "</script><script>alert(1)</script>".into();
        let page = MatrixHtml(&matrix).to_string();
        for word in ["<link", "src=", "@import", "fetch(", "XMLHttpRequest", "<script>alert"] {
            assert!(!page.contains(word), "{word}");
        }
    }
}
