//! Reading the JSON lines that [`EventsWriter`](crate::EventsWriter) writes.

use super::error::ReadError;
use super::lines::{Lines, MAX_LINE_BYTES};
use crate::json_problem::json_problem;
use crate::record::{Header, Record, SCHEMA};
use crate::run::RunEnd;
use crate::run_sink::RunSink;
use gc_core::event::{Event, Nanos, Pause, Usage};
use std::io::BufRead;

/// No heap is larger, and no run is longer in nanoseconds (two years): such a figure is damage. Sums of a few
/// figures below it do not overflow.
const MAX_FIGURE: u64 = 1 << 56;

/// Whether a file that begins with `line` is one of events, of whatever version.
pub(super) fn is_header(line: &[u8]) -> bool {
    serde_json::from_slice::<Header<'_>>(line).is_ok()
}

/// Gives every run in a file of events to `sink`, as far as the file is as it should be.
pub(super) fn read(lines: &mut Lines<impl BufRead>, sink: &mut dyn RunSink) -> Result<(), ReadError> {
    check_header(lines.next()?.ok_or(ReadError::Empty)?)?;
    let mut order = Order::default();
    while let Some(line) = lines.next()? {
        let taken = if line.len() as u64 == MAX_LINE_BYTES {
            Err(format!("longer than {MAX_LINE_BYTES} bytes, which no line is"))
        } else {
            take(line, &mut order, sink)
        };
        taken.map_err(|problem| ReadError::Corrupt { line: lines.number(), problem })?;
    }
    order.finish().map_err(|missing| ReadError::Truncated { line: lines.number(), missing })
}

fn check_header(line: &[u8]) -> Result<(), ReadError> {
    let Header { schema, .. } = serde_json::from_slice(line).map_err(|_| ReadError::Unknown)?;
    if schema == SCHEMA { Ok(()) } else { Err(ReadError::OtherSchema { found: schema.into_owned() }) }
}

/// Checks one line and passes it on. Problems are told in words: the caller knows the line.
fn take(line: &[u8], order: &mut Order, sink: &mut dyn RunSink) -> Result<(), String> {
    let record = Record::from_line(line).map_err(|error| not_an_event(&error))?;
    order.check(&record)?;
    match record {
        Record::RunStarted(info) => sink.run_started(&info),
        Record::Event(event) => sink.event(&event),
        Record::ForeignPause(foreign) => sink.foreign_pause(&foreign.pause, &foreign.words),
        Record::RunEnded(end) => sink.run_ended(&end),
    }
    Ok(())
}

fn not_an_event(error: &serde_json::Error) -> String {
    let problem = json_problem(error);
    if error.is_eof() { problem } else { format!("this is no event of Tenure: {problem}") }
}

/// The order that records must have.
#[derive(Default)]
struct Order {
    open: Option<OpenRun>,
    runs_ended: u64,
}

/// A run whose end is still to come.
struct OpenRun {
    workload: String,
    /// When the last pause has ended.
    last_end: Nanos,
}

impl Order {
    fn check(&mut self, record: &Record<'_>) -> Result<(), String> {
        match (record, &mut self.open) {
            (Record::RunStarted(info), None) => {
                self.open = Some(OpenRun { workload: info.workload.clone(), last_end: Nanos(0) });
            }
            (Record::RunStarted(_), Some(open)) => {
                return Err(format!("a run starts before run `{}` has ended", open.workload));
            }
            (_, None) => return Err("no run has started".into()),
            (Record::Event(event), Some(open)) => open.check_event(event)?,
            (Record::ForeignPause(foreign), Some(open)) => open.check_pause(&foreign.pause)?,
            (Record::RunEnded(end), Some(open)) => {
                open.check_end(end)?;
                self.open = None;
                self.runs_ended += 1;
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<(), String> {
        match self.open {
            Some(open) => Err(format!("run `{}` has not ended", open.workload)),
            None if self.runs_ended == 0 => Err("no run has started".into()),
            None => Ok(()),
        }
    }
}

impl OpenRun {
    fn check_event(&mut self, event: &Event) -> Result<(), String> {
        if let Event::PauseEnded(pause) = event { self.check_pause(pause) } else { Ok(()) }
    }

    fn check_pause(&mut self, pause: &Pause) -> Result<(), String> {
        check_time(pause.start)?;
        check_time(pause.duration)?;
        check_usage(&pause.before)?;
        check_usage(&pause.after)?;
        self.check_follows("the pause starts", pause.start)?;
        self.last_end = Nanos(pause.start.0 + pause.duration.0);
        Ok(())
    }

    fn check_end(&self, end: &RunEnd) -> Result<(), String> {
        check_time(end.at)?;
        check_usage(&end.usage)?;
        self.check_follows("the run ends", end.at)
    }

    fn check_follows(&self, what: &str, at: Nanos) -> Result<(), String> {
        let last = self.last_end;
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
    use crate::export::EventsWriter;
    use crate::import::read_reports;
    use crate::record::sample;
    use crate::report::{Json, PauseReport, Text};
    use crate::run::RunInfo;
    use crate::run_sink::RunSink;
    use crate::timeline::Timeline;
    use gc_core::event::EventSink;
    use proptest::prelude::{any, proptest};
    use std::io::Read;

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
    fn other_versions_are_refused() {
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
            "line 5: this is no event of Tenure: expected value",
        );
        check(
            |mut l| {
                l[4] = "{}";
                l.join("\n")
            },
            "line 5: this is no event of Tenure: missing field `type`",
        );
        check(
            |l| l.join("\n").replacen("\"at_ns\":5000", "\"at_ns\":-5", 1),
            "line 3: this is no event of Tenure: invalid value: integer `-5`, expected u64",
        );
        check(
            |l| l.join("\n").replacen("new_space_full", "boredom", 1),
            "line 7: this is no event of Tenure: unknown variant `boredom`, expected one of `new_space_full`, `new_space_crowded`, `young_large_full`, `young_external`, `old_limit`, `external_pressure`, `fragmentation`, `last_resort`, `requested`, `stress`, `marking_due`, `sweeping_due`, `idle`, `memory_reducer`",
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
        let header = file().lines().next().expect("there is a header").to_owned() + "\n";
        let file = header.as_bytes().chain(std::io::BufReader::new(std::io::repeat(b'x')));
        let error = read_reports(file).expect_err("no events");
        assert_eq!(error.to_string(), "line 2: longer than 1048576 bytes, which no line is");
    }
}
