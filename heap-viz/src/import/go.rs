//! Go's log, `GODEBUG=gctrace=1`: a line for each cycle, with two pauses around a marking beside the program.
//!
//! The format is that of the comment on `gctrace` in Go's `src/runtime/extern.go`.

use super::log::{LogFormat, LogPause, LogRun, MIB, MS, S, Taken, bytes, time, whole};
use gc_core::event::{Cause, Nanos, PauseKind, Usage};
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// `gc 1 @0.012s 2%: 0.018+1.2+0.004 ms clock, ... ms cpu, 4->5->1 MB, 5 MB goal, ... (forced)`.
static CYCLE: LazyLock<Regex> = LazyLock::new(|| {
    let sizes = r"(\d+)->(\d+)->(\d+) MB, \d+ MB goal";
    let clock = r"([\d.]+)\+([\d.]+)\+([\d.]+) ms clock";
    Regex::new(&format!(r"^gc \d+ @([\d.]+)s [\d.]+%: {clock}, .*? {sizes},?(.*)$")).expect("well formed")
});

/// Whether a line tells of a cycle.
pub(super) fn is_cycle(line: &str) -> bool {
    CYCLE.is_match(line)
}

/// The cycles of a program.
#[derive(Debug, Default)]
pub(super) struct GoLog(LogRun);

impl LogFormat for GoLog {
    fn take(&mut self, line: &str) -> Taken {
        if line.starts_with("scvg") || line.starts_with("pacer:") {
            return Taken::Known;
        }
        Taken::of(CYCLE.captures(line).and_then(|found| self.cycle(&found)))
    }

    fn finish(self) -> Vec<(String, LogRun)> {
        vec![("Go".into(), self.0)]
    }
}

impl GoLog {
    fn cycle(&mut self, found: &Captures<'_>) -> Option<()> {
        let start = time(&found[1], S)?;
        let [stop, mark, end] = [time(&found[2], MS)?, time(&found[3], MS)?, time(&found[4], MS)?];
        let [at_start, at_end, live] = [size(found, 5)?, size(found, 6)?, size(found, 7)?];
        let forced = found[8].contains("(forced)");
        // One of the two, since who counts causes counts cycles: the program asks for a cycle, not for the end of its
        // marking.
        let (cause, of_end) =
            if forced { (Cause::Requested, Cause::MarkingDue) } else { (Cause::MarkingDue, Cause::OldLimit) };
        let words = |what: &str| if forced { format!("{what} (forced)") } else { what.into() };
        let first = words("sweep termination");
        let first = LogPause::new(start, stop, PauseKind::Step, cause, first);
        self.0.push(LogPause { memory: Some([at_start; 2]), ..first });
        let (marked, second) = (Nanos(start.0 + stop.0 + mark.0), words("mark termination"));
        let second = LogPause::new(marked, end, PauseKind::Finish, of_end, second);
        self.0.push(LogPause { memory: Some([at_end, live]), ..second });
        Some(())
    }
}

fn size(found: &Captures<'_>, group: usize) -> Option<Usage> {
    Some(whole(bytes(&found[group], MIB)?, 0))
}
