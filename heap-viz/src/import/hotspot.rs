//! HotSpot's unified log, `-Xlog:gc*` (JEP 158 and JEP 271), with any decorations among which there is a time.
//!
//! The collectors Serial, Parallel and G1 tell memory with every pause; of others, pauses are read.

use super::log::{LogFormat, LogPause, LogRun, MIB, MS, S, Taken, bytes, time, whole};
use crate::collector::Figure;
use chrono::DateTime;
use gc_core::event::{Cause, MAX_AGE, Nanos, PauseKind, Phase, Usage};
use regex::{Captures, Regex};
use std::sync::LazyLock;

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("well formed")
}

/// Decorations and message of a line with a tag of the collector.
static LINE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^((?:\[[^\]]*\])*\[(?:gc|safepoint|metaspace)[\w, ]*\])\s*(.*)$"));
/// The same of a line whose decorations tell no tags: they are times, levels, and the numbers of process and thread.
static UNTAGGED: LazyLock<Regex> = LazyLock::new(|| {
    let decoration =
        r"\d+(?:[.,]\d+)?(?:s|ms|ns)|\d{4}-\d\d-\d\dT[\d:.+-]+|\d+|(?:error|warning|info|debug|trace) *";
    regex(&format!(r"^((?:\[(?:{decoration})\])+)\s*((?:[^\[\s].*)?)$"))
});
/// A line of a collection, whatever its decorations, which may be none.
static BARE: LazyLock<Regex> = LazyLock::new(|| regex(r"^((?:\[[^\]]*\])*)\s*GC\(\d+\) "));
/// A time since 1970-01-01 in milliseconds, which `timemillis` tells: no program runs for as long.
static EPOCH: LazyLock<Regex> = LazyLock::new(|| regex(r"\[(\d{13})ms\]"));
/// A time since the start, in seconds, milli- or nanoseconds.
static UPTIME: LazyLock<Regex> = LazyLock::new(|| regex(r"\[(\d+(?:[.,]\d+)?)(s|ms|ns)\]"));
/// A date with its zone, `2026-11-26T01:02:03.456+0100`.
static DATE: LazyLock<Regex> = LazyLock::new(|| regex(r"\[(\d{4}-\d\d-\d\dT[\d:.]+[+-]\d{4})\]"));
static COLLECTION: LazyLock<Regex> = LazyLock::new(|| regex(r"^GC\((\d+)\)\s+(.*)$"));
/// `Pause Young (Normal) (G1 Evacuation Pause) 6M->3M(32M) 5.328ms`.
static PAUSE: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^Pause (.*?)(?: (\d+)([KMG])->(\d+)([KMG])\((\d+)([KMG])\))? (\d+(?:[.,]\d+)?)ms$")
});
/// `Garbage Collection (Warmup) 22M(11%)->16M(8%)`, with which Z tells memory.
static CONCURRENT: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^Garbage Collection \(.*\) (\d+)M\(\d+%\)->(\d+)M\(\d+%\)"));
/// `DefNew: 8704K(9792K)->1087K(9792K) Eden: ...`.
static SPACE: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^(DefNew|PSYoungGen|Tenured|ParOldGen|PSOldGen): (\d+)K\((\d+)K\)->(\d+)K\((\d+)K\)")
});
/// `- age   1:    1047768 bytes,    1047768 total`.
static AGE: LazyLock<Regex> = LazyLock::new(|| regex(r"^- age\s+(\d+):\s+(\d+) bytes"));
/// `Evacuate Collection Set: 4.7ms`, `Phase 1: Mark live objects 4.118ms`.
static PHASE: LazyLock<Regex> = LazyLock::new(|| regex(r"^(.*?):? (\d+(?:[.,]\d+)?)ms$"));

/// Phases that are Tenure's too, by how their names begin.
const PHASES: [(&str, Phase); 10] = [
    ("Merge Heap Roots", Phase::Remembered),
    ("Evacuate Collection Set", Phase::Copy),
    ("Phase 1", Phase::Mark),
    ("Phase 2", Phase::Compact),
    ("Phase 3", Phase::Compact),
    ("Phase 4", Phase::Compact),
    ("Marking Phase", Phase::Mark),
    ("Adjust Roots", Phase::Compact),
    ("Adjust Pointers", Phase::Compact),
    ("Compaction Phase", Phase::Compact),
];

/// Whether a line is one of the collector's.
pub(super) fn is_of_collector(line: &str) -> bool {
    LINE.is_match(line) || BARE.is_match(line)
}

/// Whether a line of the collector tells when it was written, as then all lines do.
pub(super) fn is_timed(line: &str) -> bool {
    let found = LINE.captures(line).or_else(|| BARE.captures(line));
    found.is_some_and(|found| [&*EPOCH, &*UPTIME, &*DATE].iter().any(|time| time.is_match(&found[1])))
}

/// The log of one virtual machine.
#[derive(Debug, Default)]
pub(super) struct HotSpotLog {
    /// What the virtual machine says that it uses, such as `G1`.
    collector: Option<String>,
    run: LogRun,
    /// The date of the first line, where lines are dated.
    first_date: Option<Nanos>,
    open: Collection,
}

/// What was told of a collection before its pause ends.
#[derive(Debug, Default)]
struct Collection {
    number: u64,
    young: Option<[u64; 4]>,
    old: Option<[u64; 4]>,
    phases: Vec<(Phase, Nanos)>,
    survived_bytes_by_age: Option<Box<[u64; MAX_AGE as usize + 1]>>,
}

impl LogFormat for HotSpotLog {
    fn take(&mut self, line: &str) -> Taken {
        let tagged = LINE.captures(line);
        let has_tags = tagged.is_some();
        let Some(found) = tagged.or_else(|| UNTAGGED.captures(line)) else { return Taken::Unread };
        let (decorations, message) = (&found[1], found.get(2).map_or("", |message| message.as_str()));
        let at = self.time(decorations);
        at.iter().for_each(|&at| self.run.reached(at));
        if let Some(collector) = message.strip_prefix("Using ") {
            // ZGC's own words are "The Z Garbage Collector".
            let name = collector.trim_start_matches("The ").trim_end_matches(" Garbage Collector");
            self.collector.get_or_insert_with(|| name.into());
        }
        match COLLECTION.captures(message) {
            Some(found) => Taken::of(self.collection(&found, has_tags.then_some(decorations), at)),
            None => Taken::Known,
        }
    }

    fn finish(self) -> Vec<(String, LogRun)> {
        let collector = self.collector.map_or(String::new(), |collector| format!(" {collector}"));
        vec![(format!("HotSpot{collector}"), self.run)]
    }
}

impl HotSpotLog {
    /// When a line was written: since the start where that is told, and otherwise since the first line.
    fn time(&mut self, decorations: &str) -> Option<Nanos> {
        let is_since_start = !EPOCH.is_match(decorations);
        if let Some(found) = UPTIME.captures(decorations).filter(|_| is_since_start) {
            let unit = match &found[2] {
                "s" => S,
                "ms" => MS,
                _ => 1.0,
            };
            return time(&found[1], unit);
        }
        let date = date(decorations)?;
        Some(date.since(*self.first_date.get_or_insert(date)))
    }

    /// Takes a line of a collection, with its tags if it tells them; none if it is not as it should be.
    fn collection(&mut self, found: &Captures<'_>, tags: Option<&str>, at: Option<Nanos>) -> Option<()> {
        let (number, message) = (found[1].parse().ok()?, &found[2]);
        if number != self.open.number {
            self.open = Collection { number, ..Collection::default() };
        }
        let may_be = |tag: &str| tags.is_none_or(|tags| tags.contains(tag));
        match message {
            // The line before a pause, which has its name too.
            _ if tags.is_some_and(|tags| tags.contains(",start")) => Some(()),
            message if message.starts_with("Pause ") => match PAUSE.captures(message) {
                Some(found) => self.pause(&found, at?),
                // Without tags that line looks like a pause that is cut off.
                None => tags.is_none().then_some(()),
            },
            message if may_be("gc,age") && message.starts_with("- age") => self.open.age(message),
            message if may_be("gc,heap") && SPACE.is_match(message) => self.open.space(message),
            message if may_be("gc,phases") && PHASE.is_match(message.trim()) => self.open.phase(message),
            message if message.starts_with("Garbage Collection (") => self.concurrent(message),
            _ => Some(()),
        }
    }

    /// Takes the end of a collection beside the program: its last pause is taken to have done it.
    fn concurrent(&mut self, message: &str) -> Option<()> {
        let Some(found) = CONCURRENT.captures(message) else { return Some(()) };
        let used = |group: usize| Some(whole(bytes(&found[group], MIB)?, 0));
        self.run.last_pause_memory([used(1)?, used(2)?]);
        Some(())
    }

    fn pause(&mut self, found: &Captures<'_>, end: Nanos) -> Option<()> {
        let collection = std::mem::take(&mut self.open);
        self.open.number = collection.number;
        let words = &found[1];
        let (kind, duration) = (kind(words), time(&found[8], MS)?);
        let whole = memory(found)?;
        let by_space = collection.memory();
        if whole.is_some() {
            self.run.tells(Figure::Capacity);
        }
        if by_space.is_some() {
            [Figure::Spaces, Figure::Promotion].into_iter().for_each(|figure| self.run.tells(figure));
        }
        let start = Nanos(end.0.saturating_sub(duration.0));
        let pause = LogPause::new(start, duration, kind, nearest(kind, words), words.into());
        let of_scavenge = by_space.filter(|_| kind == PauseKind::Minor);
        self.run.push(LogPause {
            phases: collection.phases,
            memory: by_space.or(whole),
            // What new space holds after a scavenge is what was copied within it.
            copied_bytes: of_scavenge.map_or(0, |[_, after]| after.new_used),
            promoted_bytes: of_scavenge
                .map_or(0, |[before, after]| after.old_used.saturating_sub(before.old_used)),
            survived_bytes_by_age: collection.survived_bytes_by_age,
            ..pause
        });
        Some(())
    }
}

impl Collection {
    fn phase(&mut self, message: &str) -> Option<()> {
        let Some(found) = PHASE.captures(message.trim()) else { return Some(()) };
        let duration = time(&found[2], MS)?;
        let known = PHASES.iter().find(|(name, _)| found[1].starts_with(name));
        self.phases.extend(known.filter(|_| duration > Nanos(0)).map(|&(_, phase)| (phase, duration)));
        Some(())
    }

    /// An object of age 1 has survived its first collection.
    fn age(&mut self, message: &str) -> Option<()> {
        let found = AGE.captures(message)?;
        let (age, size) = (found[1].parse::<usize>().ok()?.checked_sub(1)?, bytes(&found[2], 1.0)?);
        let ages = self.survived_bytes_by_age.get_or_insert_default();
        let of_age = &mut ages[age.min(usize::from(MAX_AGE))];
        *of_age = of_age.saturating_add(size);
        Some(())
    }

    fn space(&mut self, message: &str) -> Option<()> {
        let Some(found) = SPACE.captures(message) else { return Some(()) };
        let size = |group: usize| bytes(&found[group], 1024.0);
        let sizes = Some([size(2)?, size(3)?, size(4)?, size(5)?]);
        match &found[1] {
            "DefNew" | "PSYoungGen" => self.young = sizes,
            _ => self.old = sizes,
        }
        Some(())
    }

    /// Memory by space before and after, where both generations were told.
    fn memory(&self) -> Option<[Usage; 2]> {
        let (young, old) = (self.young?, self.old?);
        let usage = |used: usize, total: usize| Usage {
            new_used: young[used],
            new_total: young[total],
            old_used: old[used],
            old_total: old[total],
            ..Usage::default()
        };
        Some([usage(0, 1), usage(2, 3)])
    }
}

/// Memory before and after, and what the heap takes; the outer none if it is damaged, the inner one if it is not told.
fn memory(found: &Captures<'_>) -> Option<Option<[Usage; 2]>> {
    if found.get(2).is_none() {
        return Some(None);
    }
    let size = |group: usize| {
        let unit = match &found[group + 1] {
            "K" => 10,
            "M" => 20,
            _ => 30,
        };
        bytes(&found[group], (1_u64 << unit) as f64)
    };
    let total = size(6)?;
    Some(Some([whole(size(2)?, total), whole(size(4)?, total)]))
}

fn kind(words: &str) -> PauseKind {
    match words {
        words if words.starts_with("Young") => PauseKind::Minor,
        words if words.starts_with("Full") => PauseKind::Full,
        _ => PauseKind::Step,
    }
}

fn nearest(kind: PauseKind, words: &str) -> Cause {
    match kind {
        _ if words.contains("System.gc()") || words.contains("Diagnostic Command") => Cause::Requested,
        _ if words.contains("Last ditch") => Cause::LastResort,
        PauseKind::Minor => Cause::NewSpaceFull,
        PauseKind::Step | PauseKind::Finish => Cause::MarkingDue,
        PauseKind::Full => Cause::OldLimit,
    }
}

/// The time from 1970-01-01 to the date of a line.
fn date(decorations: &str) -> Option<Nanos> {
    if let Some(found) = EPOCH.captures(decorations) {
        return found[1].parse().ok().and_then(|ms: u64| ms.checked_mul(1_000_000)).map(Nanos);
    }
    let date = &DATE.captures(decorations)?[1];
    let date = DateTime::parse_from_str(date, "%Y-%m-%dT%H:%M:%S%.3f%z").ok()?;
    u64::try_from(date.timestamp_nanos_opt()?).ok().map(Nanos)
}

#[cfg(test)]
mod tests {
    use crate::import::read_reports;

    /// Checks when the one pause of a log of one line starts, in milliseconds; none if the line is not understood.
    #[track_caller]
    fn check(decorations: &str, pause: &str, expected: Option<u64>) {
        let log = format!("[0.001s][info][gc] Using G1\n{decorations} GC(0) {pause}\n");
        let report = read_reports(log.as_bytes()).expect("it is a log").remove(0);
        let start = report.log.cells().first().map(|cell| cell.start.0 / 1_000_000);
        assert_eq!(start, expected, "{log}");
        assert_eq!(report.end.unread_lines.is_some(), expected.is_none(), "{log}");
    }

    const PAUSE: &str = "Pause Young (Normal) (G1 Evacuation Pause) 6M->3M(32M) 5.000ms";

    #[test]
    fn any_time_will_do() {
        check("[0.505s][info][gc]", PAUSE, Some(500));
        check("[0,505s][info ][gc          ]", PAUSE, Some(500));
        check("[505ms][4711][4712][info][gc]", PAUSE, Some(500));
        check("[505000000ns][gc]", PAUSE, Some(500));
        check("[2026-11-26T01:57:13.814+0100][0.505s][host][info][gc]", PAUSE, Some(500));
    }

    #[test]
    fn a_line_need_not_tell_its_tags() {
        check("[505ms][4711]", PAUSE, Some(500));
        check("[505000000ns]", PAUSE, Some(500));
        check("[0.505s][4711][4712][info]", PAUSE, Some(500));
        check("[1795686103459ms]", PAUSE, Some(0));
        // Tags that are cut off, and those of others, are no message.
        check("[0.505s][inf", PAUSE, None);
        check("[0.505s][info][cds]", PAUSE, None);
    }

    #[test]
    fn a_log_without_times_is_refused_with_what_to_add() {
        for decorations in ["", "[info]", "[4711][4712]", "[info][gc,start]"] {
            let log = format!("Using Serial\n{decorations} GC(0) {PAUSE}\n");
            let error = read_reports(log.as_bytes()).expect_err("no pause can be placed").to_string();
            assert!(error.contains("without times") && error.contains(":uptime"), "{error}");
        }
    }

    #[test]
    fn without_a_time_a_pause_cannot_be_placed() {
        check("[info][gc]", PAUSE, None);
    }

    #[test]
    fn damaged_pauses_are_not_understood() {
        for pause in [
            "Pause Young (Normal) 6M->3M(32M) ms",
            "Pause Young (Nor",
            "Pause Full (x) 99999999999999999G->3M(32M) 1.0ms",
        ] {
            check("[0.505s][info][gc]", pause, None);
        }
    }

    #[test]
    fn pauses_of_other_collectors_are_read_without_memory() {
        check("[0.505s][info][gc,phases]", "Pause Mark Start 0.007ms", Some(504));
        check("[0.505s][info][gc]", "Pause Init Mark (unload classes) 5.000ms", Some(500));
    }
}
