//! The table of targets.

use crate::contest::{Figures, Results};
use std::fmt;

/// What a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds, in which figures are given too.
    Seconds,
    /// Nanoseconds, in which figures are given too.
    Nanos,
    /// Microseconds, in which figures are given too.
    Micros,
    /// Kibibytes, in which figures are given too.
    Kibibytes,
    /// Mebibytes, in which figures are given too.
    Mebibytes,
    /// One figure divided by another.
    Times,
}

/// What a figure may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// It is shown for comparison.
    None,
    /// This or less.
    AtMost(f64),
    /// This or more.
    AtLeast(f64),
}

impl Limit {
    /// Whether `figure` is within the limit; `None` if there is no limit.
    #[must_use]
    pub fn is_met(self, figure: f64) -> Option<bool> {
        match self {
            Limit::None => None,
            Limit::AtMost(limit) => Some(figure <= limit),
            Limit::AtLeast(limit) => Some(figure >= limit),
        }
    }
}

/// The best and the median of some repetitions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    best: f64,
    median: f64,
}

impl Measured {
    /// How many times `of` is of `by`: best by best, median by median.
    #[must_use]
    pub fn ratio(of: &Figures, by: &Figures) -> Self {
        Measured { best: of.best() / by.best(), median: of.median() / by.median() }
    }
}

impl From<&Figures> for Measured {
    fn from(figures: &Figures) -> Self {
        Measured { best: figures.best(), median: figures.median() }
    }
}

/// A line of the table.
#[derive(Clone, Debug)]
enum Line {
    Note(String),
    Row { what: String, measured: Measured, unit: Unit, limit: Limit },
}

/// What has been measured of one group: a part of the table.
#[derive(Clone, Debug)]
pub struct Report {
    group: &'static str,
    lines: Vec<Line>,
}

impl Report {
    /// The head of the table.
    pub const HEAD: &str = "target                                                             best     median   limit       verdict";

    /// A report on a group of which nothing has been measured.
    pub(super) fn new(group: &'static str) -> Self {
        Report { group, lines: Vec::new() }
    }

    /// Adds a remark.
    pub(super) fn note(&mut self, text: impl Into<String>) {
        self.lines.push(Line::Note(text.into()));
    }

    /// Adds a figure and what it may be.
    pub(super) fn row(
        &mut self,
        what: impl Into<String>,
        measured: impl Into<Measured>,
        unit: Unit,
        limit: Limit,
    ) {
        self.lines.push(Line::Row { what: what.into(), measured: measured.into(), unit, limit });
    }

    /// Adds the figures of all programs of a contest, without limits.
    pub(super) fn rows(&mut self, results: &Results, unit: Unit) {
        for (name, figures) in results.iter() {
            self.row(name, figures, unit, Limit::None);
        }
    }

    /// Number of targets that are missed.
    #[must_use]
    pub fn missed(&self) -> usize {
        self.lines.iter().filter(|line| line.is_met() == Some(false)).count()
    }
}

impl Line {
    fn is_met(&self) -> Option<bool> {
        match self {
            Line::Row { measured, limit, .. } => limit.is_met(measured.best),
            Line::Note(_) => None,
        }
    }
}

/// A figure with its unit.
struct Figure(f64, Unit);

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (decimals, unit) = match self.1 {
            Unit::Seconds => (3, " s"),
            Unit::Nanos => (2, " ns"),
            Unit::Micros => (2, " us"),
            Unit::Kibibytes => (1, " KiB"),
            Unit::Mebibytes => (1, " MiB"),
            Unit::Times => (2, "x"),
        };
        f.pad(&format!("{:.decimals$}{unit}", self.0))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, measured, unit, limit) = match self {
            Line::Note(text) => return write!(f, "  ({text})"),
            Line::Row { what, measured, unit, limit } => (what, measured, *unit, *limit),
        };
        let (best, median) = (Figure(measured.best, unit), Figure(measured.median, unit));
        write!(f, "  {what:<58}{best:>11}{median:>11}")?;
        match limit {
            Limit::None => return Ok(()),
            Limit::AtMost(limit) => write!(f, "   <= {:<9}", Figure(limit, unit))?,
            Limit::AtLeast(limit) => write!(f, "   >= {:<9}", Figure(limit, unit))?,
        }
        f.write_str(if self.is_met() == Some(true) { "met" } else { "MISSED" })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.group)?;
        self.lines.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Limit, Measured, Report, Unit};

    #[test]
    fn only_figures_beyond_their_limits_are_missed() {
        let mut report = Report::new("a group");
        for limit in [Limit::None, Limit::AtMost(2.0), Limit::AtLeast(2.0), Limit::AtLeast(2.5)] {
            report.row("a figure", Measured { best: 2.0, median: 9.0 }, Unit::Times, limit);
        }
        assert_eq!(report.missed(), 1);
        let text = report.to_string();
        assert_eq!((text.matches("met").count(), text.matches("MISSED").count()), (2, 1), "{text}");
    }
}
