//! Advice to give a space more room: by how much, goes by what it had, or if that is not known, by what it took.

use super::advice::{Advice, Dose};
use super::rules::number;
use crate::quantity::Size;
use crate::report::PauseReport;

/// Advice goes up to semispaces of 64 MiB, the largest that V8 can be told to have by default.
const LARGEST_SEMISPACE: u64 = 64 << 20;
const SMALLEST_SEMISPACE: u64 = 1 << 20;
/// A new space that a run does not fill so often only puts its collections off until after its end.
const LEAST_FILLED: u64 = 8;
/// Most that an old generation can take: that of Tenure.
const LARGEST_OLD: u64 = 28 << 30;
/// Sizes that are derived are multiples of this.
const STEP: u64 = 1 << 20;

/// A new space that gives young objects more time to die. It had better start with that size: it grows only where that seems
/// to pay.
pub(super) fn larger_new_space(report: &PauseReport) -> Advice {
    let maximum = number(report, "new_space.max_bytes");
    let capacity = semispace(report);
    let dose = |bytes: u64| {
        let mut settings = vec![("new_space.initial_bytes", Size(bytes).to_string())];
        if maximum.is_none_or(|maximum| maximum < bytes) {
            settings.push(("new_space.max_bytes", Size(bytes).to_string()));
        }
        Dose(settings)
    };
    let largest = LARGEST_SEMISPACE.max(2 * capacity).min(report.end.allocated_bytes / LEAST_FILLED);
    let sizes =
        std::iter::successors(Some(capacity.saturating_mul(2)), |bytes| Some(bytes.saturating_mul(2)));
    Advice {
        what: "Give young objects more time to die: start with a larger new space".into(),
        doses: sizes.take_while(|&bytes| bytes <= largest).map(dose).collect(),
    }
}

/// The capacity of a semispace: where it ended, or started, or what new space took of memory.
fn semispace(report: &PauseReport) -> u64 {
    let last = report.heap.new_space.map(|resizes| resizes.last_bytes);
    let initial = || number(report, "new_space.initial_bytes");
    let taken = || report.heap.peak.total_bytes.next_power_of_two() / 16;
    last.or_else(initial).unwrap_or_else(|| taken().max(SMALLEST_SEMISPACE))
}

/// An old space that may take more than it could.
pub(super) fn larger_old_space(report: &PauseReport) -> Advice {
    let raised = report.heap.max_old_raised_to_bytes;
    let limit = raised.or_else(|| number(report, "max_old_bytes")).unwrap_or(report.heap.peak.total_bytes);
    let rounded = |bytes: u64| bytes.next_multiple_of(STEP).min(LARGEST_OLD);
    let sizes =
        [limit.saturating_add(limit / 2), limit.saturating_mul(2), limit.saturating_mul(4)].map(rounded);
    Advice::size("Let old space take more", "max_old_bytes", sizes)
}
