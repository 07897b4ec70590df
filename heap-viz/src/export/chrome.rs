//! Runs as traces for Perfetto and for `chrome://tracing`.

use super::current_run::CurrentRun;
use super::first_failure::FirstFailure;
use crate::collector::Figure;
use crate::run::{RunEnd, RunInfo};
use crate::run_sink::RunSink;
use gc_core::event::{Event, EventSink, Nanos, Pause, PhaseEnd, Usage};
use serde_json::{Value, json};
use std::io::{self, Write};

/// The one thread of a process: the program and its collector.
const THREAD: u64 = 1;

/// Writes runs in Chrome's trace event format, which Perfetto opens too: a run is a process.
///
/// Pauses and the phases within them are slices; memory by space, external memory and the limit of the old generation
/// are counters; resizes of new space, raised maxima and refused allocations are instants. The first failure to write
/// is kept, and told by [`ChromeTraceWriter::finish`].
#[derive(Debug)]
pub struct ChromeTraceWriter<W> {
    out: W,
    run: CurrentRun,
    failure: FirstFailure,
}

impl<W: Write> ChromeTraceWriter<W> {
    /// Starts a trace. `out` had better be buffered.
    pub fn new(mut out: W) -> Self {
        let mut failure = FirstFailure::none();
        let version = env!("CARGO_PKG_VERSION");
        failure.attempt(|| {
            // Every event after this one begins with a comma.
            let program = json!({"name": "tenure", "ph": "M", "pid": 0, "args": {"version": version}});
            write!(out, "{{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n{program}")
        });
        ChromeTraceWriter { out, run: CurrentRun::default(), failure }
    }

    /// Completes the trace, and gives back what was written to.
    ///
    /// # Errors
    /// The first failure to write.
    pub fn finish(mut self) -> io::Result<W> {
        self.failure.told()?;
        self.out.write_all(b"\n]}\n")?;
        self.out.flush()?;
        Ok(self.out)
    }

    /// Writes one event of the trace, of the run's process.
    fn write(&mut self, mut event: Value) {
        event["pid"] = self.run.number.into();
        event["tid"] = THREAD.into();
        self.failure.attempt(|| write!(self.out, ",\n{event}"));
    }

    fn pause(&mut self, pause: &Pause, cause: &str) {
        self.memory(pause.start, &pause.before);
        self.slice(pause.kind.name(), pause.start, pause.duration, &details(pause, cause));
        let end = end(pause.start, pause.duration);
        pause.phases.iter().for_each(|phase| self.phase(phase, end));
        self.memory(end, &pause.after);
    }

    /// A phase ends with its pause at the latest: the figures of logs are rounded.
    fn phase(&mut self, phase: &PhaseEnd, pause_end: Nanos) {
        let duration = phase.duration.min(pause_end.since(phase.start));
        self.slice(phase.phase.name(), phase.start, duration, &json!({}));
    }

    fn slice(&mut self, name: &str, start: Nanos, duration: Nanos, details: &Value) {
        self.write(json!({"name": name, "cat": "gc", "ph": "X", "ts": us(start), "dur": us(duration), "args": details}));
    }

    fn memory(&mut self, at: Nanos, usage: &Usage) {
        if self.run.info.tells(Figure::Spaces) {
            let spaces = json!({"new": usage.new_used, "old": usage.old_used, "large": usage.large_used});
            self.counter("used bytes", at, &spaces);
        } else {
            self.counter("used bytes", at, &json!({"heap": usage.heap_used()}));
        }
        if self.run.info.tells(Figure::Capacity) {
            self.counter("heap size in bytes", at, &json!({"heap": usage.heap_total()}));
        }
        if self.run.info.tells(Figure::External) {
            self.counter("external bytes", at, &json!({"external": usage.external}));
        }
    }

    fn counter(&mut self, name: &str, at: Nanos, values: &Value) {
        self.write(json!({"name": name, "ph": "C", "ts": us(at), "args": values}));
    }

    fn instant(&mut self, name: &str, at: Nanos, details: &Value) {
        self.write(json!({"name": name, "cat": "gc", "ph": "i", "s": "p", "ts": us(at), "args": details}));
    }
}

fn details(pause: &Pause, cause: &str) -> Value {
    json!({
        "id": pause.id,
        "cause": cause,
        "allocated_before_bytes": pause.allocated_bytes_before,
        "copied_bytes": pause.work.copied_bytes,
        "promoted_bytes": pause.work.promoted_bytes,
        "freed_bytes": pause.work.freed_bytes,
    })
}

fn end(start: Nanos, duration: Nanos) -> Nanos {
    Nanos(start.0.saturating_add(duration.0))
}

/// Microseconds, which the format counts in.
fn us(time: Nanos) -> f64 {
    time.0 as f64 / 1e3
}

impl<W: Write + Send> EventSink for ChromeTraceWriter<W> {
    fn event(&mut self, event: &Event) {
        match event {
            // The account of the pause has them too.
            Event::PauseStarted(_) | Event::PhaseEnded(_) => {}
            Event::PauseEnded(pause) => self.pause(pause, pause.cause.name()),
            Event::NewSpaceResized { at, from_bytes, to_bytes } => {
                self.instant(
                    "new space resized",
                    *at,
                    &json!({"from_bytes": from_bytes, "to_bytes": to_bytes}),
                );
            }
            Event::OldLimitSet { at, limit_bytes } => {
                self.counter("old limit in bytes", *at, &json!({"limit": limit_bytes}));
            }
            Event::MaximumRaised { at, from_bytes, to_bytes } => {
                self.instant("maximum raised", *at, &json!({"from_bytes": from_bytes, "to_bytes": to_bytes}));
            }
            Event::HeapFull { at, requested_bytes, limit_bytes } => {
                let details = json!({"requested_bytes": requested_bytes, "limit_bytes": limit_bytes});
                self.instant("heap full", *at, &details);
            }
        }
    }
}

impl<W: Write + Send> RunSink for ChromeTraceWriter<W> {
    fn run_started(&mut self, info: &RunInfo) {
        self.run.next(info);
        self.write(json!({"name": "process_name", "ph": "M", "args": {"name": info.workload}}));
        self.write(json!({"name": "thread_name", "ph": "M", "args": {"name": "collections"}}));
    }

    fn foreign_pause(&mut self, pause: &Pause, words: &str) {
        self.pause(pause, words);
    }

    fn run_ended(&mut self, end: &RunEnd) {
        self.memory(end.at, &end.usage);
    }
}

#[cfg(test)]
mod tests {
    use super::ChromeTraceWriter;
    use crate::record::sample;
    use serde_json::Value;

    fn events(workloads: &[&str]) -> Vec<Value> {
        let mut writer = ChromeTraceWriter::new(Vec::new());
        sample::runs(&mut writer, workloads);
        let trace = writer.finish().expect("memory takes everything");
        let trace: Value = serde_json::from_slice(&trace).expect("one JSON document");
        trace["traceEvents"].as_array().expect("a list").clone()
    }

    #[test]
    fn runs_are_processes_with_slices_counters_and_instants() {
        let events = events(&["ring", "trees"]);
        let count = |process: u64, phase: &str| {
            let all = events.iter().filter(|event| event["pid"] == process && event["ph"] == phase);
            all.count()
        };
        assert_eq!([count(1, "X"), count(2, "X")], [100, 100], "50 pauses of one phase each");
        assert_eq!([count(1, "M"), count(1, "i")], [2, 3]);
        assert_eq!(count(1, "C"), 3 * (2 * 50 + 1) + 1);
        let names = events.iter().filter(|event| event["name"] == "process_name");
        assert_eq!(names.map(|event| &event["args"]["name"]).collect::<Vec<_>>(), ["ring", "trees"]);
    }

    #[test]
    fn phases_lie_within_their_pauses() {
        let events = events(&["ring"]);
        let slices: Vec<_> = events.iter().filter(|event| event["ph"] == "X").collect();
        for pair in slices.chunks(2) {
            let time = |n: usize, of: &str| pair[n][of].as_f64().expect("a number");
            assert!(time(1, "ts") >= time(0, "ts"));
            assert!(time(1, "ts") + time(1, "dur") <= time(0, "ts") + time(0, "dur"));
        }
        assert_eq!(slices[0]["args"]["cause"], "new space full");
    }

    #[test]
    fn a_trace_of_nothing_is_a_trace() {
        assert_eq!(events(&[]).len(), 1);
    }
}
