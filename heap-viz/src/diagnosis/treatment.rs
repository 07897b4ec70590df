//! What a doctor has tried, and what came of it: advice that was proven or refuted by making the run again.

use crate::compare::{Metric, Unit};
use crate::quantity::{Bytes, Share, Time};
use crate::report::PauseReport;
use crate::run::Verdict;
use gc_core::event::Nanos;
use serde::Serialize;
use std::fmt;

/// This share of what hurts, and less, is no help.
const LEAST_GAIN: f64 = 0.1;
/// A cure may make the run longer by this share.
const MOST_TIME: f64 = 0.05;
/// Pauses and operations that stay below this may become longer: nobody feels them.
const UNFELT: Nanos = Nanos(1_000_000);
/// Others by this share.
const MOST_PAUSE: f64 = 0.25;
/// A cure may take twice the memory, and this much more.
const MORE_MEMORY_BYTES: u64 = 32 << 20;
/// Differences below this share are not told.
const TOLD: f64 = 0.005;

/// What was tried against what hurts in a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Treatment {
    /// Nothing could be tried.
    Untried {
        /// Why not.
        why: String,
    },
    /// The run was made again under other settings, by the modelled clock.
    Tried {
        /// How it was made again.
        rehearsal: Rehearsal,
        /// How often.
        runs: usize,
        /// Each piece of advice alone.
        trials: Vec<Trial>,
        /// What is to be changed; none if nothing that was tried helps, or nothing hurts.
        cure: Option<Cure>,
    },
}

/// How a run is made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rehearsal {
    /// What it did to its memory was recorded once, and is replayed.
    Replayed,
    /// The program itself runs again: a trace would not tell all that matters, such as how late operations are.
    RunAgain,
}

/// A piece of advice, tried alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trial {
    /// The advice.
    pub what: String,
    /// In how many doses it was tried.
    pub doses: usize,
    /// The settings that were changed, in the best dose.
    pub changes: Vec<Change>,
    /// What became of it.
    pub outcome: TrialOutcome,
    /// What differed.
    pub effects: Vec<Effect>,
}

/// What became of a piece of advice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum TrialOutcome {
    /// It is a part of the cure.
    Taken,
    /// It helps alone, but not on top of the cure.
    Spared {
        /// Why not.
        why: String,
    },
    /// It does not help.
    Refuted {
        /// Why not.
        why: String,
    },
}

/// Settings that help, all together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cure {
    /// What is changed.
    pub changes: Vec<Change>,
    /// What differs.
    pub effects: Vec<Effect>,
    /// The changed settings as a config file, for `--config`.
    pub config: String,
    /// The same as flags of `tenure run`.
    pub flags: String,
    /// What still hurts.
    pub left: Vec<String>,
}

/// A setting that is changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its name in a config file, with its section: `new_space.max`.
    pub setting: String,
    /// Its value, as a config file has it but for quotation marks.
    pub from: String,
    /// The new value, written in the same way.
    pub to: String,
}

/// How a figure differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Effect {
    /// What it is called.
    pub figure: &'static str,
    /// Without the change, in nanoseconds, bytes, operations a second, or a share.
    pub before: f64,
    /// With it.
    pub after: f64,
    /// The difference in words: `p99 pause -41 %`.
    pub said: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} -> {}", self.setting, self.from, self.to)
    }
}

/// What people feel of a run, by metrics and what they are called here.
const FELT: [(&str, &str); 6] = [
    ("last_resorts", "collections as a last resort"),
    ("total_pause", "all pauses together"),
    ("p99_pause", "p99 pause"),
    ("max_pause", "longest pause"),
    ("max_latency", "latest operation"),
    ("promoted", "bytes that become old"),
];
/// Holes in old space are told where their share of it differs by this.
const TOLD_HOLES: f64 = 0.1;
const HOLES: &str = "holes in old space";
/// What [`memory_bytes`] is called.
const MEMORY: &str = "peak memory";

impl Effect {
    /// All that differ noticeably between two runs: what people feel, then what it costs.
    #[must_use]
    pub fn all(before: &PauseReport, after: &PauseReport) -> Vec<Effect> {
        if failed(before) {
            // What a run did until it failed is not to be compared with what a whole run does.
            return vec![Effect::passes(after)];
        }
        let felt =
            FELT.iter().filter_map(|&(metric, figure)| Effect::of_metric(metric, figure, before, after));
        let [from, to] = [before, after].map(|run| memory_bytes(run) as f64);
        let memory = Effect::new(MEMORY, Unit::Bytes, from, to);
        let speed = Effect::new("throughput", Unit::Count, speed(before), speed(after));
        felt.chain([memory, speed])
            .filter(Effect::is_noticeable)
            .chain(Effect::of_holes(before, after))
            .collect()
    }

    fn of_metric(
        metric: &str,
        figure: &'static str,
        before: &PauseReport,
        after: &PauseReport,
    ) -> Option<Effect> {
        Some(Effect::new(figure, Metric::find(metric)?.unit, told(metric, before)?, told(metric, after)?))
    }

    fn new(figure: &'static str, unit: Unit, before: f64, after: f64) -> Self {
        let sign = if after < before { '-' } else { '+' };
        let by = (after - before).abs();
        let said = match unit {
            Unit::Bytes if figure == MEMORY => format!("{sign}{}", unit.write(by)),
            _ if before == 0.0 => format!("{sign}{}", unit.write(by)),
            _ => format!("{sign}{:.0} %", 100.0 * by / before),
        };
        Effect { figure, before, after, said: format!("{figure} {said}") }
    }

    fn of_holes(before: &PauseReport, after: &PauseReport) -> Option<Effect> {
        let [before, after] = [before, after].map(|run| figure("fragmentation", run));
        let said = format!("{HOLES} {} instead of {}", Share(after), Share(before));
        ((after - before).abs() >= TOLD_HOLES).then_some(Effect { figure: HOLES, before, after, said })
    }

    fn passes(after: &PauseReport) -> Self {
        let peak = memory_bytes(after);
        let said = format!("the run passes, with {} at the peak", Bytes(peak));
        Effect { figure: MEMORY, before: 0.0, after: peak as f64, said }
    }

    fn is_noticeable(&self) -> bool {
        (self.after - self.before).abs() > TOLD * self.before.abs()
    }
}

/// What a change of settings does for a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Gain {
    /// The share that is gone of the [measure](super::Finding::measure) of what hurts.
    pub share: f64,
    /// Why it is no cure, if it is none: it hurts as much as before, or the price is too high.
    pub objection: Option<String>,
}

impl Gain {
    /// What the run `after` the change has gained against that `before` it.
    #[must_use]
    pub fn of(measure: &str, before: &PauseReport, after: &PauseReport) -> Self {
        if let Verdict::Failed { reason } = &after.end.verdict {
            return Gain { share: 0.0, objection: Some(format!("the run fails: {reason}")) };
        }
        if failed(before) {
            return Gain { share: 1.0, objection: None };
        }
        let [from, to] = [before, after].map(|run| figure(measure, run));
        let share = if from > 0.0 { (from - to) / from } else { 0.0 };
        let too_little = (share <= LEAST_GAIN).then(|| too_little(measure, from, to));
        Gain { share, objection: too_little.or_else(|| harm(before, after)) }
    }

    /// Whether it is a cure.
    #[must_use]
    pub fn helps(&self) -> bool {
        self.objection.is_none()
    }
}

fn failed(run: &PauseReport) -> bool {
    matches!(run.end.verdict, Verdict::Failed { .. })
}

fn figure(metric: &str, run: &PauseReport) -> f64 {
    told(metric, run).unwrap_or(0.0)
}

/// The value of a metric; of all pauses together, those of idle time do not count: nobody waits for them.
fn told(metric: &str, run: &PauseReport) -> Option<f64> {
    let idle = if metric == "total_pause" { run.idle.idle.pauses.total.0 } else { 0 };
    Some(Metric::find(metric)?.value(run)? - idle as f64)
}

fn too_little(measure: &str, from: f64, to: f64) -> String {
    let called = FELT.iter().find(|(metric, _)| *metric == measure).map_or(measure, |(_, called)| called);
    let called = called.replace('_', " ");
    let by = 100.0 * (to - from).abs() / from.max(f64::MIN_POSITIVE);
    if by <= 100.0 * TOLD {
        return format!("{called} as before");
    }
    if to < from { format!("{called} only -{by:.0} %") } else { format!("{called} +{by:.0} %") }
}

/// What a cure would cost that nobody would pay.
fn harm(before: &PauseReport, after: &PauseReport) -> Option<String> {
    let [slow, fast] = [after, before].map(busy_ns);
    if slow > fast * (1.0 + MOST_TIME) {
        return Some(format!("the run takes {:.0} % longer", 100.0 * (slow / fast - 1.0)));
    }
    let longer = [
        ("p99_pause", "the p99 pause"),
        ("max_pause", "the longest pause"),
        ("max_latency", "the latest operation"),
    ]
    .into_iter()
    .find(|(metric, _)| {
        let [from, to] = [before, after].map(|run| figure(metric, run));
        to > (UNFELT.0 as f64).max(from * (1.0 + MOST_PAUSE))
    });
    if let Some((metric, called)) = longer {
        let [from, to] = [before, after].map(|run| Time(Nanos(figure(metric, run) as u64)));
        return Some(format!("{called} grows from {from} to {to}"));
    }
    let [from, to] = [before, after].map(memory_bytes);
    (to > 2 * from + MORE_MEMORY_BYTES).then(|| format!("it takes {} instead of {}", Bytes(to), Bytes(from)))
}

/// The most that all spaces and external memory took.
#[must_use]
pub fn memory_bytes(run: &PauseReport) -> u64 {
    run.heap.peak.total_bytes + run.heap.peak.external_bytes
}

/// Work done in a second: all runs of a program do the same.
fn speed(run: &PauseReport) -> f64 {
    run.end.operations.max(1) as f64 * 1e9 / busy_ns(run)
}

/// How long the run took, but for what was done in time that the program gave away.
fn busy_ns(run: &PauseReport) -> f64 {
    run.end.at.0.saturating_sub(run.idle.idle.pauses.total.0).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::{Effect, Gain};
    use crate::report::PauseReport;
    use crate::report::tests::sample_report;
    use crate::run::Verdict;
    use gc_core::event::Nanos;

    /// Checks what is said of a change against all pauses together, and the share that is gained.
    #[track_caller]
    fn check(change: impl FnOnce(&mut PauseReport), share: f64, objection: Option<&str>) {
        let (before, mut after) = (sample_report(), sample_report());
        change(&mut after);
        let gain = Gain::of("total_pause", &before, &after);
        assert!((gain.share - share).abs() < 0.01, "{gain:?}");
        assert_eq!(gain.objection.as_deref(), objection);
    }

    fn halve(report: &mut PauseReport) {
        report.pauses.total.0 /= 2;
    }

    #[test]
    fn what_hurts_much_less_at_no_price_is_cured() {
        check(halve, 0.5, None);
        check(|report| report.pauses.total.0 = report.pauses.total.0 * 8 / 10, 0.2, None);
    }

    #[test]
    fn what_hurts_as_much_or_little_less_is_not() {
        check(|_| (), 0.0, Some("all pauses together as before"));
        let less = |report: &mut PauseReport| report.pauses.total.0 = report.pauses.total.0 * 95 / 100;
        check(less, 0.05, Some("all pauses together only -5 %"));
        let more = |report: &mut PauseReport| report.pauses.total.0 *= 2;
        check(more, -1.0, Some("all pauses together +100 %"));
    }

    #[test]
    fn the_price_must_not_be_too_high() {
        let with = |price: fn(&mut PauseReport)| {
            move |report: &mut PauseReport| {
                halve(report);
                price(report);
            }
        };
        check(with(|run| run.end.at.0 *= 2), 0.5, Some("the run takes 100 % longer"));
        check(with(|run| run.pauses.p99.0 *= 2), 0.5, Some("the p99 pause grows from 1.05 ms to 2.10 ms"));
        check(with(|run| run.pauses.p50.0 *= 2), 0.5, None);
        let memory = with(|run| run.heap.peak.total_bytes = 1 << 30);
        check(memory, 0.5, Some("it takes 1.00 GiB instead of 16.5 MiB"));
        let failed = with(|run| run.end.verdict = Verdict::Failed { reason: "no room".into() });
        check(failed, 0.0, Some("the run fails: no room"));
    }

    #[test]
    fn a_run_that_failed_is_cured_if_it_passes() {
        let (mut before, after) = (sample_report(), sample_report());
        before.end.verdict = Verdict::Failed { reason: "no room".into() };
        assert!(Gain::of("refused_allocations", &before, &after).helps());
        let said: Vec<_> = Effect::all(&before, &after).into_iter().map(|effect| effect.said).collect();
        assert_eq!(said, ["the run passes, with 16.5 MiB at the peak"]);
    }

    #[test]
    fn effects_are_told_in_words_and_only_those_that_are_noticeable() {
        let (before, mut after) = (sample_report(), sample_report());
        after.pauses.p99 = Nanos(after.pauses.p99.0 * 59 / 100);
        after.pauses.max.0 += 1;
        after.heap.peak.total_bytes += 6 << 20;
        let said: Vec<_> = Effect::all(&before, &after).into_iter().map(|effect| effect.said).collect();
        assert_eq!(said, ["p99 pause -41 %", "peak memory +6.00 MiB"]);
    }
}
