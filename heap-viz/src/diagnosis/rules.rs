//! The rules. Each constant says from where on its rule speaks up.

use super::advice::{Advice, Dose};
use super::room::{larger_new_space, larger_old_space};
use super::{Finding, Severity};
use crate::quantity::{Bytes, Share, Time};
use crate::report::PauseReport;
use crate::run::{SettingValue, Verdict};
use gc_core::event::{Cause, Nanos, PauseKind, Phase};

/// Every rule.
pub(super) const ALL: [fn(&PauseReport) -> Option<Finding>; 12] = [
    failed,
    refused,
    leaking,
    delayed,
    long_pause,
    little_time,
    last_resort,
    stopped_by_limit,
    requested,
    premature_promotion,
    remembered,
    fragmented,
];

/// A frame of 60 in a second: a longer pause drops one.
const FRAME: Nanos = Nanos(16_666_667);
/// A program that has less of the time than this suffers from its collector.
const LITTLE_SHARE: f64 = 0.9;
/// Less than this in all pauses together is not worth a word, whatever its share: the run was short.
const LITTLE_PAUSED: Nanos = Nanos(5_000_000);
/// An operation that takes longer than this for pauses is late: a request passes through several programs, one after another.
const LATE: Nanos = Nanos(1_000_000);
/// One that takes longer than this is late for people: what the RAIL model leaves a program of the frame of an animation.
const FELT: Nanos = Nanos(10_000_000);
/// The next limit of the old generation as a percentage of what lives, where none was set: that of Tenure.
const USUAL_GROWTH_PERCENT: u64 = 200;
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
        measure: None,
        advice: Vec::new(),
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
        measure: Some("refused_allocations"),
        advice: vec![larger_old_space(report)],
    })
}

/// Operations that are timed, such as the callbacks of an event loop, and that are late for pauses.
fn delayed(report: &PauseReport) -> Option<Finding> {
    let (latencies, pauses) = report.end.latencies.as_ref().zip(report.end.pauses_in_latencies.as_ref())?;
    let is_late = latencies.max > LATE && pauses.slowest_hundredth_share > LARGE_SHARE;
    let longest = longest_kind(report).filter(|_| is_late)?;
    Some(Finding {
        severity: if latencies.max > FELT { Severity::Problem } else { Severity::Notice },
        what: format!(
            "Collections delay the program: the latest operation ({}) takes {}.",
            report.end.operation,
            Time(latencies.max)
        ),
        evidence: format!(
            "The slowest hundredth wait for pauses in {} of their time; the longest pause is {}, {}.",
            Share(pauses.slowest_hundredth_share),
            name(longest),
            Time(report.pauses.max)
        ),
        measure: Some("max_latency"),
        advice: shorter(report, longest),
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
        // What it holds to no purpose is the program's to say: no setting lowers it.
        measure: None,
        advice: vec![Advice::without_setting(
            "Let go of what is no longer needed where that reference is made, or bound how much is kept",
        )],
    })
}

fn long_pause(report: &PauseReport) -> Option<Finding> {
    let longest = report.pauses.max;
    if longest <= FRAME {
        return None;
    }
    let kind = longest_kind(report)?;
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
        measure: Some("max_pause"),
        advice: shorter(report, kind),
    })
}

/// The kind of the longest pause.
fn longest_kind(report: &PauseReport) -> Option<PauseKind> {
    report.pauses_by_kind.iter().find(|(_, pauses)| pauses.max == report.pauses.max).map(|(kind, _)| *kind)
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
fn shorter(report: &PauseReport, kind: PauseKind) -> Vec<Advice> {
    match kind {
        PauseKind::Minor => vec![Advice::setting(
            "Set a goal for minor pauses: new space is made small enough for it",
            "new_space.max_minor_pause",
            ["5ms", "2ms"],
        )],
        PauseKind::Full if is_forced(report) => vec![earlier(report)],
        PauseKind::Full => Vec::new(),
        PauseKind::Step => vec![Advice::setting("Make steps smaller", "marking.step_bytes", ["16KiB"])],
        PauseKind::Finish => vec![Advice::setting(
            "Move less at the end of a marking",
            "compaction.evacuate_bytes",
            ["256KiB", "64KiB"],
        )],
    }
}

/// Whether the heap collected everything at once because it had grown as far as it may.
fn is_forced(report: &PauseReport) -> bool {
    [Cause::OldLimit, Cause::ExternalPressure].iter().any(|&cause| full_collections(report, cause) > 0)
}

/// What makes it likelier that a marking in steps is done in time.
fn earlier(report: &PauseReport) -> Advice {
    if !marks_in_steps(report) {
        let what = "Mark in steps instead of all at once";
        return Advice::setting(what, "marking.incremental", ["true"]);
    }
    let percent = number(report, "marking.start_percent").unwrap_or(60);
    let doses =
        ["50", "30", "10"].into_iter().filter(|dose| dose.parse().is_ok_and(|dose: u64| dose < percent));
    let doses = doses.map(|dose| Dose(vec![("marking.start_percent", dose.into())]));
    Advice { what: "Start marking in steps earlier".into(), doses: doses.collect() }
}

fn marks_in_steps(report: &PauseReport) -> bool {
    value(report, "marking.incremental") == Some(&SettingValue::Flag(true))
}

fn little_time(report: &PauseReport) -> Option<Finding> {
    let share = stopped_share(report);
    if share <= 1.0 - LITTLE_SHARE || report.pauses.total < LITTLE_PAUSED {
        return None;
    }
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
    let given = if report.idle.idle.pauses.count > 0 { " that was not given to idle pauses" } else { "" };
    Some(Finding {
        severity: Severity::Problem,
        what: format!("Collections take {words}."),
        evidence: format!("{} of the time{given}, {of_old} of it for the old generation.", Share(share)),
        measure: Some("total_pause"),
        advice: less_often(report, of_old),
    })
}

/// The share of the time that pauses took, but for what the program gave away.
fn stopped_share(report: &PauseReport) -> f64 {
    let (all, idle) = (report.end.at.0 as f64, report.idle.idle.pauses.total.0 as f64);
    let stopped = (1.0 - report.mutator_share) * all - idle;
    if all > idle { stopped / (all - idle) } else { 0.0 }
}

/// Fewer collections of that generation which takes the more time.
fn less_often(report: &PauseReport, of_old: Share) -> Vec<Advice> {
    if of_old.0 < LARGE_SHARE {
        return vec![larger_new_space(report)];
    }
    let further = further_growth(report);
    // Where the limit is already as far as it may be, only a higher maximum helps.
    let is_near = |(limit, maximum): (u64, u64)| limit >= maximum / 4 * 3;
    let limits = report.heap.old_limit_bytes.zip(number(report, "max_old_bytes"));
    if limits.is_some_and(is_near) { vec![larger_old_space(report), further] } else { vec![further] }
}

/// A later collection of the old generation, by the rule that takes no speed into account.
fn further_growth(report: &PauseReport) -> Advice {
    let by_percent =
        value(report, "pacing.growth").is_none_or(|rule| *rule == SettingValue::Word("percent".into()));
    let percent =
        number(report, "pacing.growth_percent").filter(|_| by_percent).unwrap_or(USUAL_GROWTH_PERCENT);
    let dose = |percent: u64| {
        let rule = (!by_percent).then(|| ("pacing.growth", "percent".into()));
        Dose(rule.into_iter().chain([("pacing.growth_percent", percent.to_string())]).collect())
    };
    Advice {
        what: "Let the old generation grow further between two collections".into(),
        doses: [percent.saturating_mul(2), percent.saturating_mul(4)].map(dose).into(),
    }
}

fn last_resort(report: &PauseReport) -> Option<Finding> {
    let count = Some(count_of(report, Cause::LastResort)).filter(|&count| count > 0)?;
    let earlier = marks_in_steps(report).then(|| earlier(report));
    Some(Finding {
        severity: Severity::Problem,
        what: "The heap is nearly too small: collections were a last resort.".into(),
        evidence: format!("{} everything was collected to meet one allocation.", times(count)),
        measure: Some("last_resorts"),
        advice: [larger_old_space(report)].into_iter().chain(earlier).collect(),
    })
}

/// Marking in steps was to spare the program these pauses, and came too late.
fn stopped_by_limit(report: &PauseReport) -> Option<Finding> {
    let count = full_collections(report, Cause::OldLimit);
    (marks_in_steps(report) && count > 0).then(|| Finding {
        severity: Severity::Problem,
        what: "Marking in steps comes too late: the program was stopped for full collections.".into(),
        evidence: format!(
            "{} old space was full before a marking was done, or left no room for one.",
            times(count)
        ),
        measure: Some("full_at_once"),
        advice: vec![earlier(report), larger_old_space(report)],
    })
}

fn requested(report: &PauseReport) -> Option<Finding> {
    let share = Share::of(time_of(report, Cause::Requested), report.pauses.total.0);
    (share.0 > LARGE_SHARE).then(|| Finding {
        severity: Severity::Notice,
        what: "Most of the time for pauses goes into collections that the program asks for.".into(),
        evidence: format!("{}, {share} of the time for pauses.", times(count_of(report, Cause::Requested))),
        measure: None,
        advice: vec![Advice::without_setting("Leave it to the heap when to collect")],
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
        measure: Some("promoted"),
        advice: vec![larger_new_space(report)],
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
        measure: None,
        advice: vec![Advice::without_setting("Store references to new objects into fewer old ones")],
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
        measure: Some("fragmentation"),
        advice: denser(report),
    })
}

/// Compaction in each of its two ways, earlier than it was or at all.
fn denser(report: &PauseReport) -> Vec<Advice> {
    let is_lower = |setting, percent| number(report, setting).is_none_or(|now| percent < now);
    let slide = is_lower("compaction.slide_percent", 30)
        .then(|| Advice::setting("Compact all of old space earlier", "compaction.slide_percent", ["30"]));
    let evacuate = if is_lower("compaction.fragmented_percent", 10) {
        Advice::setting("Empty sparse pages earlier", "compaction.fragmented_percent", ["10"])
    } else {
        Advice {
            what: "Empty pages that are less sparse, and more of them at once".into(),
            doses: vec![Dose(vec![
                ("compaction.sparse_percent", "60".into()),
                ("compaction.evacuate_bytes", "4MiB".into()),
            ])],
        }
    };
    if marks_in_steps(report) {
        [evacuate].into_iter().chain(slide).collect()
    } else {
        slide.into_iter().chain([evacuate]).collect()
    }
}

fn times(count: u64) -> String {
    if count == 1 { "Once".into() } else { format!("{count} times") }
}

/// Full collections for a cause that stopped the program until all was done.
fn full_collections(report: &PauseReport, cause: Cause) -> u64 {
    let is_meant = |kind, found| kind == PauseKind::Full && found == cause;
    let rows = report.collections.iter().filter(|((kind, found), _)| is_meant(*kind, found.nearest));
    rows.map(|(_, tally)| tally.count).sum()
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

pub(super) fn number(report: &PauseReport, setting: &str) -> Option<u64> {
    value(report, setting).and_then(SettingValue::as_integer)
}

fn value<'a>(report: &'a PauseReport, setting: &str) -> Option<&'a SettingValue> {
    report.run.settings.iter().find(|found| found.name == setting).map(|found| &found.value)
}
