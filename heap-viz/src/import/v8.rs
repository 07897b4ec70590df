//! V8's logs: `--trace-gc`, a sentence for each pause, and `--trace-gc-nvp`, pairs of names and values.
//!
//! Times are told at the end of a pause, since the isolate was made, in whole milliseconds (`GCTracer::Print` and
//! `GCTracer::PrintNVP` in V8's `src/heap/gc-tracer.cc`). Steps of marking between pauses are told only in sum, and
//! left out.

use super::log::{LogFormat, LogPause, LogRun, MIB, MS, Taken, bytes, time, whole};
use crate::collector::Figure;
use gc_core::event::{Cause, Nanos, PauseKind, Phase};
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// `[pid:isolate]  at ms: Scavenge before (total) -> after (total) MB, pause / external ms  ... reason`.
static SENTENCE: LazyLock<Regex> = LazyLock::new(|| {
    let sizes = r"([\d.]+) \(([\d.]+)\) -> ([\d.]+) \(([\d.]+)\) MB";
    let pause = r"(?:pooled: [\d.]+ MB, )?([\d.]+) / [\d.]+ ms";
    let name = r"((?:Scavenge|Mark-|Minor |Start)[\w-]*(?: [\w-]+)?(?: \([\w -]+\))?)";
    Regex::new(&format!(r"^(?:\[([^\]]*)\])?\s*(\d+) ms: {name} {sizes}, {pause}(.*)$")).expect("well formed")
});
/// `[pid:isolate]  at ms: pause=... gc=s ...`.
static PAIRS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?:\[([^\]]*)\])?\s*(\d+) ms: (pause=.*)$").expect("well formed"));

/// Whether a line tells of a pause.
pub(super) fn is_pause(line: &str) -> bool {
    SENTENCE.is_match(line) || PAIRS.is_match(line)
}

/// The isolates of a log: a worker has one of its own.
#[derive(Debug, Default)]
pub(super) struct V8Log {
    isolates: Vec<(String, LogRun)>,
}

impl LogFormat for V8Log {
    fn take(&mut self, line: &str) -> Taken {
        let sentence = SENTENCE.captures(line).map(|found| (isolate(&found), of_sentence(&found)));
        let told = sentence.or_else(|| PAIRS.captures(line).map(|found| (isolate(&found), of_pairs(&found))));
        let Some((isolate, Some(pause))) = told else { return Taken::Unread };
        self.push(&isolate, pause);
        Taken::Known
    }

    fn finish(self) -> Vec<(String, LogRun)> {
        let names =
            (1..).map(|number| if number == 1 { "V8".into() } else { format!("V8 isolate {number}") });
        names.zip(self.isolates.into_iter().map(|(_, run)| run)).collect()
    }
}

impl V8Log {
    fn push(&mut self, isolate: &str, told: ToldPause) {
        let index = self.isolates.iter().position(|(known, _)| known == isolate).unwrap_or_else(|| {
            self.isolates.push((isolate.into(), LogRun::default()));
            self.isolates.len() - 1
        });
        let run = &mut self.isolates[index].1;
        told.tells.iter().for_each(|&figure| run.tells(figure));
        run.push(told.pause);
    }
}

/// A pause, and what else its line tells.
struct ToldPause {
    pause: LogPause,
    tells: &'static [Figure],
}

fn isolate(found: &Captures<'_>) -> String {
    found.get(1).map_or(String::new(), |isolate| isolate.as_str().into())
}

fn of_sentence(found: &Captures<'_>) -> Option<ToldPause> {
    let (name, rest) = (&found[3], &found[9]);
    let size = |group: usize| bytes(&found[group], MIB);
    let kind = kind_of(name, rest.contains(" steps since start of marking"));
    let reason = reason(rest);
    let memory = Some([whole(size(4)?, size(5)?), whole(size(6)?, size(7)?)]);
    let words = if reason.is_empty() { name.into() } else { format!("{name}: {reason}") };
    let pause = LogPause { memory, ..pause(found, &found[8], kind, words)? };
    Some(ToldPause { pause, tells: &[Figure::Capacity] })
}

/// The start of a pause is not told, but its end and how long it took.
fn pause(found: &Captures<'_>, duration_ms: &str, kind: PauseKind, words: String) -> Option<LogPause> {
    let (end, duration) = (time(&found[2], MS)?, time(duration_ms, MS)?);
    let start = Nanos(end.0.saturating_sub(duration.0));
    Some(LogPause::new(start, duration, kind, nearest(kind, &words), words))
}

/// A full collection that ends a marking in steps is the end of it.
fn kind_of(name: &str, ends_steps: bool) -> PauseKind {
    match name {
        name if name.starts_with("Scavenge") || name.starts_with("Minor") => PauseKind::Minor,
        name if name.starts_with("Start") => PauseKind::Step,
        _ if ends_steps => PauseKind::Finish,
        _ => PauseKind::Full,
    }
}

/// Why, after what stands in brackets: `allocation failure; `, `task; GC in old space requested`.
fn reason(rest: &str) -> &str {
    let mut rest = rest.trim();
    while let Some((_, after)) = rest.strip_prefix('(').and_then(|inside| inside.split_once(')')) {
        rest = after.trim_start();
    }
    rest.trim_end_matches([';', ' ', '.'])
}

fn nearest(kind: PauseKind, words: &str) -> Cause {
    let says = |part: &str| words.contains(part);
    match kind {
        _ if says("last resort") => Cause::LastResort,
        _ if says("testing") => Cause::Requested,
        _ if says("external memory") => Cause::ExternalPressure,
        _ if says("idle") => Cause::Idle,
        _ if says("(reduce)") || says("low memory") => Cause::MemoryReducer,
        PauseKind::Minor => Cause::NewSpaceFull,
        PauseKind::Step => Cause::MarkingDue,
        PauseKind::Full | PauseKind::Finish => Cause::OldLimit,
    }
}

fn of_pairs(found: &Captures<'_>) -> Option<ToldPause> {
    let pairs = Pairs(&found[3]);
    let steps = pairs.get("incremental_steps_count").or_else(|| pairs.get("incremental.steps_count"))?;
    let (name, phases): (_, &[_]) = match pairs.get("gc")? {
        "s" => ("Scavenge", &SCAVENGE_PHASES),
        "mc" => ("Mark-Compact", &MARK_COMPACT_PHASES),
        "mmc" | "mms" | "ms" => ("Minor Mark-Sweep", &[]),
        _ => return None,
    };
    let pause = pause(found, pairs.get("pause")?, kind_of(name, steps != "0"), name.into())?;
    let used = |name| Some(whole(bytes(pairs.get(name)?, 1.0)?, 0));
    let copied = pairs.get("semi_space_copied").or_else(|| pairs.get("new_space_survived"));
    Some(ToldPause {
        pause: LogPause {
            phases: phases.iter().filter_map(|&(phase, name)| phase_time(&pairs, phase, name)).collect(),
            memory: Some([used("total_size_before")?, used("total_size_after")?]),
            copied_bytes: bytes(copied?, 1.0)?,
            promoted_bytes: bytes(pairs.get("promoted")?, 1.0)?,
            ..pause
        },
        tells: &[Figure::Promotion],
    })
}

/// Scopes of the tracer that are phases of Tenure's too.
const SCAVENGE_PHASES: [(Phase, &str); 3] =
    [(Phase::Roots, "scavenge.roots"), (Phase::Copy, "scavenge.parallel"), (Phase::Weak, "scavenge.weak")];
const MARK_COMPACT_PHASES: [(Phase, &str); 4] =
    [(Phase::Mark, "mark"), (Phase::Weak, "clear"), (Phase::Sweep, "sweep"), (Phase::Evacuate, "evacuate")];

fn phase_time(pairs: &Pairs<'_>, phase: Phase, name: &str) -> Option<(Phase, Nanos)> {
    let duration = time(pairs.get(name)?, MS)?;
    (duration > Nanos(0)).then_some((phase, duration))
}

/// Names and values, `name=value` with blanks between.
struct Pairs<'a>(&'a str);

impl<'a> Pairs<'a> {
    fn get(&self, name: &str) -> Option<&'a str> {
        let mut pairs = self.0.split_ascii_whitespace().filter_map(|pair| pair.split_once('='));
        pairs.find(|(found, _)| *found == name).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use crate::import::read_reports;
    use gc_core::event::{Cause, PauseKind};

    const SIZES: &str = "3.9 (4.0) -> 3.6 (5.0) MB,";

    /// Checks kind, nearest cause and words of a pause that is told like this.
    #[track_caller]
    fn check(name: &str, rest: &str, kind: PauseKind, nearest: Cause, words: &str) {
        let line = format!("[1:0x2]     37 ms: {name} {SIZES} {rest}\n");
        let report = read_reports(line.as_bytes()).expect("it is a log").remove(0);
        let longest = &report.log.cells()[0].longest;
        let found = (longest.kind, longest.cause.nearest, longest.cause.name());
        assert_eq!(found, (kind, nearest, words), "{line}");
    }

    #[test]
    fn sentences_of_all_versions_are_understood() {
        let mu = "(average mu = 1.000, current mu = 1.000)";
        let (minor, full) = (PauseKind::Minor, PauseKind::Full);
        let failure = format!("1.15 / 0.00 ms  {mu} allocation failure; ");
        check("Scavenge", &failure, minor, Cause::NewSpaceFull, "Scavenge: allocation failure");
        check(
            "Minor Mark-Compact",
            &failure,
            minor,
            Cause::NewSpaceFull,
            "Minor Mark-Compact: allocation failure",
        );
        let old = "9.1 / 0.0 ms  allocation failure GC in old space requested";
        check(
            "Mark-sweep",
            old,
            full,
            Cause::OldLimit,
            "Mark-sweep: allocation failure GC in old space requested",
        );
        let pooled = format!("pooled: 0 MB, 1.57 / 0.00 ms  {mu} testing; GC in old space requested");
        let words = "Mark-Compact: testing; GC in old space requested";
        check("Mark-Compact", &pooled, full, Cause::Requested, words);
        let steps = format!(
            "1.57 / 0.00 ms  (+ 1.1 ms in 9 steps since start of marking, biggest step 0.2 ms) {mu} finalize"
        );
        check("Mark-Compact", &steps, PauseKind::Finish, Cause::OldLimit, "Mark-Compact: finalize");
        let reduce = format!("1.57 / 0.00 ms  {mu} last resort; ");
        check(
            "Mark-Compact (reduce)",
            &reduce,
            full,
            Cause::LastResort,
            "Mark-Compact (reduce): last resort",
        );
        check("Scavenge", "0.5 / 0.0 ms", minor, Cause::NewSpaceFull, "Scavenge");
    }

    #[test]
    fn the_end_of_a_pause_is_told_and_its_start_reckoned() {
        let line = format!("   37 ms: Scavenge {SIZES} 7.25 / 0.00 ms  allocation failure");
        let report = read_reports(line.as_bytes()).expect("it is a log").remove(0);
        assert_eq!((report.log.cells()[0].start.0, report.end.at.0), (29_750_000, 37_000_000));
    }
}
