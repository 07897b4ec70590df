//! Sums of runs, as monitoring systems collect them.

use crate::collector::Figure;
use crate::percentiles::{Durations, LENGTHS};
use crate::report::PauseReport;
use crate::run::{RunEnd, RunInfo};
use crate::run_sink::{Reports, RunSink};
use gc_core::event::{Event, EventSink, Nanos, Pause};
use std::fmt::{self, Display, Formatter, Write as _};
use std::io::{self, Write};

/// Writes what runs come to as OpenMetrics text (version 1.0), which Prometheus reads: pauses as histograms by kind,
/// collections as counters by kind and cause, and memory as gauges.
///
/// Every sample has the labels `run`, a number from 1, and `workload`. Times are seconds, sizes bytes, shares ratios.
/// The file is written by [`OpenMetricsWriter::finish`], since samples of one metric stand together.
#[derive(Debug)]
pub struct OpenMetricsWriter<W> {
    out: W,
    reports: Reports,
}

impl<W: Write> OpenMetricsWriter<W> {
    /// Starts with no run.
    pub fn new(out: W) -> Self {
        OpenMetricsWriter { out, reports: Reports::default() }
    }

    /// Writes everything, and gives back what was written to.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        let text = Exposition(&self.reports.finish()).to_string();
        self.out.write_all(text.as_bytes())?;
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Send> EventSink for OpenMetricsWriter<W> {
    fn event(&mut self, event: &Event) {
        self.reports.event(event);
    }
}

impl<W: Send> RunSink for OpenMetricsWriter<W> {
    fn run_started(&mut self, info: &RunInfo) {
        self.reports.run_started(info);
    }

    fn foreign_pause(&mut self, pause: &Pause, words: &str) {
        self.reports.foreign_pause(pause, words);
    }

    fn run_ended(&mut self, end: &RunEnd) {
        self.reports.run_ended(end);
    }
}

/// The text, metric by metric.
struct Exposition<'a>(&'a [PauseReport]);

impl Display for Exposition<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.pauses(f)?;
        self.collections(f)?;
        METRICS.iter().try_for_each(|metric| self.metric(f, metric))?;
        self.utilisation(f)?;
        f.write_str("# EOF\n")
    }
}

impl Exposition<'_> {
    fn runs(&self) -> impl Iterator<Item = (Labels<'_>, &PauseReport)> {
        (1..).zip(self.0).map(|(run, report)| (Labels { run, workload: &report.run.workload }, report))
    }

    fn pauses(&self, f: &mut Formatter<'_>) -> fmt::Result {
        head(f, "tenure_pause_seconds", "histogram", "seconds", "How long the program was stopped at once.")?;
        for (labels, report) in self.runs() {
            for (kind, durations) in &report.durations_by_kind {
                histogram(f, &format!("{labels},kind=\"{}\"", kind.name()), durations)?;
            }
        }
        Ok(())
    }

    fn collections(&self, f: &mut Formatter<'_>) -> fmt::Result {
        head(f, "tenure_collections", "counter", "", "Pauses, by kind and cause.")?;
        for (labels, report) in self.runs() {
            for ((kind, cause), tally) in &report.collections {
                let (kind, cause) = (kind.name(), Escaped(cause.name()));
                let count = tally.count;
                writeln!(
                    f,
                    "tenure_collections_total{{{labels},kind=\"{kind}\",cause=\"{cause}\"}} {count}"
                )?;
            }
        }
        Ok(())
    }

    /// One sample a run, where the run tells the figure.
    fn metric(&self, f: &mut Formatter<'_>, metric: &Metric) -> fmt::Result {
        let suffix = if metric.kind == "counter" { "_total" } else { "" };
        head(f, metric.name, metric.kind, metric.unit, metric.help)?;
        let told = |report: &PauseReport| metric.figure.is_none_or(|figure| report.run.tells(figure));
        self.runs().filter(|(_, report)| told(report)).try_for_each(|(labels, report)| {
            writeln!(f, "{}{suffix}{{{labels}}} {}", metric.name, (metric.value)(report))
        })
    }

    fn utilisation(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let help = "Share of the time that the program had in the worst window of each length.";
        head(f, "tenure_minimum_utilisation_ratio", "gauge", "ratio", help)?;
        for (labels, report) in self.runs() {
            for worst in report.worst_windows.iter().filter_map(|(_, worst)| worst.as_ref()) {
                let (window, share) = (Seconds(worst.window), worst.mutator_share());
                writeln!(
                    f,
                    "tenure_minimum_utilisation_ratio{{{labels},window_seconds=\"{window}\"}} {share}"
                )?;
            }
        }
        Ok(())
    }
}

fn histogram(f: &mut Formatter<'_>, labels: &str, durations: &Durations) -> fmt::Result {
    let mut count = 0;
    for (bound, of_length) in LENGTHS.into_iter().zip(durations.counts()) {
        count += of_length;
        writeln!(f, "tenure_pause_seconds_bucket{{{labels},le=\"{}\"}} {count}", Seconds(bound))?;
    }
    let all = durations.percentiles();
    writeln!(f, "tenure_pause_seconds_bucket{{{labels},le=\"+Inf\"}} {}", all.count)?;
    writeln!(f, "tenure_pause_seconds_count{{{labels}}} {}", all.count)?;
    writeln!(f, "tenure_pause_seconds_sum{{{labels}}} {}", Seconds(all.total))
}

fn head(f: &mut Formatter<'_>, name: &str, kind: &str, unit: &str, help: &str) -> fmt::Result {
    writeln!(f, "# TYPE {name} {kind}")?;
    if !unit.is_empty() {
        writeln!(f, "# UNIT {name} {unit}")?;
    }
    writeln!(f, "# HELP {name} {help}")
}

/// A metric with one sample a run. A name ends with the unit.
struct Metric {
    name: &'static str,
    kind: &'static str,
    unit: &'static str,
    help: &'static str,
    figure: Option<Figure>,
    value: fn(&PauseReport) -> String,
}

const fn bytes(
    name: &'static str,
    kind: &'static str,
    help: &'static str,
    figure: Option<Figure>,
    value: fn(&PauseReport) -> String,
) -> Metric {
    Metric { name, kind, unit: "bytes", help, figure, value }
}

const METRICS: [Metric; 11] = [
    Metric {
        name: "tenure_elapsed_seconds",
        kind: "gauge",
        unit: "seconds",
        help: "How long the run took, on the clock of the heap.",
        figure: None,
        value: |report| Seconds(report.end.at).to_string(),
    },
    Metric {
        name: "tenure_mutator_ratio",
        kind: "gauge",
        unit: "ratio",
        help: "Share of the time in which the program ran.",
        figure: None,
        value: |report| report.mutator_share.to_string(),
    },
    bytes("tenure_allocated_bytes", "counter", "Bytes that the program has allocated.", None, |report| {
        report.end.allocated_bytes.to_string()
    }),
    bytes(
        "tenure_copied_bytes",
        "counter",
        "Bytes copied within new space.",
        Some(Figure::Promotion),
        |report| report.survival.copied_bytes.to_string(),
    ),
    bytes("tenure_promoted_bytes", "counter", "Bytes that became old.", Some(Figure::Promotion), |report| {
        report.survival.promoted_bytes.to_string()
    }),
    bytes("tenure_freed_bytes", "counter", "Bytes found dead.", None, |report| {
        report.survival.freed_bytes.to_string()
    }),
    bytes("tenure_heap_used_bytes", "gauge", "Bytes of objects at the end.", None, |report| {
        report.end.usage.heap_used().to_string()
    }),
    bytes(
        "tenure_heap_size_bytes",
        "gauge",
        "Bytes of all spaces at the end.",
        Some(Figure::Capacity),
        |report| report.end.usage.heap_total().to_string(),
    ),
    bytes("tenure_peak_used_bytes", "gauge", "Most bytes of objects at any pause.", None, |report| {
        report.heap.peak.used_bytes.to_string()
    }),
    bytes(
        "tenure_external_bytes",
        "gauge",
        "Bytes off the heap at the end.",
        Some(Figure::External),
        |report| report.end.usage.external.to_string(),
    ),
    bytes(
        "tenure_committed_bytes",
        "gauge",
        "Bytes that were committed at the end.",
        Some(Figure::Committed),
        |report| report.end.committed_bytes.to_string(),
    ),
];

/// The labels that every sample has.
#[derive(Clone, Copy)]
struct Labels<'a> {
    run: u64,
    workload: &'a str,
}

impl Display for Labels<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "run=\"{}\",workload=\"{}\"", self.run, Escaped(self.workload))
    }
}

/// A value of a label.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|char| match char {
            '\\' => f.write_str("\\\\"),
            '"' => f.write_str("\\\""),
            '\n' => f.write_str("\\n"),
            char => f.write_char(char),
        })
    }
}

/// A time in seconds, to the last nanosecond.
struct Seconds(Nanos);

impl Display for Seconds {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Nanos(ns) = self.0;
        let text = format!("{}.{:09}", ns / 1_000_000_000, ns % 1_000_000_000);
        let short = text.trim_end_matches('0');
        f.write_str(short)?;
        f.write_str(if short.ends_with('.') { "0" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::OpenMetricsWriter;
    use crate::record::sample;

    fn text(workloads: &[&str]) -> String {
        let mut writer = OpenMetricsWriter::new(Vec::new());
        sample::runs(&mut writer, workloads);
        String::from_utf8(writer.finish().expect("memory takes everything")).expect("the format is UTF-8")
    }

    #[test]
    fn pauses_are_a_cumulative_histogram() {
        let text = text(&["ring"]);
        for line in [
            "# TYPE tenure_pause_seconds histogram",
            "# UNIT tenure_pause_seconds seconds",
            r#"tenure_pause_seconds_bucket{run="1",workload="ring",kind="minor",le="0.00005"} 0"#,
            r#"tenure_pause_seconds_bucket{run="1",workload="ring",kind="minor",le="0.0002"} 45"#,
            r#"tenure_pause_seconds_bucket{run="1",workload="ring",kind="minor",le="+Inf"} 45"#,
            r#"tenure_pause_seconds_sum{run="1",workload="ring",kind="minor"} 0.004635"#,
            r#"tenure_collections_total{run="1",workload="ring",kind="full",cause="old limit"} 5"#,
            r#"tenure_elapsed_seconds{run="1",workload="ring"} 0.102"#,
            r#"tenure_allocated_bytes_total{run="1",workload="ring"} 52428800"#,
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
        }
    }

    #[test]
    fn samples_of_a_metric_stand_together_and_the_end_is_marked() {
        let text = text(&["ring", "a \"b\"\\\n"]);
        assert!(text.ends_with("\n# EOF\n"), "{text}");
        assert_eq!(text.matches("# TYPE tenure_collections counter").count(), 1);
        assert!(text.contains(r#"run="2",workload="a \"b\"\\\n""#), "{text}");
    }
}
