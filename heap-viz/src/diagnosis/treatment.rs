//! What a doctor has tried, and what came of it: advice that was proven or refuted by making the run again.

use crate::compare::{Metric, Unit};
use crate::quantity::{Bytes, Time};
use crate::report::PauseReport;
use crate::run::Verdict;
use gc_core::event::Nanos;
use serde::Serialize;
use std::fmt;

/// Less than this share of what hurts is no help.
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
    /// The settings that were changed; of several doses, the best one.
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
    /// It helps alone, but adds too little to the cure.
    Spared,
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
    /// Without the change, in nanoseconds, bytes, or operations a second.
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
const FELT: [(&str, &str); 7] = [
    ("last_resorts", "collections as a last resort"),
    ("total_pause", "all pauses together"),
    ("p99_pause", "p99 pause"),
    ("max_pause", "longest pause"),
    ("max_latency", "latest operation"),
    ("promoted", "bytes that become old"),
    ("fragmentation", "holes in old space"),
];

impl Effect {
    /// All that differ noticeably between two runs: what people feel, then what it costs.
    #[must_use]
    pub fn all(before: &PauseReport, after: &PauseReport) -> Vec<Effect> {
        if failed(before) {
            // What a run did until it failed is not to be compared with what a whole run does.
            return vec![Effect::passes(after)];
        }
        let felt = FELT.iter().filter_map(|&(metric, figure)| Effect::of_metric(metric, figure, before, after));
        let [from, to] = [before, after].map(memory_bytes);
        let memory = (from != to).then(|| Effect::new("peak memory", Unit::Bytes, from as f64, to as f64));
        // In an event loop operations a second are what its program makes of the time, pauses or none.
        let speed = Effect::new("throughput", Unit::Count, speed(before), speed(after));
        felt.chain(memory).chain([speed]).filter(Effect::is_noticeable).collect()
    }

    fn of_metric(
        metric: &str,
        figure: &'static str,
        before: &PauseReport,
        after: &PauseReport,
    ) -> Option<Effect> {
        let metric = Metric::find(metric)?;
        Some(Effect::new(figure, metric.unit, metric.value(before)?, metric.value(after)?))
    }

    fn new(figure: &'static str, unit: Unit, before: f64, after: f64) -> Self {
        let sign = if after < before { '-' } else { '+' };
        let by = (after - before).abs();
        let said = match unit {
            Unit::Bytes if figure == "peak memory" => format!("{sign}{}", unit.write(by)),
            _ if before == 0.0 => format!("{sign}{}", unit.write(by)),
            _ => format!("{sign}{:.0} %", 100.0 * by / before),
        };
        Effect { figure, before, after, said: format!("{figure} {said}") }
    }

    fn passes(after: &PauseReport) -> Self {
        let peak = memory_bytes(after);
        let said = format!("the run passes, with {} at the peak", Bytes(peak));
        Effect { figure: "peak memory", before: 0.0, after: peak as f64, said }
    }

    fn is_noticeable(&self) -> bool {
        (self.after - self.before).abs() > TOLD * self.before.abs()
    }
}

/// How much less something hurts in the run `after` than `before`: the share of the [measure](super::Finding::measure)
/// that is gone, 0.1 to 1.
///
/// # Errors
/// Why it does not help: it hurts as much, or the price is too high.
pub fn gain(measure: &str, before: &PauseReport, after: &PauseReport) -> Result<f64, String> {
    if let Verdict::Failed { reason } = &after.end.verdict {
        return Err(format!("the run fails: {reason}"));
    }
    if failed(before) {
        return Ok(1.0);
    }
    let [from, to] = [before, after].map(|run| figure(measure, run));
    let gain = if from > 0.0 { (from - to) / from } else { 0.0 };
    if gain < LEAST_GAIN {
        return Err(too_little(measure, from, to));
    }
    harm(before, after).map_or(Ok(gain), Err)
}

fn failed(run: &PauseReport) -> bool {
    matches!(run.end.verdict, Verdict::Failed { .. })
}

fn figure(metric: &str, run: &PauseReport) -> f64 {
    Metric::find(metric).and_then(|metric| metric.value(run)).unwrap_or(0.0)
}

fn too_little(measure: &str, from: f64, to: f64) -> String {
    let called = FELT.iter().find(|(metric, _)| *metric == measure).map_or(measure, |(_, called)| called);
    let called = called.replace('_', " ");
    if (to - from).abs() <= TOLD * from {
        return format!("{called} as before");
    }
    let sign = if to < from { '-' } else { '+' };
    format!("{called} only {sign}{:.0} %", 100.0 * (to - from).abs() / from.max(1.0)).replace("only +", "+")
}

/// What a cure would cost that nobody would pay.
fn harm(before: &PauseReport, after: &PauseReport) -> Option<String> {
    let [slow, fast] = [after, before].map(|run| run.end.at.0 as f64);
    if slow > fast * (1.0 + MOST_TIME) {
        return Some(format!("the run takes {:.0} % longer", 100.0 * (slow / fast - 1.0)));
    }
    let longer = [("p99_pause", "the p99 pause"), ("max_pause", "the longest pause"), ("max_latency", "the latest operation")]
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
    run.operations_per_second().unwrap_or(1e9 / (run.end.at.0.max(1)) as f64)
}
