//! A sweep for people, as a table.

use super::merge::Sweep;
use super::plan::MinimumHeap;
use super::point::{Outcome, Point};
use crate::quantity::{Bytes, Count, Time, counted};
use std::fmt::{self, Display, Formatter};

/// Points of one group that are all shown; of more, those on the front are.
const SHOWN: usize = 30;

/// Writes a sweep as text: for each work a table of what can be had for it.
#[derive(Clone, Copy, Debug)]
pub struct SweepText<'a>(pub &'a Sweep);

impl Display for SweepText<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let sweep = self.0;
        let [cells, points] = [sweep.results.len(), sweep.points.len()].map(|count| count as u64);
        writeln!(f, "{}, {}", counted(cells, "cell"), counted(points, "point"))?;
        write_shared(f, sweep.plan.shared())?;
        sweep.plan.header.minimum_heaps.iter().try_for_each(|minimum| write_minimum(f, minimum))?;
        let groups = groups(&sweep.points);
        if groups.len() > 1 && groups.iter().all(|group| group.len() == 1) {
            writeln!(f, "no two points do the same work: there is nothing to compare")?;
        }
        groups.iter().try_for_each(|group| write_group(f, group))
    }
}

/// Cells that are not runs of their own, which would look like chance otherwise.
fn write_shared(f: &mut Formatter<'_>, cells: usize) -> fmt::Result {
    let told = match cells {
        0 => return Ok(()),
        1 => "1 cell is the same run as another that is called".into(),
        cells => format!("{cells} cells are the same runs as others that are called"),
    };
    writeln!(f, "{told} otherwise: heaps are whole pages")
}

fn write_minimum(f: &mut Formatter<'_>, minimum: &MinimumHeap) -> fmt::Result {
    let MinimumHeap { workload, parameters, max_old_bytes } = minimum;
    writeln!(f, "least heap of {}: {}", titled(workload, parameters), Bytes(*max_old_bytes))
}

fn titled(workload: &str, parameters: &str) -> String {
    format!("{workload} {parameters}").trim_end().into()
}

/// Points that can be compared, together; groups in the order of their first points.
fn groups(points: &[Point]) -> Vec<Vec<&Point>> {
    let mut groups: Vec<Vec<&Point>> = Vec::new();
    let mut indexes = std::collections::HashMap::new();
    for point in points {
        let index = *indexes.entry(point.rivals()).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[index].push(point);
    }
    groups
}

fn write_group(f: &mut Formatter<'_>, group: &[&Point]) -> fmt::Result {
    let (workload, parameters, clock) = group[0].rivals();
    writeln!(f, "\n{}, {clock} clock", titled(workload, &parameters))?;
    let shown: Vec<_> = group.iter().filter(|point| group.len() <= SHOWN || point.on_front).collect();
    let width =
        shown.iter().map(|point| label(point).chars().count()).max().unwrap_or(0).max("choices".len());
    let counted = group.iter().find(|point| point.passed()).unwrap_or(&group[0]);
    let per_second = format!("{}/s", counted.throughput_of);
    writeln!(
        f,
        "    {:width$}  {:>9}  {:>9}  {:>9}  {per_second:>9}",
        "choices", "p99", "longest", "memory"
    )?;
    shown.iter().try_for_each(|point| write_point(f, point, width))?;
    let hidden = group.len() - shown.len();
    if hidden > 0 { writeln!(f, "    and {hidden} that others are better than") } else { Ok(()) }
}

fn write_point(f: &mut Formatter<'_>, point: &Point, width: usize) -> fmt::Result {
    let (mark, label) = (if point.on_front { '*' } else { ' ' }, label(point));
    if let Outcome::Failed { runs, reason } = &point.outcome {
        let some = if *runs < point.seeds { format!("{runs} of {} ", point.seeds) } else { String::new() };
        return writeln!(f, "  {mark} {label:width$}  {some}failed: {reason}");
    }
    let times = [point.pauses.p99, point.pauses.max].map(Time);
    let [p99, longest] = times;
    let (memory, throughput) = (Bytes(point.peak_bytes), Count(point.throughput));
    writeln!(f, "  {mark} {label:width$}  {p99:>9}  {longest:>9}  {memory:>9}  {throughput:>9}")
}

/// What was chosen for a point, but for what its heading says.
fn label(point: &Point) -> String {
    let own =
        |name: &str| !point.cell.parameters.contains_key(name) && !["workload", "clock"].contains(&name);
    let choices = point.cell.choices.iter().filter(|(name, _)| own(name));
    let words: Vec<_> = choices.map(|(name, label)| format!("{name} {label}")).collect();
    if words.is_empty() { point.cell.config.clone() } else { words.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::SweepText;
    use crate::run::ClockKind;
    use crate::sweep::merge::tests::sweep;
    use crate::sweep::plan::tests::{cell, plan, planned};

    #[test]
    fn points_without_rivals_are_told() {
        let note = "no two points do the same work: there is nothing to compare\n";
        let alone = planned(1, ["ring", "splay"].map(|name| cell(name, "1x", 1, ClockKind::Modelled)).into());
        assert!(SweepText(&sweep("alone", alone)).to_string().contains(note));
        assert!(!SweepText(&sweep("rivals", plan(1))).to_string().contains(note));
    }

    #[test]
    fn every_work_has_a_table() {
        let text = SweepText(&sweep("text", plan(2))).to_string();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], "8 cells, 4 points");
        assert_eq!(lines[2], "ring window=7, modelled clock");
        assert_eq!(lines[3], "    choices        p99    longest     memory     push/s");
        assert!(lines[4].contains("heap 1x "), "{}", lines[4]);
        assert!(text.contains("\n  * heap"), "{text}");
        assert_eq!(text.matches(" clock\n").count(), 2);
    }
}
