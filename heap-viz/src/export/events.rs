//! Writing events as JSON lines.

use super::first_failure::FirstFailure;
use crate::record::{ForeignPause, Header, Record};
use crate::run::{RunEnd, RunInfo};
use crate::run_sink::RunSink;
use gc_core::event::{Event, EventSink, Pause};
use std::borrow::Cow;
use std::io::{self, Write};

/// Streams runs into a file of one JSON object a line, schema `tenure.events/1`; [`read_reports`](crate::read_reports)
/// reads it.
///
/// The first line names schema and version. Then follow, for each run, a line of type `run_started`, the heap's
/// [events](gc_core::event::Event) under their names in snake case, and a line of type `run_ended`. Times carry
/// `_ns` in their name, sizes `_bytes`; counts of work that are zero are left out:
///
/// ```json
/// {"schema":"tenure.events/1","version":"0.1.0"}
/// {"type":"run_started","workload":"ring","parameters":[...],"clock":"measured","settings":[...]}
/// {"type":"pause_started","id":0,"kind":"minor","cause":"new_space_full","at_ns":110923}
/// {"type":"phase_ended","pause":0,"phase":"roots","start_ns":110923,"duration_ns":2001,"work":{"roots":1}}
/// {"type":"pause_ended","id":0,"kind":"minor","cause":"new_space_full","start_ns":110923,"duration_ns":2001,...}
/// {"type":"run_ended","at_ns":900000,"verdict":{"status":"passed","checksum":"57d556420593b2c4"},...}
/// ```
///
/// A pause of another runtime, from its log, is one line of type `foreign_pause`, with that runtime's `words` for it.
///
/// Writing can fail at any event, where there is nobody to tell. The first failure is kept, nothing more is
/// written, and [`EventsWriter::finish`] says so.
#[derive(Debug)]
pub struct EventsWriter<W> {
    out: W,
    /// Events of the pause under way: written when it is over, so that writing does not make it longer.
    held: Vec<Event>,
    failure: FirstFailure,
}

impl<W: Write> EventsWriter<W> {
    /// Starts a file with its header. `out` had better be buffered.
    pub fn new(mut out: W) -> Self {
        let mut failure = FirstFailure::none();
        failure.attempt(|| write_header(&mut out));
        EventsWriter { out, held: Vec::new(), failure }
    }

    /// Flushes, and gives back what was written to.
    ///
    /// # Errors
    /// The first failure to write.
    pub fn finish(mut self) -> io::Result<W> {
        self.failure.told()?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn write_held(&mut self) {
        let mut held = std::mem::take(&mut self.held);
        held.drain(..).for_each(|event| self.write_event(&event));
        self.held = held;
    }

    fn write_event(&mut self, event: &Event) {
        self.write(&Record::Event(Cow::Borrowed(event)));
    }

    fn write(&mut self, record: &Record<'_>) {
        self.failure.attempt(|| write_line(&mut self.out, record));
    }
}

impl<W: Write + Send> EventSink for EventsWriter<W> {
    fn event(&mut self, event: &Event) {
        match event {
            Event::PauseStarted(_) => self.held.push(event.clone()),
            Event::PauseEnded(_) => {
                self.write_held();
                self.write_event(event);
            }
            _ if self.held.is_empty() => self.write_event(event),
            _ => self.held.push(event.clone()),
        }
    }
}

impl<W: Write + Send> RunSink for EventsWriter<W> {
    fn run_started(&mut self, info: &RunInfo) {
        self.write(&Record::RunStarted(Cow::Borrowed(info)));
    }

    fn foreign_pause(&mut self, pause: &Pause, words: &str) {
        let (pause, words) = (Cow::Borrowed(pause), Cow::Borrowed(words));
        self.write(&Record::ForeignPause(ForeignPause { words, pause }));
    }

    fn run_ended(&mut self, end: &RunEnd) {
        self.write_held();
        self.write(&Record::RunEnded(Cow::Borrowed(end)));
    }
}

fn write_header(out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &Header::CURRENT)?;
    out.write_all(b"\n")
}

fn write_line(out: &mut impl Write, record: &Record<'_>) -> io::Result<()> {
    let mut line = record.to_line()?;
    line.push(b'\n');
    out.write_all(&line)
}

#[cfg(test)]
mod tests {
    use super::EventsWriter;
    use crate::record::sample;
    use crate::run::RunInfo;
    use crate::run_sink::RunSink;
    use gc_core::event::{Event, EventSink, Nanos};
    use std::io::{self, Write};

    #[test]
    fn the_first_line_names_schema_and_version() {
        let file = EventsWriter::new(Vec::new()).finish().expect("memory takes everything");
        let header: serde_json::Value = serde_json::from_slice(&file).expect("one line of JSON");
        assert_eq!(header["schema"], "tenure.events/1");
        assert_eq!(header["version"], env!("CARGO_PKG_VERSION"));
    }

    #[test]
    fn nothing_is_written_while_the_program_is_stopped() {
        let mut writer = EventsWriter::new(Vec::new());
        let header_bytes = writer.out.len();
        let [started, phase, ended] = sample::pause_events(0);
        let resized = Event::NewSpaceResized { at: Nanos(1), from_bytes: 1, to_bytes: 2 };
        [&started, &phase, &resized].into_iter().for_each(|event| writer.event(event));
        assert_eq!(writer.out.len(), header_bytes);
        writer.event(&ended);
        let file =
            String::from_utf8(writer.finish().expect("memory takes everything")).expect("JSON is UTF-8");
        let types: Vec<_> = file.lines().skip(1).map(|line| line.split('"').nth(3)).collect();
        let expected = ["pause_started", "phase_ended", "new_space_resized", "pause_ended"];
        assert_eq!(types, expected.map(Some));
    }

    /// Takes a header and then no more.
    struct FullDisk {
        lines: usize,
    }

    impl Write for FullDisk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.lines += bytes.iter().filter(|&&byte| byte == b'\n').count();
            if self.lines > 1 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(bytes.len()) }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_first_failure_is_told_at_the_end() {
        let mut writer = EventsWriter::new(FullDisk { lines: 0 });
        writer.run_started(&RunInfo::default());
        writer.run_started(&RunInfo::default());
        let failure = writer.finish().map(|disk| disk.lines).expect_err("the disk is full");
        assert_eq!(failure.kind(), io::ErrorKind::StorageFull);
    }
}
