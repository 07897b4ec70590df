//! The table of predictions.

use super::super::failure::Failure;
use super::comparison::Comparison;
use std::fmt::{self, Display, Formatter};

/// The lines above the table.
#[derive(Debug)]
pub(crate) struct Heading;

impl Display for Heading {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<20}{:>15}{:>19}{:>19}{:>14}",
            "predicted / real", "scavenges", "copied MiB", "promoted MiB", "mark-compacts"
        )
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (predicted, real) = (&self.predicted, &self.real);
        write!(f, "{:<20}", self.name)?;
        write!(f, "{:>15}", format!("{} / {}", predicted.scavenges, real.scavenges))?;
        write!(f, "{:>19}", format!("{:.2} / {:.2}", predicted.copied_mib, real.copied_mib))?;
        write!(f, "{:>19}", format!("{:.2} / {:.2}", predicted.promoted_mib, real.promoted_mib))?;
        write!(f, "{:>14}", format!("{} / {}", predicted.mark_compacts, real.mark_compacts))?;
        match &self.misses()[..] {
            [] => writeln!(f),
            misses => writeln!(f, "  missed: {}", misses.join(", ")),
        }
    }
}

/// How many rows were predicted well enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    within: usize,
    all: usize,
}

impl Share {
    /// The share of some rows.
    pub(crate) fn of(comparisons: &[Comparison]) -> Self {
        let within = comparisons.iter().filter(|comparison| comparison.misses().is_empty()).count();
        Share { within, all: comparisons.len() }
    }

    /// Fails if it is less than so many percent.
    pub(crate) fn check(self, min_percent: u8) -> Result<(), Failure> {
        if self.within * 100 >= self.all * usize::from(min_percent) {
            return Ok(());
        }
        Err(Failure::Share { within: self.within, all: self.all, min_percent })
    }
}

impl Display for Share {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let percent = (self.within * 100).checked_div(self.all).unwrap_or(100);
        writeln!(
            f,
            "\n{} of {} rows within the tolerance ({percent} %): 10 % of scavenges, 20 % of bytes copied and",
            self.within, self.all
        )?;
        writeln!(f, "promoted, 25 % of mark-compacts or one.")
    }
}

#[cfg(test)]
mod tests {
    use super::Share;

    #[test]
    fn the_share_must_be_reached() {
        let share = Share { within: 4, all: 5 };
        assert!(share.check(80).is_ok());
        assert_eq!(
            share.check(81).expect_err("too few").to_string(),
            "only 4 of 5 rows are within the tolerance, not 81 %"
        );
        assert!(Share { within: 0, all: 0 }.check(100).is_ok());
    }
}
