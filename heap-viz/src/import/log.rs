//! What the logs of other runtimes have in common.

use super::error::ReadError;
use super::lines::Lines;
use crate::collector::{Collector, Figure, UnreadLines};
use crate::run::{RunEnd, RunInfo};
use crate::run_sink::RunSink;
use gc_core::event::{Cause, MAX_AGE, Nanos, Pause, PauseKind, Phase, PhaseEnd, Usage, Work};
use std::collections::BTreeSet;
use std::io::BufRead;
use std::sync::Arc;

/// Different words for causes that are kept: a log has a dozen, and a damaged one need not fill the report.
const MAX_WORDS: usize = 64;
/// Characters of them.
const MAX_WORDS_CHARS: usize = 100;

/// A format of logs, as it is read line by line.
pub(super) trait LogFormat {
    /// Takes the next line.
    fn take(&mut self, line: &str) -> Taken;

    /// The runs, each under the name of its collector, in the order in which they began.
    fn finish(self) -> Vec<(String, LogRun)>;
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// It was understood.
    Known,
    /// It is damaged, or not of the collector.
    Unread,
}

impl Taken {
    /// What became of a line that may be of the collector.
    pub(super) fn of(understood: Option<()>) -> Self {
        if understood.is_some() { Taken::Known } else { Taken::Unread }
    }
}

/// Reads a log to its end, then gives its runs to `sink`.
pub(super) fn read(
    lines: &mut Lines<impl BufRead>,
    mut log: impl LogFormat,
    sink: &mut dyn RunSink,
) -> Result<(), ReadError> {
    let mut unread = UnreadLines::default();
    while let Some(line) = lines.next()? {
        let line = String::from_utf8_lossy(line).trim_end().to_owned();
        if !line.is_empty() && log.take(&line) == Taken::Unread {
            unread.push(lines.number(), &line);
        }
    }
    let mut unread = Some(unread).filter(|unread| unread.count > 0);
    log.finish().into_iter().for_each(|(name, run)| run.tell(&name, unread.take(), sink));
    Ok(())
}

/// A pause as a log tells it.
#[derive(Debug)]
pub(super) struct LogPause {
    pub(super) kind: PauseKind,
    /// The nearest of Tenure's causes.
    pub(super) nearest: Cause,
    /// What the log says.
    pub(super) words: String,
    pub(super) start: Nanos,
    pub(super) duration: Nanos,
    /// Those that Tenure has too, in order of time.
    pub(super) phases: Vec<(Phase, Nanos)>,
    /// Memory when the program was stopped and when it went on; none where the log does not tell.
    pub(super) memory: Option<[Usage; 2]>,
    pub(super) copied_bytes: u64,
    pub(super) promoted_bytes: u64,
    /// Bytes that survived, by the number of collections that they had survived before.
    pub(super) survived_bytes_by_age: Option<Box<[u64; MAX_AGE as usize + 1]>>,
}

impl LogPause {
    /// A pause of which nothing is told but when it was, what and why.
    pub(super) fn new(start: Nanos, duration: Nanos, kind: PauseKind, nearest: Cause, words: String) -> Self {
        LogPause {
            kind,
            nearest,
            words,
            start,
            duration,
            phases: Vec::new(),
            memory: None,
            copied_bytes: 0,
            promoted_bytes: 0,
            survived_bytes_by_age: None,
        }
    }
}

/// The pauses of one heap.
#[derive(Debug, Default)]
pub(super) struct LogRun {
    pauses: Vec<(LogPause, Arc<str>)>,
    words: BTreeSet<Arc<str>>,
    /// The latest time that the log tells.
    end: Nanos,
    /// What the log has told of, besides pauses and what is in use.
    told: BTreeSet<Figure>,
}

impl LogRun {
    /// Takes note that the run has come as far as `at`.
    pub(super) fn reached(&mut self, at: Nanos) {
        self.end = self.end.max(at);
    }

    /// Takes note that the log tells of `figure`.
    pub(super) fn tells(&mut self, figure: Figure) {
        self.told.insert(figure);
    }

    /// Appends a pause.
    pub(super) fn push(&mut self, mut pause: LogPause) {
        if !pause.phases.is_empty() {
            self.tells(Figure::Phases);
        }
        if pause.survived_bytes_by_age.is_some() {
            self.tells(Figure::Ages);
        }
        self.reached(Nanos(pause.start.0.saturating_add(pause.duration.0)));
        let words = self.known_words(&std::mem::take(&mut pause.words));
        self.pauses.push((pause, words));
    }

    /// Sets memory before and after the last pause.
    pub(super) fn last_pause_memory(&mut self, memory: [Usage; 2]) {
        self.pauses.last_mut().into_iter().for_each(|(pause, _)| pause.memory = Some(memory));
    }

    fn known_words(&mut self, words: &str) -> Arc<str> {
        let words: String = words.chars().take(MAX_WORDS_CHARS).collect();
        if let Some(known) = self.words.get(&*words) {
            return Arc::clone(known);
        }
        let words: Arc<str> = if self.words.len() < MAX_WORDS { words.into() } else { "others".into() };
        self.words.insert(Arc::clone(&words));
        words
    }

    fn tell(self, name: &str, unread_lines: Option<UnreadLines>, sink: &mut dyn RunSink) {
        let untold = Figure::ALL.into_iter().filter(|figure| !self.told.contains(figure)).collect();
        let collector = Some(Collector { name: name.into(), untold });
        sink.run_started(&RunInfo { workload: name.into(), collector, ..RunInfo::default() });
        let mut so_far = Told::default();
        for (pause, words) in &self.pauses {
            sink.foreign_pause(&so_far.next(pause), words);
        }
        sink.run_ended(&RunEnd {
            at: self.end.max(so_far.end),
            allocated_bytes: so_far.allocated_bytes,
            usage: so_far.usage,
            unread_lines,
            ..RunEnd::default()
        });
    }
}

/// How far the telling of a run has come.
#[derive(Default)]
struct Told {
    pauses: u64,
    /// End of the last pause.
    end: Nanos,
    /// Memory after it.
    usage: Usage,
    allocated_bytes: u64,
}

impl Told {
    /// The next pause, as Tenure would tell it.
    ///
    /// Logs round times: a pause that seems to begin before the last has ended is moved behind it. What was allocated
    /// since is how much more is in use.
    fn next(&mut self, pause: &LogPause) -> Pause {
        let (id, start) = (self.pauses, pause.start.max(self.end));
        let [before, after] = pause.memory.unwrap_or([self.usage; 2]);
        let allocated = before.heap_used().saturating_sub(self.usage.heap_used());
        let work = Work {
            allocated_bytes: 0,
            copied_bytes: pause.copied_bytes,
            promoted_bytes: pause.promoted_bytes,
            freed_bytes: before.heap_used().saturating_sub(after.heap_used()),
            pauses: 1,
            ..Work::default()
        };
        self.pauses += 1;
        self.end = Nanos(start.0.saturating_add(pause.duration.0));
        self.usage = after;
        self.allocated_bytes = self.allocated_bytes.saturating_add(allocated);
        Pause {
            id,
            kind: pause.kind,
            cause: pause.nearest,
            start,
            duration: pause.duration,
            phases: one_after_the_other(id, start, &pause.phases),
            work,
            allocated_bytes_before: allocated,
            before,
            after,
            survived_bytes_by_age: pause.survived_bytes_by_age.as_deref().copied().unwrap_or_default(),
            remembered_entries: 0,
            fragmentation_ppm: 0,
        }
    }
}

/// Logs tell how long phases took, in their order, and not when they began.
fn one_after_the_other(pause: u64, start: Nanos, phases: &[(Phase, Nanos)]) -> Vec<PhaseEnd> {
    let mut next = start;
    let mut end = |&(phase, duration): &(Phase, Nanos)| {
        let start = next;
        next = Nanos(start.0.saturating_add(duration.0));
        PhaseEnd { pause, phase, start, duration, work: Work::default() }
    };
    phases.iter().map(&mut end).collect()
}

/// A decimal number of `unit` nanoseconds, such as milliseconds with a `unit` of a million.
pub(super) fn time(number: &str, unit: f64) -> Option<Nanos> {
    let number: f64 = number.replace(',', ".").parse().ok()?;
    let ns = number * unit;
    (0.0..MAX_FIGURE).contains(&ns).then_some(Nanos(ns.round() as u64))
}

/// A decimal number of `unit` bytes.
pub(super) fn bytes(number: &str, unit: f64) -> Option<u64> {
    time(number, unit).map(|Nanos(figure)| figure)
}

/// No heap is larger, and no run is longer in nanoseconds: such a figure is damage. As in files of events.
const MAX_FIGURE: f64 = (1_u64 << 56) as f64;
/// Nanoseconds of a millisecond.
pub(super) const MS: f64 = 1e6;
/// Nanoseconds of a second.
pub(super) const S: f64 = 1e9;
/// Bytes of a mebibyte.
pub(super) const MIB: f64 = 1_048_576.0;

/// Memory of which only the sum is told.
pub(super) fn whole(used: u64, total: u64) -> Usage {
    Usage { old_used: used, old_total: total, ..Usage::default() }
}
