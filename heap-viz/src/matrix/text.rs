//! A matrix for people, in a terminal.

use super::{Case, Cell, Curve, Estimate, Hardware, Matrix, Mean, Reach, System, Unit};
use crate::quantity::counted;
use crate::quantity::{Bytes, Time};
use crate::wrapped::wrapped;
use gc_core::event::Nanos;
use std::fmt::{self, Display, Formatter};

/// Columns of a figure.
const FIGURE: usize = 10;
/// Columns of an interval.
const INTERVAL: usize = 18;
/// Most columns of a sentence that stands in the place of figures.
const SENTENCE: usize = 84;

/// Writes a matrix as text: a table for each case, and means over all of them.
#[derive(Clone, Copy, Debug)]
pub struct MatrixText<'a>(pub &'a Matrix);

impl Display for MatrixText<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let matrix = self.0;
        matrix.cases.iter().try_for_each(|case| write_case(f, matrix, case))?;
        write_means(f, matrix)?;
        matrix.hardware.as_ref().map_or(Ok(()), |hardware| write_hardware(f, hardware))?;
        write_provenance(f, matrix)
    }
}

/// A time in seconds, with its unit.
pub(super) fn seconds(seconds: f64) -> String {
    Time(Nanos((seconds * 1e9).round() as u64)).to_string()
}

/// The ends of an interval.
pub(super) fn interval(estimate: Estimate) -> String {
    estimate.interval.map_or(String::new(), |[low, high]| format!("{} – {}", seconds(low), seconds(high)))
}

pub(super) fn nanos(nanos: u64) -> String {
    Time(Nanos(nanos)).to_string()
}

fn names_width(systems: &[System]) -> usize {
    systems.iter().map(|system| system.name.chars().count()).max().unwrap_or(0).max("system".len())
}

fn write_case(f: &mut Formatter<'_>, matrix: &Matrix, case: &Case) -> fmt::Result {
    let width = names_width(&matrix.systems);
    writeln!(f, "{}  {}", case.name, what(case))?;
    write!(f, "  {:width$}{:>FIGURE$}{:>INTERVAL$}", "system", "time", "95 %")?;
    let base = format!("/ {}", matrix.systems[matrix.base].name);
    for name in [&base[..], "/ floor", "peak", "p99 op", "p99.9 op", "worst op", "worst gc"] {
        write!(f, "{name:>FIGURE$}")?;
    }
    writeln!(f)?;
    for (index, cell) in case.cells.iter().enumerate() {
        write_cell(f, matrix, case, index, cell, width)?;
    }
    case.curves.iter().try_for_each(|curve| write_curve(f, &matrix.systems[curve.system], curve))?;
    writeln!(f)
}

/// The parameters of a case, behind the workload if that is called otherwise.
pub(super) fn what(case: &Case) -> String {
    let workload = if case.workload == case.name { String::new() } else { format!("{} ", case.workload) };
    workload + &case.parameters
}

fn write_cell(
    f: &mut Formatter<'_>,
    matrix: &Matrix,
    case: &Case,
    index: usize,
    cell: &Cell,
    width: usize,
) -> fmt::Result {
    write!(f, "  {:width$}", matrix.systems[index].name)?;
    if let Some(absence) = cell.absence() {
        let indent = format!("\n{:1$}", "", width + 4);
        return writeln!(f, "  {}", wrapped(&absence, SENTENCE).join(&indent));
    }
    let ratio = |ratio: Option<Estimate>| ratio.map(|ratio| format!("{:.2}", ratio.median));
    let (time, latency) = (cell.time(), cell.latency());
    let figures = [
        ratio(matrix.ratio(case, index)),
        ratio(matrix.above_floor(case, index)),
        cell.peak_bytes().map(|peak| Bytes(peak as u64).to_string()),
        latency.map(|latency| nanos(latency.p99_ns)),
        latency.map(|latency| nanos(latency.p999_ns)),
        latency.map(|latency| nanos(latency.worst_ns)),
        cell.worst_pause_ns().map(nanos),
    ];
    let line = format!(
        "{:>FIGURE$}{:>INTERVAL$}",
        time.map_or(String::new(), |time| seconds(time.median)),
        time.map_or(String::new(), interval)
    );
    let figures: String = figures.map(|figure| format!("{:>FIGURE$}", figure.unwrap_or("-".into()))).concat();
    writeln!(f, "{line}{figures}")
}

/// The points of a curve in lines: what the heap was, how long it took, how much memory.
fn write_curve(f: &mut Formatter<'_>, system: &System, curve: &Curve) -> fmt::Result {
    write!(f, "    {} by heap", system.name)?;
    curve.minimum_heap_bytes.map_or(Ok(()), |bytes| write!(f, ", the smallest {}", Bytes(bytes)))?;
    writeln!(f, "{}", curve.note.as_ref().map_or(String::new(), |note| format!(": {note}")))?;
    for point in &curve.points {
        let multiple = point.heap_multiple.map_or(String::new(), |multiple| format!("{multiple:.2} x"));
        write!(f, "    {multiple:>8}{:>26}", point.setting)?;
        match (point.cell.time(), point.cell.peak_bytes()) {
            (Some(time), peak) => writeln!(
                f,
                "{:>FIGURE$}{:>FIGURE$}",
                seconds(time.median),
                peak.map_or("-".into(), |peak| Bytes(peak as u64).to_string())
            )?,
            _ => writeln!(f, "  {}", point.cell.absence().unwrap_or_default())?,
        }
    }
    Ok(())
}

fn write_means(f: &mut Formatter<'_>, matrix: &Matrix) -> fmt::Result {
    let width = names_width(&matrix.systems);
    let base = &matrix.systems[matrix.base].name;
    writeln!(f, "all cases  geometric means of ratios, and how many cases they are of")?;
    let names = [format!("time / {base}"), "time / floor".into(), format!("peak / {base}")];
    writeln!(f, "  {:width$}{}", "system", names.map(|name| format!("{name:>INTERVAL$}")).concat())?;
    for (index, system) in matrix.systems.iter().enumerate() {
        let means =
            [matrix.mean_ratio(index), matrix.mean_above_floor(index), matrix.mean_memory_ratio(index)];
        let means = means.map(|mean| format!("{:>INTERVAL$}", mean.map_or("-".into(), shown))).concat();
        writeln!(f, "  {:width$}{means}  {}", system.name, system.about)?;
    }
    writeln!(f)
}

pub(super) fn shown(Mean { mean, cases }: Mean) -> String {
    format!("{mean:.2} of {cases}")
}

pub(super) fn rate(bytes_per_second: f64) -> String {
    format!("{}/s", Bytes(bytes_per_second as u64))
}

fn write_hardware(f: &mut Formatter<'_>, hardware: &Hardware) -> fmt::Result {
    writeln!(f, "the machine, one thread")?;
    for (name, figure) in limits(hardware) {
        writeln!(f, "  {name:<44}{figure:>14}")?;
    }
    if !hardware.reaches.is_empty() {
        writeln!(
            f,
            "  {:<44}{:>14}  {:<32}{:>14}{:>10}",
            "how near Tenure comes", "Tenure", "the machine", "", "times"
        )?;
    }
    for reach in &hardware.reaches {
        let [measured, limit] = figures(reach);
        let distance = reach.distance();
        writeln!(f, "  {:<44}{measured:>14}  {:<32}{limit:>14}{distance:>10.2}", reach.what, reach.limit_is)?;
    }
    writeln!(f)
}

/// What the machine can do, each with its name.
pub(super) fn limits(hardware: &Hardware) -> [(&'static str, String); 5] {
    [
        ("copying memory", rate(hardware.copy_bytes_per_second)),
        ("reading memory", rate(hardware.read_bytes_per_second)),
        ("writing memory that is resident", rate(hardware.write_bytes_per_second)),
        ("a load that misses all caches", format!("{:.1} ns", hardware.miss_ns)),
        ("the first write to a page of 4 KiB", format!("{:.0} ns", hardware.fault_ns)),
    ]
}

/// What Tenure takes and what the machine takes, written.
pub(super) fn figures(reach: &Reach) -> [String; 2] {
    [reach.measured, reach.limit].map(|figure| match reach.unit {
        Unit::BytesPerSecond => rate(figure),
        Unit::NanosecondsPerObject => format!("{figure:.1} ns"),
    })
}

fn write_provenance(f: &mut Formatter<'_>, matrix: &Matrix) -> fmt::Result {
    provenance(matrix).iter().try_for_each(|line| writeln!(f, "{line}"))
}

/// How and on what the figures were measured, in sentences.
pub(super) fn provenance(matrix: &Matrix) -> Vec<String> {
    let (machine, protocol) = (&matrix.machine, matrix.protocol);
    let mut lines = vec![
        format!(
            "{} of each system in turn, after one that does not count; medians, with intervals of 95 % by bootstrap.",
            counted(protocol.repetitions as u64, "invocation")
        ),
        format!(
            "{}, {} processors, {:#}, {}; load {:.2} at the start, {:.2} at the end; Tenure {}.",
            machine.processor,
            machine.cores,
            Bytes(machine.memory_bytes),
            machine.system,
            machine.load[0],
            machine.load[1],
            env!("CARGO_PKG_VERSION")
        ),
    ];
    if protocol.is_unoptimised {
        lines.push("Tenure was an unoptimised build: its times mean little.".into());
    }
    let versions = matrix.systems.iter().filter_map(|system| Some((&system.name, system.version.as_ref()?)));
    lines.extend(versions.map(|(name, version)| format!("{name}: {version}")));
    lines
}

#[cfg(test)]
mod tests {
    use super::MatrixText;
    use crate::matrix::sample::matrix;

    #[test]
    fn a_matrix_looks_like_this() {
        let text = MatrixText(&matrix()).to_string();
        assert_eq!(text, include_str!("text.golden"), "{text}");
    }
}
