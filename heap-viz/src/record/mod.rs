//! The lines of an events file, schema `tenure.events/1`.
//!
//! Every line is a JSON object. The first is a [`Header`]; then, for each run, one `run_started`, the events of the
//! heap as they came, and one `run_ended`, told apart by `type`. Times and sizes carry their unit in their name.

pub(crate) mod mirror;
#[cfg(test)]
pub(crate) mod sample;

use crate::run::{RunEnd, RunInfo};
use gc_core::event::{Event, Pause};
use mirror::EventDef;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The schema of the files that this version writes and reads.
pub(crate) const SCHEMA: &str = "tenure.events/1";

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Header<'a> {
    /// What the lines after it look like.
    pub(crate) schema: Cow<'a, str>,
    /// Version of the program that wrote the file.
    pub(crate) version: Cow<'a, str>,
}

impl Header<'_> {
    /// The header of the files that this version writes.
    pub(crate) const CURRENT: Header<'static> =
        Header { schema: Cow::Borrowed(SCHEMA), version: Cow::Borrowed(env!("CARGO_PKG_VERSION")) };
}

/// Any line but the first.
#[derive(Clone, Debug)]
pub(crate) enum Record<'a> {
    /// A run starts.
    RunStarted(Cow<'a, RunInfo>),
    /// The heap reports.
    Event(Cow<'a, Event>),
    /// The run has ended.
    RunEnded(Cow<'a, RunEnd>),
    /// Another runtime's log told of a pause.
    ForeignPause(ForeignPause<'a>),
}

/// A pause of another runtime.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ForeignPause<'a> {
    /// What that runtime's log says that it was, and why.
    pub(crate) words: Cow<'a, str>,
    /// All else; its cause is the nearest that Tenure has.
    #[serde(with = "mirror::pause_within")]
    pub(crate) pause: Cow<'a, Pause>,
}

/// The lines that are not events, as they are written.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum RunLine<'a> {
    RunStarted(Cow<'a, RunInfo>),
    RunEnded(Cow<'a, RunEnd>),
    ForeignPause(ForeignPause<'a>),
}

/// The type of a line, the rest of it skipped.
#[derive(Deserialize)]
struct LineType<'a> {
    #[serde(rename = "type", borrow)]
    name: Cow<'a, str>,
}

impl Record<'_> {
    /// The record as one line, without its end.
    pub(crate) fn to_line(&self) -> serde_json::Result<Vec<u8>> {
        let mut line = Vec::with_capacity(512);
        let mut json = serde_json::Serializer::new(&mut line);
        match self {
            Record::RunStarted(info) => RunLine::RunStarted(Cow::Borrowed(info)).serialize(&mut json)?,
            Record::Event(event) => EventDef::serialize(event, &mut json)?,
            Record::RunEnded(end) => RunLine::RunEnded(Cow::Borrowed(end)).serialize(&mut json)?,
            Record::ForeignPause(pause) => RunLine::ForeignPause(pause.clone()).serialize(&mut json)?,
        }
        Ok(line)
    }

    /// The record that a line holds.
    pub(crate) fn from_line(line: &[u8]) -> serde_json::Result<Record<'static>> {
        let LineType { name } = serde_json::from_slice(line)?;
        if !matches!(&*name, "run_started" | "run_ended" | "foreign_pause") {
            let event = EventDef::deserialize(&mut serde_json::Deserializer::from_slice(line))?;
            return Ok(Record::Event(Cow::Owned(event)));
        }
        Ok(match serde_json::from_slice(line)? {
            RunLine::RunStarted(info) => Record::RunStarted(info),
            RunLine::RunEnded(end) => Record::RunEnded(end),
            RunLine::ForeignPause(pause) => Record::ForeignPause(pause),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Record, sample};
    use crate::run::RunInfo;
    use gc_core::event::{Event, Nanos};
    use std::borrow::Cow;

    #[test]
    fn every_event_survives_being_written_and_read() {
        for event in sample::events() {
            let line = Record::Event(Cow::Borrowed(&event)).to_line().expect("events have no maps");
            match Record::from_line(&line).expect("the line was just written") {
                Record::Event(read) => assert_eq!(*read, event),
                other => panic!("{other:?} for {event:?}"),
            }
        }
    }

    #[test]
    fn runs_survive_being_written_and_read() {
        let info = RunInfo { workload: "trees".into(), ..RunInfo::default() };
        let line = Record::RunStarted(Cow::Borrowed(&info)).to_line().expect("strings and numbers");
        assert!(matches!(Record::from_line(&line), Ok(Record::RunStarted(read)) if *read == info));
        let end = sample::run_end();
        let line = Record::RunEnded(Cow::Borrowed(&end)).to_line().expect("strings and numbers");
        assert!(matches!(Record::from_line(&line), Ok(Record::RunEnded(read)) if *read == end));
    }

    #[test]
    fn lines_are_flat_objects_with_a_type_and_units() {
        let event = Event::OldLimitSet { at: Nanos(7), limit_bytes: 9 };
        let line = Record::Event(Cow::Owned(event)).to_line().expect("numbers");
        assert_eq!(String::from_utf8_lossy(&line), r#"{"type":"old_limit_set","at_ns":7,"limit_bytes":9}"#);
    }
}
