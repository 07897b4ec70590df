//! Several runs side by side.

use super::PauseReport;
use crate::collector::Figure;
use crate::quantity::{Bytes, Count, Share, Time};
use crate::run::Verdict;
use std::fmt;

/// Writes one line for each run.
#[derive(Clone, Copy, Debug)]
pub struct Summary<'a>(pub &'a [PauseReport]);

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = ["time", "ops/s", "alloc/s", "p99", "max", "program", "peak"];
        line(f, "all runs", &names.map(String::from))?;
        self.0.iter().try_for_each(|report| {
            let name = format!("  {}", report.run.workload);
            match report.end.verdict {
                Verdict::Passed { .. } => line(f, &name, &figures(report)),
                Verdict::Failed { .. } => writeln!(f, "{}   FAILED", column(&name)),
            }
        })
    }
}

fn figures(report: &PauseReport) -> [String; 7] {
    let or_none = |rate: Option<String>| rate.unwrap_or_else(|| "-".into());
    [
        Time(report.end.at).to_string(),
        or_none(report.operations_per_second().map(|rate| Count(rate).to_string())),
        or_none(report.allocated_bytes_per_second().map(|rate| Bytes(rate as u64).to_string())),
        Time(report.pauses.p99).to_string(),
        Time(report.pauses.max).to_string(),
        Share(report.mutator_share).to_string(),
        or_none(report.run.tells(Figure::Capacity).then(|| Bytes(report.heap.peak.total_bytes).to_string())),
    ]
}

fn line(f: &mut fmt::Formatter<'_>, name: &str, figures: &[String]) -> fmt::Result {
    f.write_str(&column(name))?;
    figures.iter().try_for_each(|figure| write!(f, "{figure:>9}"))?;
    writeln!(f)
}

/// A name in front of figures; one that is too long for that stands on a line of its own.
fn column(name: &str) -> String {
    let end = if name.chars().count() > 16 { format!("\n{:16}", "") } else { String::new() };
    format!("{name:<16}{end}")
}

#[cfg(test)]
mod tests {
    use super::Summary;
    use crate::report::tests::sample_report;
    use crate::run::Verdict;

    #[test]
    fn runs_stand_side_by_side() {
        let mut failed = sample_report();
        failed.run.workload = "splay".into();
        failed.end.verdict = Verdict::Failed { reason: "the heap is full".into() };
        let expected = "\
all runs             time    ops/s  alloc/s      p99      max  program     peak
  ring             102 ms   9.80 M  490 MiB  1.05 ms  1.05 ms   90.4 % 16.0 MiB
  splay            FAILED
";
        assert_eq!(Summary(&[sample_report(), failed]).to_string(), expected);
    }

    #[test]
    fn long_names_stand_alone() {
        let mut report = sample_report();
        report.run.workload = "lox:examples/fib.lox".into();
        let text = Summary(&[report]).to_string();
        assert!(text.contains("\n  lox:examples/fib.lox\n                   102 ms "), "{text}");
    }
}
