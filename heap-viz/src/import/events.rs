//! Reading the JSON lines that [`EventsWriter`](crate::EventsWriter) writes.

use crate::record::{Header, Record, SCHEMA};
use crate::report::PauseReport;
use crate::run::{RunEnd, RunInfo};
use crate::timeline::Timeline;
use gc_core::event::{Event, EventSink, Nanos, Pause, Usage};
use std::borrow::Cow;
use std::io::{self, BufRead, Read};

/// No line is longer: a pause takes some two thousand bytes.
const MAX_LINE_BYTES: u64 = 1 << 20;
/// No heap is larger, and no run is longer in nanoseconds (two years): such a figure is damage. Sums of a few
/// figures below it do not overflow.
const MAX_FIGURE: u64 = 1 << 56;

/// Why a file cannot be reported on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EventsError {
    /// The system did not let us read on.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// The file does not start as an events file does.
    #[error("line 1: not an events file: it does not start with {{\"schema\":\"{SCHEMA}\",...}}")]
    NotEvents,
    /// The file is of a version that this one does not know.
    #[error("line 1: the schema is `{found}`, but this version reads `{SCHEMA}`")]
    OtherSchema {
        /// The schema of the file.
        found: String,
    },
    /// A line cannot be understood, or contradicts the lines before it.
    #[error("line {line}: {problem}")]
    Corrupt {
        /// Number of the line, from 1.
        line: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// The file has an end, the run has not.
    #[error("line {line}: the file ends here, but {missing}")]
    Truncated {
        /// Number of the last line, from 1.
        line: u64,
        /// What should have followed.
        missing: String,
    },
}

/// Reads a file of events and reports on every run in it, in bounded memory but for 16 bytes a pause.
///
/// # Errors
/// The first thing in the file that is not as [`EventsWriter`](crate::EventsWriter) writes it.
pub fn read_reports(file: impl BufRead) -> Result<Vec<PauseReport>, EventsError> {
    let mut lines = Lines { file, line: Vec::new(), number: 0 };
    check_header(lines.next()?.ok_or(EventsError::NotEvents)?)?;
    let mut runs = Runs::default();
    while let Some(line) = lines.next()? {
        let record = Record::from_line(line).map_err(|error| json_problem(&error));
        let taken = record.and_then(|record| runs.take(record));
        taken.map_err(|problem| EventsError::Corrupt { line: lines.number, problem })?;
    }
    runs.finish().map_err(|missing| EventsError::Truncated { line: lines.number, missing })
}

fn check_header(line: &[u8]) -> Result<(), EventsError> {
    let Header { schema, .. } = serde_json::from_slice(line).map_err(|_| EventsError::NotEvents)?;
    if schema == SCHEMA { Ok(()) } else { Err(EventsError::OtherSchema { found: schema.into_owned() }) }
}

/// What a JSON error says, without the place: it knows only the place within the line.
fn json_problem(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "the line is cut off".into();
    }
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).into()
}

/// The lines of a file, one at a time.
struct Lines<F> {
    file: F,
    line: Vec<u8>,
    number: u64,
}

impl<F: BufRead> Lines<F> {
    fn next(&mut self) -> Result<Option<&[u8]>, EventsError> {
        self.line.clear();
        let read = self.file.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', &mut self.line)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        if read as u64 == MAX_LINE_BYTES {
            let problem = format!("longer than {MAX_LINE_BYTES} bytes, which no line is");
            return Err(EventsError::Corrupt { line: self.number, problem });
        }
        Ok(Some(&self.line))
    }
}

/// The runs read so far. Problems are told in words: the caller knows the line.
#[derive(Default)]
struct Runs {
    done: Vec<PauseReport>,
    open: Option<OpenRun>,
}

/// A run whose end is still to come.
struct OpenRun {
    info: RunInfo,
    timeline: Timeline,
}

impl Runs {
    fn take(&mut self, record: Record<'static>) -> Result<(), String> {
        match (record, self.open.take()) {
            (Record::RunStarted(info), None) => {
                self.open = Some(OpenRun { info: info.into_owned(), timeline: Timeline::default() });
            }
            (Record::RunStarted(_), Some(open)) => {
                return Err(format!("a run starts before run `{}` has ended", open.info.workload));
            }
            (Record::Event(event), Some(mut open)) => {
                open.event(&event)?;
                self.open = Some(open);
            }
            (Record::RunEnded(end), Some(open)) => self.done.push(open.end(end)?),
            (Record::Event(_) | Record::RunEnded(_), None) => return Err("no run has started".into()),
        }
        Ok(())
    }

    fn finish(self) -> Result<Vec<PauseReport>, String> {
        match self.open {
            Some(open) => Err(format!("run `{}` has not ended", open.info.workload)),
            None if self.done.is_empty() => Err("no run has started".into()),
            None => Ok(self.done),
        }
    }
}

impl OpenRun {
    fn event(&mut self, event: &Event) -> Result<(), String> {
        if let Event::PauseEnded(pause) = event {
            self.check_pause(pause)?;
        }
        self.timeline.event(event);
        Ok(())
    }

    fn check_pause(&self, pause: &Pause) -> Result<(), String> {
        check_time(pause.start)?;
        check_time(pause.duration)?;
        check_usage(&pause.before)?;
        check_usage(&pause.after)?;
        self.check_follows("the pause starts", pause.start)
    }

    fn end(self, end: Cow<'_, RunEnd>) -> Result<PauseReport, String> {
        check_time(end.at)?;
        check_usage(&end.usage)?;
        self.check_follows("the run ends", end.at)?;
        Ok(PauseReport::new(self.info, &self.timeline, end.into_owned()))
    }

    fn check_follows(&self, what: &str, at: Nanos) -> Result<(), String> {
        let last = self.timeline.stops.end();
        if at < last {
            return Err(format!("{what} at {} ns, before the end of the last pause at {} ns", at.0, last.0));
        }
        Ok(())
    }
}

fn check_time(time: Nanos) -> Result<(), String> {
    check_figure(time.0)
}

fn check_usage(usage: &Usage) -> Result<(), String> {
    let Usage { new_used, new_total, old_used, old_total, large_used, large_total, external } = *usage;
    [new_used, new_total, old_used, old_total, large_used, large_total, external]
        .into_iter()
        .try_for_each(check_figure)
}

fn check_figure(figure: u64) -> Result<(), String> {
    if figure > MAX_FIGURE { Err(format!("{figure} cannot be: it is too large")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::{MAX_LINE_BYTES, read_reports};
    use crate::export::EventsWriter;
    use crate::record::sample;
    use crate::report::{Json, PauseReport, Text};
    use crate::run::RunInfo;
    use crate::timeline::Timeline;
    use gc_core::event::EventSink;
    use proptest::prelude::{any, proptest};

    fn run_info() -> RunInfo {
        RunInfo { workload: "trees".into(), ..RunInfo::default() }
    }

    fn file() -> String {
        let mut writer = EventsWriter::new(Vec::new());
        writer.run_started(&run_info());
        sample::events().iter().for_each(|event| writer.event(event));
        writer.run_ended(&sample::run_end());
        String::from_utf8(writer.finish().expect("memory takes everything")).expect("JSON is UTF-8")
    }

    /// Checks what is said of the file that `edit` makes of a good one.
    #[track_caller]
    fn check(edit: impl FnOnce(Vec<&str>) -> String, message: &str) {
        let edited = edit(file().lines().collect());
        let error = read_reports(edited.as_bytes()).expect_err("the file is damaged");
        assert_eq!(error.to_string(), message);
    }

    #[test]
    fn a_file_gives_the_same_report_as_the_run() {
        let mut timeline = Timeline::default();
        sample::events().iter().for_each(|event| timeline.event(event));
        let direct = PauseReport::new(run_info(), &timeline, sample::run_end());
        assert_eq!(read_reports(file().as_bytes()).expect("the file is whole"), [direct]);
    }

    #[test]
    fn a_file_may_hold_several_runs() {
        let (one, runs) = (file(), file());
        let runs = &runs[runs.find('\n').expect("there is a header")..];
        assert_eq!(
            read_reports(format!("{one}{}", runs.trim_start()).as_bytes()).map(|runs| runs.len()).ok(),
            Some(2)
        );
    }

    #[test]
    fn other_files_are_refused() {
        let refusal =
            r#"line 1: not an events file: it does not start with {"schema":"tenure.events/1",...}"#;
        check(|_| String::new(), refusal);
        check(|_| "# Readme\n".into(), refusal);
        let other = r#"line 1: the schema is `tenure.events/9`, but this version reads `tenure.events/1`"#;
        check(|lines| lines.join("\n").replacen("/1", "/9", 1), other);
    }

    #[test]
    fn truncated_files_are_refused() {
        check(|lines| lines[..1].join("\n"), "line 1: the file ends here, but no run has started");
        check(|lines| lines[..9].join("\n"), "line 9: the file ends here, but run `trees` has not ended");
        check(|lines| lines.join("\n")[..1000].into(), "line 9: the line is cut off");
    }

    #[test]
    fn corrupt_lines_are_named() {
        check(
            |mut l| {
                l[4] = "{";
                l.join("\n")
            },
            "line 5: the line is cut off",
        );
        check(
            |mut l| {
                l[4] = "\u{1}";
                l.join("\n")
            },
            "line 5: expected value",
        );
        check(
            |mut l| {
                l[4] = "{}";
                l.join("\n")
            },
            "line 5: missing field `type`",
        );
        check(
            |l| l.join("\n").replacen("\"at_ns\":5000", "\"at_ns\":-5", 1),
            "line 3: invalid value: integer `-5`, expected u64",
        );
        check(
            |l| l.join("\n").replacen("new_space_full", "boredom", 1),
            "line 7: unknown variant `boredom`, expected one of `new_space_full`, `new_space_crowded`, `young_large_full`, `young_external`, `old_limit`, `external_pressure`, `fragmentation`, `last_resort`, `requested`, `stress`, `marking_due`, `sweeping_due`, `idle`, `memory_reducer`",
        );
    }

    #[test]
    fn lines_out_of_order_are_named() {
        check(|l| [&l[..1], &l[2..]].concat().join("\n"), "line 2: no run has started");
        check(
            |l| [&l[..5], &l[1..]].concat().join("\n"),
            "line 6: a run starts before run `trees` has ended",
        );
        check(
            |l| [&l[..12], &l[6..]].concat().join("\n"),
            "line 15: the pause starts at 1000000 ns, before the end of the last pause at 3101000 ns",
        );
    }

    #[test]
    fn figures_that_cannot_be_are_named() {
        let huge = u64::MAX.to_string();
        check(
            |l| l.join("\n").replacen("\"old_used_bytes\":0", &format!("\"old_used_bytes\":{huge}"), 1),
            "line 9: 18446744073709551615 cannot be: it is too large",
        );
    }

    proptest! {
        #[test]
        fn no_damage_is_too_strange(
            edits in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>(), "[0-9]"), 1..4),
        ) {
            let mut file = file().into_bytes();
            for (place, byte, digit) in edits {
                let at = place.index(file.len());
                // A digit stays a digit: what can be parsed must be checked.
                file[at] = if file[at].is_ascii_digit() { digit.as_bytes()[0] } else { byte };
            }
            for report in read_reports(&file[..]).unwrap_or_default() {
                let _ = (Text(&report).to_string(), Json(&[report]).to_string());
            }
        }
    }

    #[test]
    fn endless_lines_are_not_read_to_their_end() {
        let error = read_reports(std::io::BufReader::new(std::io::repeat(b'x'))).expect_err("no events file");
        assert_eq!(
            error.to_string(),
            format!("line 1: longer than {MAX_LINE_BYTES} bytes, which no line is")
        );
    }
}
