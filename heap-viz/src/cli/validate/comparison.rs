//! A prediction beside what happened.

use super::counts::Counts;

/// A row of the table.
#[derive(Clone, Debug)]
pub(crate) struct Comparison {
    pub(crate) name: String,
    pub(crate) predicted: Counts,
    pub(crate) real: Counts,
}

/// How far a prediction may be off.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tolerance {
    /// As a share of what happened.
    share: f64,
    /// And in all, whatever the share.
    slack: f64,
}

const SCAVENGES: Tolerance = Tolerance { share: 0.10, slack: 0.0 };
/// Of bytes 0.02 MiB are always allowed for: the sums of the reference are given to a hundredth of a MiB.
const BYTES: Tolerance = Tolerance { share: 0.20, slack: 0.02 };
const MARK_COMPACTS: Tolerance = Tolerance { share: 0.25, slack: 1.0 };

impl Tolerance {
    fn allows(self, predicted: f64, real: f64) -> bool {
        (predicted - real).abs() <= (self.share * real).max(self.slack)
    }
}

impl Comparison {
    /// What was predicted too far off, by name.
    pub(crate) fn misses(&self) -> Vec<&'static str> {
        let (predicted, real) = (&self.predicted, &self.real);
        let figures = [
            ("scavenges", SCAVENGES, predicted.scavenges as f64, real.scavenges as f64),
            ("copied", BYTES, predicted.copied_mib, real.copied_mib),
            ("promoted", BYTES, predicted.promoted_mib, real.promoted_mib),
            ("mark-compacts", MARK_COMPACTS, predicted.mark_compacts as f64, real.mark_compacts as f64),
        ];
        let missed = figures
            .into_iter()
            .filter(|(_, tolerance, predicted, real)| !tolerance.allows(*predicted, *real));
        missed.map(|(name, ..)| name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Comparison, Counts};

    const REAL: Counts = Counts { scavenges: 100, mark_compacts: 8, copied_mib: 10.0, promoted_mib: 1.0 };

    #[track_caller]
    fn check(predicted: Counts, expected: &[&str]) {
        assert_eq!(Comparison { name: "row".into(), predicted, real: REAL }.misses(), expected);
    }

    #[test]
    fn predictions_within_the_tolerance_are_no_misses() {
        check(REAL, &[]);
        check(Counts { scavenges: 110, mark_compacts: 6, copied_mib: 12.0, promoted_mib: 0.8 }, &[]);
    }

    #[test]
    fn what_is_too_far_off_is_named() {
        check(Counts { scavenges: 111, ..REAL }, &["scavenges"]);
        check(
            Counts { mark_compacts: 5, copied_mib: 7.9, promoted_mib: 1.21, ..REAL },
            &["copied", "promoted", "mark-compacts"],
        );
    }
}
