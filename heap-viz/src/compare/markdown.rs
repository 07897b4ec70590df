//! Comparisons for comments on pull requests: Markdown as GitHub renders it.

use super::{Comparison, Difference, MIN_RUNS, Outcome, Row, Sample, text::relative};
use std::fmt::{self, Display, Formatter};

/// Writes comparisons as Markdown, in GitHub's flavour: for each sample the verdict, a table of what differs, and the rest
/// folded away.
#[derive(Clone, Copy, Debug)]
pub struct ComparisonMarkdown<'a>(pub &'a [Comparison]);

impl Display for ComparisonMarkdown<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (number, comparison) in self.0.iter().enumerate() {
            let distance = if number > 0 { "\n" } else { "" };
            writeln!(f, "{distance}### {}", escaped(&comparison.workloads()))?;
            (1..comparison.samples.len()).try_for_each(|index| one(f, comparison, index))?;
        }
        writeln!(f, "\n<sub>{}. Written by `tenure compare --markdown`.</sub>", legend(self.0))
    }
}

/// One sample against the first.
fn one(f: &mut Formatter<'_>, comparison: &Comparison, index: usize) -> fmt::Result {
    writeln!(f, "\n**{}**\n", escaped(&comparison.verdict(index)))?;
    let rows = comparison.rows.iter().filter(|row| row.says_something());
    let (differing, same): (Vec<_>, Vec<_>) = rows.partition(|row| row.differs(index));
    if !differing.is_empty() {
        table(f, comparison, index, &differing)?;
    }
    if !same.is_empty() {
        let summary = format!("{} in which no difference could be told", metrics(same.len()));
        writeln!(f, "\n<details><summary>{summary}</summary>\n")?;
        table(f, comparison, index, &same)?;
        writeln!(f, "\n</details>")?;
    }
    Ok(())
}

fn metrics(count: usize) -> String {
    format!("{count} metric{}", if count == 1 { "" } else { "s" })
}

fn table(f: &mut Formatter<'_>, comparison: &Comparison, index: usize, rows: &[&Row]) -> fmt::Result {
    let [base, other] = [0, index].map(|number| heading(&comparison.samples[number]));
    writeln!(f, "| metric | {base} | {other} | difference | 95 % interval | |")?;
    writeln!(f, "|:--|--:|--:|--:|:-:|:--|")?;
    rows.iter().try_for_each(|row| row.write_markdown(f, index))
}

/// The name of a sample, and how many runs it is of.
fn heading(sample: &Sample) -> String {
    let runs = sample.runs.len();
    format!("{} ({runs} run{})", escaped(&sample.name), if runs == 1 { "" } else { "s" })
}

impl Row {
    fn differs(&self, index: usize) -> bool {
        self.differences[index - 1].outcome != Outcome::Same
    }

    fn write_markdown(&self, f: &mut Formatter<'_>, index: usize) -> fmt::Result {
        let (unit, difference) = (self.metric.unit, &self.differences[index - 1]);
        let [base, other] = [0, index].map(|number| unit.write(self.means[number]));
        let by = relative(difference.by, self.means[0], unit);
        let interval = difference.interval.map(|ends| ends.map(|end| relative(end, self.means[0], unit)));
        let interval = interval.map_or(String::new(), |[low, high]| format!("{low} to {high}"));
        let sign = difference.sign();
        writeln!(f, "| `{}` | {base} | {other} | {by} | {interval} | {sign} |", self.metric.name)
    }
}

impl Difference {
    /// A word that also shows from afar which way it goes.
    fn sign(&self) -> &'static str {
        match self.outcome {
            Outcome::Better => "✅ better",
            Outcome::Worse => "❌ worse",
            Outcome::Other => "different",
            Outcome::Same => "~",
            Outcome::TooFewRuns => "?",
        }
    }
}

/// What the signs mean that the tables have.
fn legend(comparisons: &[Comparison]) -> String {
    let rows = || comparisons.iter().flat_map(|comparison| &comparison.rows);
    let all = || rows().flat_map(|row| &row.differences);
    let mut parts = vec!["Means of all runs".to_owned()];
    if all().any(|difference| difference.interval.is_some()) {
        parts.push("intervals are of the difference, by bootstrap".into());
    }
    if all().any(|difference| difference.outcome == Outcome::TooFewRuns) {
        parts.push(format!(
            "? is a difference that fewer than {MIN_RUNS} runs of each cannot tell from chance"
        ));
    }
    parts.join("; ")
}

/// Text in which no character is markup: names come from files.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '&' => escaped += "&amp;",
            '\n' | '\r' => escaped.push(' '),
            // A name such as `p99_pause` has underscores within, which are no markup there.
            '\\' | '`' | '*' | '[' | ']' | '|' | '#' | '~' | '@' => escaped.extend(['\\', character]),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::ComparisonMarkdown;
    use crate::compare::Comparison;
    use crate::compare::tests::sample;
    use crate::run::ClockKind;

    fn markdown(clock: ClockKind, base: &[u64], other: &[u64]) -> String {
        let samples = vec![sample("old", base, clock), sample("new|<b>", other, clock)];
        ComparisonMarkdown(&[Comparison::new(samples)]).to_string()
    }

    #[test]
    fn what_differs_stands_in_a_table_below_the_verdict_and_the_rest_is_folded_away() {
        let text = markdown(ClockKind::Modelled, &[1_000], &[800]);
        let expected = "### ring\n\n**new\\|&lt;b&gt; against old: better in max_pause (-20.0 %).**\n\n\
                        | metric | old (1 run) | new\\|&lt;b&gt; (1 run) | difference | 95 % interval | |\n\
                        |:--|--:|--:|--:|:-:|:--|\n\
                        | `max_pause` | 1.00 ms | 800 µs | -20.0 % |  | ✅ better |\n\n\
                        <details><summary>";
        assert!(text.starts_with(expected), "{text}");
        assert_eq!(text.matches("<details>").count(), text.matches("\n</details>\n").count());
    }

    #[test]
    fn intervals_are_told_where_there_are_enough_runs() {
        let text = markdown(ClockKind::Measured, &[1_000; 3], &[1_500; 3]);
        let row = "| `max_pause` | 1.00 ms | 1.50 ms | +50.0 % | +50.0 % to +50.0 % | ❌ worse |\n";
        assert!(text.contains(row) && text.contains("by bootstrap"), "{text}");
        let text = markdown(ClockKind::Measured, &[1_000], &[1_500]);
        assert!(text.contains("| `max_pause` | 1.00 ms | 1.50 ms | +50.0 % |  | ? |\n"), "{text}");
        assert!(text.contains("? is a difference that fewer than 3 runs"), "{text}");
    }

    #[test]
    fn every_row_has_the_cells_of_its_table() {
        let text = markdown(ClockKind::Modelled, &[1_000], &[800]);
        let rows: Vec<_> = text.lines().filter(|line| line.starts_with('|')).collect();
        let cells = |row: &str| row.replace("\\|", "").matches('|').count();
        assert!(rows.len() > 15 && rows.iter().all(|row| cells(row) == 7), "{rows:#?}");
    }
}
