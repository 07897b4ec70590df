//! Comparisons for people.

use super::{Comparison, Difference, Outcome, Row, Unit};
use crate::wrapped::wrapped;
use std::fmt::{self, Display, Formatter};

/// Columns of the name of a metric, and of each figure unless the names of samples take more.
const NAME: usize = 21;
const FIGURE: usize = 12;
/// Letters of the name of a sample, at most.
const SAMPLE: usize = 20;
/// Columns of a page.
const WIDTH: usize = 80;

/// Writes a comparison as text: for each sample a verdict, and a table in which it stands beside the first.
#[derive(Clone, Copy, Debug)]
pub struct ComparisonText<'a>(pub &'a Comparison);

impl Display for ComparisonText<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        (1..self.0.samples.len()).try_for_each(|index| {
            if index > 1 {
                writeln!(f)?;
            }
            wrapped(&self.0.verdict(index), WIDTH).iter().try_for_each(|line| writeln!(f, "{line}"))?;
            self.table(f, index)
        })
    }
}

impl ComparisonText<'_> {
    fn table(&self, f: &mut Formatter<'_>, index: usize) -> fmt::Result {
        let Comparison { samples, rows } = self.0;
        let [base, other] = [0, index].map(|number| &samples[number]);
        writeln!(f)?;
        let [base_name, other_name] = short([&base.name, &other.name]);
        let width = FIGURE.max(1 + base_name.chars().count()).max(1 + other_name.chars().count());
        writeln!(f, "  {:<NAME$}{base_name:>width$}{other_name:>width$}  difference", "metric")?;
        let runs = |count: usize| format!("{count} run{}", if count == 1 { "" } else { "s" });
        let counts = [base, other].map(|sample| runs(sample.runs.len()));
        writeln!(f, "  {:<NAME$}{:>width$}{:>width$}", "", counts[0], counts[1])?;
        rows.iter().filter(|row| row.says_something()).try_for_each(|row| row.write(f, index, width))
    }
}

/// Two names so short that they fit, and still tell samples apart: what both begin with is left out if it must be.
fn short(names: [&str; 2]) -> [String; 2] {
    let fits = |name: &str| name.chars().count() <= SAMPLE;
    if names.iter().all(|name| fits(name)) {
        return names.map(Into::into);
    }
    let rests = names.map(|name| name.chars().skip(common_words(names)).collect::<Vec<_>>());
    // A name ends with a value, which tells more than what it is of.
    let [one, other] = [&rests[0], &rests[1]].map(|rest| end_of(rest));
    if one == other { rests.map(|rest| start_of(&rest)) } else { [one, other] }
}

fn end_of(name: &[char]) -> String {
    match name.len().checked_sub(SAMPLE) {
        None | Some(0) => name.iter().collect(),
        Some(over) => std::iter::once(&'…').chain(&name[over + 1..]).collect(),
    }
}

fn start_of(name: &[char]) -> String {
    if name.len() <= SAMPLE {
        return name.iter().collect();
    }
    name[..SAMPLE - 1].iter().chain(&['…']).collect()
}

/// How many letters two names begin with that are the same, up to the end of a part.
fn common_words([one, other]: [&str; 2]) -> usize {
    let same: Vec<_> = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
    same.iter().rposition(|letter| matches!(letter, '.' | ' ' | '-' | '_' | '/')).map_or(0, |last| last + 1)
}

impl Row {
    /// Whether there is a sample in which it is not zero.
    pub(crate) fn says_something(&self) -> bool {
        self.means.iter().any(|&mean| mean != 0.0)
    }

    fn write(&self, f: &mut Formatter<'_>, index: usize, width: usize) -> fmt::Result {
        let unit = self.metric.unit;
        let [base, other] = [0, index].map(|number| unit.write(self.means[number]));
        let difference = &self.differences[index - 1];
        let said = difference.said(self.means[0], unit);
        writeln!(f, "  {:<NAME$}{base:>width$}{other:>width$}  {said}", self.metric.name)
    }
}

impl Difference {
    /// The difference, what it lies between, and a word where it is beyond chance.
    pub(crate) fn said(&self, base: f64, unit: Unit) -> String {
        let by = relative(self.by, base, unit);
        let interval = self.interval.map(|ends| ends.map(|end| relative(end, base, unit)));
        let interval = interval.map_or(String::new(), |[low, high]| format!(" ({low} to {high})"));
        match self.outcome {
            Outcome::Same => format!("~{interval}"),
            Outcome::TooFewRuns => format!("{by} ?"),
            outcome => format!("{by}{interval} {}", outcome.name()),
        }
    }
}

/// A difference as a share of what it is a difference to; of nothing, in its unit.
pub(super) fn relative(by: f64, base: f64, unit: Unit) -> String {
    let sign = if by < 0.0 { '-' } else { '+' };
    if base == 0.0 {
        return format!("{sign}{}", unit.write(by.abs()));
    }
    format!("{sign}{:.1} %", (100.0 * by / base).abs())
}

#[cfg(test)]
mod tests {
    use super::{ComparisonText, short};
    use crate::compare::Comparison;
    use crate::compare::tests::sample;
    use crate::run::ClockKind;

    fn text(clock: ClockKind, base: &[u64], other: &[u64]) -> String {
        let samples = vec![sample("old", base, clock), sample("new", other, clock)];
        ComparisonText(&Comparison::new(samples)).to_string()
    }

    #[test]
    fn the_verdict_stands_above_the_table() {
        let text = text(ClockKind::Modelled, &[1_000], &[800]);
        let lines: Vec<_> = text.lines().take(9).collect();
        let expected = [
            "new against old: better in max_pause (-20.0 %).",
            "",
            "  metric                        old         new  difference",
            "                              1 run       1 run",
            "  p50_pause                  103 µs      103 µs  ~",
            "  p90_pause                 1.01 ms     1.01 ms  ~",
            "  p99_pause                 1.05 ms     1.05 ms  ~",
            "  p99_9_pause               1.05 ms     1.05 ms  ~",
            "  max_pause                 1.00 ms      800 µs  -20.0 % better",
        ];
        assert_eq!(lines[..4], expected[..4]);
        assert_eq!(lines[8], expected[8]);
    }

    #[test]
    fn names_are_shortened_so_that_they_are_still_told_apart() {
        let check = |names: [&str; 2], expected: [&str; 2]| assert_eq!(short(names), expected);
        check(["old", "new"], ["old", "new"]);
        check(["new_space.max=256KiB", "defaults"], ["new_space.max=256KiB", "defaults"]);
        check(["new_space.max=1048575", "new_space.initial=1MiB"], ["max=1048575", "initial=1MiB"]);
        check(["defaults", "new_space.initial=256KiB"], ["defaults", "…pace.initial=256KiB"]);
        let ends_alike = ["a parameter=1 and_another_one=1", "other_parameter=1 and_another_one=1"];
        check(ends_alike, ["a parameter=1 and_a…", "other_parameter=1 a…"]);
    }

    #[test]
    fn intervals_are_told_where_there_are_enough_runs() {
        let text = text(ClockKind::Measured, &[1_000; 3], &[500; 3]);
        assert!(text.contains("-50.0 % (-50.0 % to -50.0 %) better\n"), "{text}");
        text.lines().for_each(|line| assert!(line.chars().count() <= 100, "{line}"));
    }
}
