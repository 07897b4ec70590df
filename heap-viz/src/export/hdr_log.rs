//! Histograms of pauses over time.

use super::first_failure::FirstFailure;
use crate::run::{RunEnd, RunInfo};
use crate::run_sink::RunSink;
use gc_core::event::{Event, EventSink, Nanos, Pause, PauseKind};
use hdrhistogram::Histogram;
use hdrhistogram::serialization::V2DeflateSerializer;
use hdrhistogram::serialization::interval_log::{IntervalLogWriterBuilder, IntervalLogWriterError, Tag};
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};
use std::time::Duration;

/// How long an interval is: what HdrHistogram's own recorders take.
const INTERVAL: Nanos = Nanos(1_000_000_000);
/// Significant decimal digits of the histograms: what most tools take.
const DIGITS: u8 = 3;

/// Writes the lengths of pauses as a log of histograms, an interval of a second each, in the format of HdrHistogram's
/// tools (log version 1.3, histograms V2 and compressed).
///
/// An interval's tag is workload and kind of pause, such as `ring:minor`. Values, the largest among them, are
/// nanoseconds. Runs follow each other in time. The first failure to write is kept, and told by
/// [`HdrLogWriter::finish`].
pub struct HdrLogWriter<W> {
    out: W,
    serializer: V2DeflateSerializer,
    workload: String,
    /// When the run began, on the time of the log.
    run_start: Nanos,
    /// Number of the interval under way.
    interval: u64,
    /// Pauses that started in it.
    histograms: BTreeMap<PauseKind, Histogram<u64>>,
    failure: FirstFailure,
}

impl<W> fmt::Debug for HdrLogWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HdrLogWriter").field("interval", &self.interval).finish_non_exhaustive()
    }
}

impl<W: Write> HdrLogWriter<W> {
    /// Starts a log with its header. `out` had better be buffered.
    pub fn new(mut out: W) -> Self {
        let mut failure = FirstFailure::none();
        failure.attempt(|| write_header(&mut out));
        HdrLogWriter {
            out,
            serializer: V2DeflateSerializer::new(),
            workload: String::new(),
            run_start: Nanos(0),
            interval: 0,
            histograms: BTreeMap::new(),
            failure,
        }
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

    fn pause(&mut self, pause: &Pause) {
        let interval = pause.start.0 / INTERVAL.0;
        if interval != self.interval {
            self.write_interval(INTERVAL);
            self.interval = interval;
        }
        let new = || Histogram::new(DIGITS).expect("the library takes 0 to 5 digits");
        let histogram = self.histograms.entry(pause.kind).or_insert_with(new);
        histogram.record(pause.duration.0).expect("the histogram grows to whatever there is");
    }

    /// Writes what there was in the interval under way, which has lasted for `length`.
    fn write_interval(&mut self, length: Nanos) {
        let start = Nanos(self.run_start.0.saturating_add(self.interval * INTERVAL.0));
        for (kind, histogram) in std::mem::take(&mut self.histograms) {
            let tag = format!("{}:{}", self.workload, kind.name());
            let (out, serializer) = (&mut self.out, &mut self.serializer);
            self.failure.attempt(|| write(out, serializer, &histogram, &tag, start, length));
        }
    }
}

fn write_header(out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "#[Histogram log format version 1.3]")?;
    writeln!(out, "#[Logged by tenure {}: lengths of pauses in nanoseconds]", env!("CARGO_PKG_VERSION"))
}

fn write(
    out: &mut impl Write,
    serializer: &mut V2DeflateSerializer,
    histogram: &Histogram<u64>,
    tag: &str,
    start: Nanos,
    length: Nanos,
) -> io::Result<()> {
    let [start, length] = [start, length].map(|Nanos(ns)| Duration::from_nanos(ns));
    let mut log = IntervalLogWriterBuilder::new().begin_log_with(out, serializer)?;
    log.write_histogram(histogram, start, length, Tag::new(tag)).map_err(|error| match error {
        IntervalLogWriterError::IoError(error) => error,
        IntervalLogWriterError::SerializeError(error) => io::Error::other(error.to_string()),
    })
}

impl<W: Write + Send> EventSink for HdrLogWriter<W> {
    fn event(&mut self, event: &Event) {
        if let Event::PauseEnded(pause) = event {
            self.pause(pause);
        }
    }
}

impl<W: Write + Send> RunSink for HdrLogWriter<W> {
    fn run_started(&mut self, info: &RunInfo) {
        // Tags have no blanks and no commas.
        self.workload = info.workload.replace(|char: char| char.is_whitespace() || char == ',', "_");
        self.interval = 0;
    }

    fn foreign_pause(&mut self, pause: &Pause, _words: &str) {
        self.pause(pause);
    }

    fn run_ended(&mut self, end: &RunEnd) {
        let last = end.at.since(Nanos(self.interval * INTERVAL.0));
        self.write_interval(last.min(INTERVAL));
        self.run_start = Nanos(self.run_start.0.saturating_add(end.at.0));
    }
}

#[cfg(test)]
mod tests {
    use super::HdrLogWriter;
    use crate::record::sample;
    use crate::run::{RunEnd, RunInfo};
    use crate::run_sink::RunSink;
    use gc_core::event::{Event, EventSink, Nanos, Pause};
    use hdrhistogram::Histogram;
    use hdrhistogram::serialization::Deserializer;
    use hdrhistogram::serialization::interval_log::{IntervalLogIterator, LogEntry};

    /// Tag, start in milliseconds, and histogram of every interval of a log.
    fn intervals(log: &[u8]) -> Vec<(String, u128, Histogram<u64>)> {
        let entries = IntervalLogIterator::new(log).map(|entry| entry.expect("the log is well formed"));
        let interval = |entry| match entry {
            LogEntry::Interval(interval) => {
                let encoded = base64::Engine::decode(
                    &base64::engine::general_purpose::STANDARD,
                    interval.encoded_histogram(),
                );
                let histogram = Deserializer::new().deserialize(&mut &encoded.expect("base 64")[..]);
                let tag = interval.tag().map_or("", |tag| tag.as_str()).to_owned();
                Some((tag, interval.start_timestamp().as_millis(), histogram.expect("a histogram")))
            }
            _ => None,
        };
        entries.filter_map(interval).collect()
    }

    #[test]
    fn every_kind_has_its_intervals_and_runs_follow_each_other() {
        let mut writer = HdrLogWriter::new(Vec::new());
        sample::runs(&mut writer, &["ring", "a b,c"]);
        let log = writer.finish().expect("memory takes everything");
        assert!(log.starts_with(b"#[Histogram log format version 1.3]\n"));
        let found = intervals(&log);
        let found: Vec<_> =
            found.iter().map(|(tag, start, h)| (&tag[..], *start, h.len(), h.max())).collect();
        let expected = [
            ("ring:minor", 0, 45, 106_047),
            ("ring:full", 0, 5, 1_050_623),
            ("a_b_c:minor", 102, 45, 106_047),
            ("a_b_c:full", 102, 5, 1_050_623),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn an_interval_is_a_second() {
        let mut writer = HdrLogWriter::new(Vec::new());
        writer.run_started(&RunInfo { workload: "ring".into(), ..RunInfo::default() });
        for start in [100_000_000, 900_000_000, 1_000_000_000, 7_500_000_000] {
            let pause = Pause { start: Nanos(start), ..sample::pause(0) };
            writer.event(&Event::PauseEnded(Box::new(pause)));
        }
        writer.run_ended(&RunEnd { at: Nanos(7_700_000_000), ..RunEnd::default() });
        let log = writer.finish().expect("memory takes everything");
        let found: Vec<_> = intervals(&log).iter().map(|(_, start, found)| (*start, found.len())).collect();
        assert_eq!(found, [(0, 2), (1_000, 1), (7_000, 1)]);
    }
}
