//! How far a run has come.

use std::fmt;

/// Most reports of one run: enough for a smooth bar, too few to be felt.
const MAX_REPORTS: u64 = 200;

/// Counts the operations of a run and reports the share that is done, at most 200 times a run.
pub struct Progress<'r> {
    report: &'r mut dyn FnMut(f64),
    total: u64,
    done: u64,
    next_report: u64,
}

impl<'r> Progress<'r> {
    /// A run of `total` operations, none of them done. `report` is given a share between 0 and 1.
    pub fn new(total: u64, report: &'r mut dyn FnMut(f64)) -> Self {
        let mut progress = Progress { report, total, done: 0, next_report: 0 };
        progress.schedule();
        progress
    }

    /// Counts `operations` more.
    #[inline]
    pub fn advance(&mut self, operations: u64) {
        self.done += operations;
        if self.done >= self.next_report {
            self.tell();
        }
    }

    /// Operations done so far.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.done
    }

    #[cold]
    fn tell(&mut self) {
        (self.report)((self.done as f64 / self.total.max(1) as f64).min(1.0));
        self.schedule();
    }

    fn schedule(&mut self) {
        self.next_report = self.done + self.total.div_ceil(MAX_REPORTS).max(1);
        // The end is always told, also when the last stretch is a short one.
        if self.done < self.total {
            self.next_report = self.next_report.min(self.total);
        }
    }
}

impl fmt::Debug for Progress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Progress({} of {})", self.done, self.total)
    }
}

#[cfg(test)]
mod tests {
    use super::Progress;

    fn reports(total: u64, steps: &[u64]) -> Vec<f64> {
        let mut shares = Vec::new();
        let mut report = |share| shares.push(share);
        let mut progress = Progress::new(total, &mut report);
        steps.iter().for_each(|&step| progress.advance(step));
        shares
    }

    #[test]
    fn a_long_run_is_reported_two_hundred_times() {
        let shares = reports(1_000_000, &[1; 1_000_000]);
        assert_eq!(shares.len(), 200);
        assert_eq!(shares.last(), Some(&1.0));
    }

    #[test]
    fn a_short_run_is_reported_at_every_operation() {
        assert_eq!(reports(4, &[1, 1, 1, 1]), [0.25, 0.5, 0.75, 1.0]);
    }

    #[test]
    fn the_end_is_reported_whatever_the_step() {
        assert_eq!(reports(1_001, &[1_000, 1]), [1_000.0 / 1_001.0, 1.0]);
    }

    #[test]
    fn no_more_than_everything_is_ever_done() {
        assert_eq!(reports(2, &[5]), [1.0]);
    }
}
