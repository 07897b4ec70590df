//! The rules. Each constant says from where on its rule speaks up.

use super::{Advice, Finding, Severity};
use crate::quantity::{Bytes, Share, Size, Time};
use crate::report::PauseReport;
use crate::run::{SettingValue, Verdict};
use gc_core::event::{Cause, Nanos, PauseKind, Phase};

/// Every rule.
pub(super) const ALL: [fn(&PauseReport) -> Option<Finding>; 10] = [
    failed,
    refused,
    leaking,
    long_pause,
    little_time,
    last_resort,
    requested,
    premature_promotion,
    remembered,
    fragmented,
];

/// A frame of 60 in a second: a longer pause drops one.
const FRAME: Nanos = Nanos(16_666_667);
/// A program that has less of the time than this suffers from its collector.
const LITTLE_SHARE: f64 = 0.9;
/// Collections of one cause that take more than this share of all pauses determine them.
const LARGE_SHARE: f64 = 0.5;
/// More than this share of what is allocated becoming old is more than programs of their kind keep: V8 and HotSpot see a
/// few percent.
const MUCH_PROMOTION: f64 = 0.2;
/// The time for the remembered set that is worth a word, as a share of minor pauses.
const MUCH_REMEMBERED: f64 = 0.4;
/// Pages of which as much is free are fragmented.
const FRAGMENTED_PPM: u32 = 400_000;
/// Old spaces smaller than this are not worth a word.
const SMALL_OLD_BYTES: u64 = 16 << 20;

fn failed(report: &PauseReport) -> Option<Finding> {
    let Verdict::Failed { reason } = &report.end.verdict else { return None };
    Some(Finding {
        severity: Severity::Failure,
        what: format!("The run failed: {reason}."),
        evidence: format!("It came as far as {} operations.", report.end.operations),
        advice: None,
    })
}

fn refused(report: &PauseReport) -> Option<Finding> {
    let count = Some(report.heap.refused_allocations).filter(|&count| count > 0)?;
    Some(Finding {
        severity: Severity::Failure,
        what: "The heap is too small: allocations could not be met.".into(),
        evidence: format!(
            "{count} refused, with {} in use at the peak.",
            Bytes(report.heap.peak.total_bytes)
        ),
        advice: doubled(report, "max_old_bytes", "Let old space take twice as much"),
    })
}

fn leaking(report: &PauseReport) -> Option<Finding> {
    let leak = report.end.leaks.as_ref()?.leaks.first()?;
    let suspects = leak.suspects.iter().map(|suspect| {
        format!(
            "`{}` by {} objects and {}",
            suspect.short_name(),
            suspect.grown_objects,
            Bytes(suspect.grown_bytes)
        )
    });
    let way =
        leak.suspects.first().and_then(|suspect| Some((suspect.short_name(), suspect.kept_by.as_ref()?)));
    let kept = way.map_or(String::new(), |(name, way)| format!(" A `{name}` is kept alive by {way}."));
    Some(Finding {
        severity: Severity::Problem,
        what: format!("The program leaks: {} full collections in a row found more alive.", leak.growths),
        evidence: format!(
            "It was {} more in the end, of {}: {}.{kept}",
            Bytes(leak.grown_bytes),
            Bytes(leak.alive_bytes),
            suspects.collect::<Vec<_>>().join(", ")
        ),
        advice: Some(Advice {
            what:
                "Let go of what is no longer needed where that reference is made, or bound how much is kept"
                    .into(),
            setting: None,
        }),
    })
}

fn long_pause(report: &PauseReport) -> Option<Finding> {
    let longest = report.pauses.max;
    if longest <= FRAME {
        return None;
    }
    let kind = report.pauses_by_kind.iter().find(|(_, pauses)| pauses.max == longest)?.0;
    Some(Finding {
        severity: Severity::Problem,
        what: format!(
            "The longest pause, {}, is {}: a frame of an animation is lost.",
            Time(longest),
            name(kind)
        ),
        evidence: format!(
            "Pauses have a p99 of {} and a p50 of {}.",
            Time(report.pauses.p99),
            Time(report.pauses.p50)
        ),
        advice: shorter(report, kind),
    })
}

fn name(kind: PauseKind) -> &'static str {
    match kind {
        PauseKind::Minor => "a scavenge",
        PauseKind::Full => "a full collection",
        PauseKind::Step => "a step of marking or sweeping",
        PauseKind::Finish => "the end of a marking",
    }
}

/// What makes pauses of a kind shorter.
fn shorter(report: &PauseReport, kind: PauseKind) -> Option<Advice> {
    match kind {
        PauseKind::Minor => Some(Advice {
            what: "Set a goal for minor pauses: new space is made small enough for it".into(),
            setting: Some(("new_space.max_minor_pause", "5ms".into())),
        }),
        PauseKind::Full if count_of(report, Cause::OldLimit) > 0 => Some(earlier(report)),
        PauseKind::Full => None,
        PauseKind::Step => Some(Advice {
            what: "Make steps smaller".into(),
            setting: Some(("marking.step_bytes", "16KiB".into())),
        }),
        PauseKind::Finish => Some(Advice {
            what: "Move less at the end of a marking".into(),
            setting: Some(("compaction.evacuate_bytes", "256KiB".into())),
        }),
    }
}

/// What makes it likelier that a marking in steps is done in time.
fn earlier(report: &PauseReport) -> Advice {
    match value(report, "marking.incremental") {
        Some(SettingValue::Flag(true)) => Advice {
            what: "Start marking in steps earlier".into(),
            setting: Some(("marking.start_percent", "30".into())),
        },
        _ => Advice {
            what: "Mark in steps instead of all at once".into(),
            setting: Some(("marking.incremental", "true".into())),
        },
    }
}

fn little_time(report: &PauseReport) -> Option<Finding> {
    if report.mutator_share >= LITTLE_SHARE {
        return None;
    }
    let share = 1.0 - report.mutator_share;
    let words = match share {
        share if share >= 0.75 => "most of the time",
        share if share >= 0.4 => "about half of the time",
        _ => "more than a tenth of the time",
    };
    let old: u64 = report
        .pauses_by_kind
        .iter()
        .filter(|(kind, _)| *kind != PauseKind::Minor)
        .map(|row| row.1.total.0)
        .sum();
    let of_old = Share::of(old, report.pauses.total.0);
    Some(Finding {
        severity: Severity::Problem,
        what: format!("Collections take {words}."),
        evidence: format!("{} of the time, {of_old} of it for the old generation.", Share(share)),
        advice: less_often(report, of_old),
    })
}

/// Fewer collections of that generation which takes the more time.
fn less_often(report: &PauseReport, of_old: Share) -> Option<Advice> {
    if of_old.0 < LARGE_SHARE {
        return larger_new_space(report);
    }
    twice(
        report,
        "pacing.growth_percent",
        "Let the old generation grow further between two collections",
        |percent| percent.to_string(),
    )
}

fn last_resort(report: &PauseReport) -> Option<Finding> {
    let count = Some(count_of(report, Cause::LastResort)).filter(|&count| count > 0)?;
    Some(Finding {
        severity: Severity::Problem,
        what: "The heap is nearly too small: collections were a last resort.".into(),
        evidence: format!("{count} times everything was collected to meet one allocation."),
        advice: doubled(report, "max_old_bytes", "Let old space take twice as much"),
    })
}

fn requested(report: &PauseReport) -> Option<Finding> {
    let share = Share::of(time_of(report, Cause::Requested), report.pauses.total.0);
    (share.0 > LARGE_SHARE).then(|| Finding {
        severity: Severity::Notice,
        what: "Most of the time for pauses goes into collections that the program asks for.".into(),
        evidence: format!("{} times, {share} of the time for pauses.", count_of(report, Cause::Requested)),
        advice: Some(Advice { what: "Leave it to the heap when to collect".into(), setting: None }),
    })
}

/// Much becomes old, and little of it stays: it died soon after.
fn premature_promotion(report: &PauseReport) -> Option<Finding> {
    let (promoted, kept) =
        (report.survival.promoted_bytes, report.end.usage.old_used + report.end.usage.large_used);
    let share = Share::of(promoted, report.end.allocated_bytes);
    let is_much = share.0 > MUCH_PROMOTION && promoted > SMALL_OLD_BYTES && kept < promoted / 2;
    is_much.then(|| Finding {
        severity: Severity::Notice,
        what: "Many objects become old and die soon after.".into(),
        evidence: format!(
            "{share} of what was allocated was promoted, {} of that is left.",
            Share::of(kept, promoted)
        ),
        advice: larger_new_space(report),
    })
}

fn remembered(report: &PauseReport) -> Option<Finding> {
    let in_phase = |wanted: Phase| {
        let of_minor = report
            .phases
            .iter()
            .filter(move |((kind, phase), _)| (*kind, *phase) == (PauseKind::Minor, wanted));
        of_minor.map(|row| row.1.total.0).sum::<u64>()
    };
    let minor: u64 =
        report.pauses_by_kind.iter().filter(|row| row.0 == PauseKind::Minor).map(|row| row.1.total.0).sum();
    let share = Share::of(in_phase(Phase::Remembered), minor);
    (share.0 > MUCH_REMEMBERED).then(|| Finding {
        severity: Severity::Notice,
        what: "Scavenges spend much of their time on old objects that were written to.".into(),
        evidence: format!("{share} of the time, up to {} objects.", report.heap.peak_remembered_entries),
        advice: Some(Advice {
            what: "Store references to new objects into fewer old ones".into(),
            setting: None,
        }),
    })
}

fn fragmented(report: &PauseReport) -> Option<Finding> {
    let ppm = report.heap.fragmentation_ppm.filter(|&ppm| ppm > FRAGMENTED_PPM)?;
    (report.end.usage.old_total > SMALL_OLD_BYTES).then(|| Finding {
        severity: Severity::Notice,
        what: "Much of old space is holes.".into(),
        evidence: format!(
            "{} of {} holds no object.",
            Share::of(ppm.into(), 1_000_000),
            Bytes(report.end.usage.old_total)
        ),
        advice: Some(Advice {
            what: "Compact earlier".into(),
            setting: Some(("compaction.slide_percent", "30".into())),
        }),
    })
}

fn count_of(report: &PauseReport, cause: Cause) -> u64 {
    report
        .collections
        .iter()
        .filter(|((_, found), _)| found.nearest == cause)
        .map(|(_, tally)| tally.count)
        .sum()
}

fn time_of(report: &PauseReport, cause: Cause) -> u64 {
    report
        .collections
        .iter()
        .filter(|((_, found), _)| found.nearest == cause)
        .map(|(_, tally)| tally.total.0)
        .sum()
}

/// A new space that gives young objects more time to die. Where it was not let to grow, it had better start larger.
fn larger_new_space(report: &PauseReport) -> Option<Advice> {
    let initial = number(report, "new_space.initial_bytes");
    let capacity = report.heap.new_space.map(|resizes| resizes.last_bytes).or(initial);
    let maximum = number(report, "new_space.max_bytes");
    match capacity.zip(maximum) {
        Some((capacity, maximum)) if capacity.saturating_mul(4) <= maximum => Some(Advice {
            what: "Give young objects more time to die: start with a larger new space".into(),
            setting: Some(("new_space.initial_bytes", Size(capacity * 4).to_string())),
        }),
        _ => doubled(
            report,
            "new_space.max_bytes",
            "Give young objects more time to die: let new space grow further",
        ),
    }
}

/// To have a size twice as large as it was.
fn doubled(report: &PauseReport, setting: &'static str, what: &str) -> Option<Advice> {
    twice(report, setting, what, |bytes| Size(bytes).to_string())
}

/// To have a setting twice as large as it was, written so by `write`.
fn twice(
    report: &PauseReport,
    setting: &'static str,
    what: &str,
    write: fn(u64) -> String,
) -> Option<Advice> {
    let value =
        number(report, setting).map_or("twice as much".into(), |number| write(number.saturating_mul(2)));
    Some(Advice { what: what.into(), setting: Some((setting, value)) })
}

fn number(report: &PauseReport, setting: &str) -> Option<u64> {
    value(report, setting).and_then(SettingValue::as_integer)
}

fn value<'a>(report: &'a PauseReport, setting: &str) -> Option<&'a SettingValue> {
    report.run.settings.iter().find(|found| found.name == setting).map(|found| &found.value)
}
