//! Pauses as a table in text.

use super::current_run::CurrentRun;
use super::first_failure::FirstFailure;
use super::pause_table::{COLUMNS, Row};
use crate::run::{RunEnd, RunInfo};
use crate::run_sink::RunSink;
use gc_core::event::{Event, EventSink, Pause};
use std::io::{self, Write};

/// Writes one line a pause, in the order of runs and of time, below a line of names: CSV as RFC 4180 has it.
///
/// Names end with the unit, `_ns` or `_bytes`. What a log of another runtime does not tell is empty. The first failure
/// to write is kept, and told by [`CsvWriter::finish`].
#[derive(Debug)]
pub struct CsvWriter<W: Write> {
    table: csv::Writer<W>,
    run: CurrentRun,
    failure: FirstFailure,
}

impl<W: Write> CsvWriter<W> {
    /// Starts a table with the names of its columns.
    pub fn new(out: W) -> Self {
        let (mut table, mut failure) = (csv::Writer::from_writer(out), FirstFailure::none());
        failure.attempt(|| written(table.write_record(COLUMNS.iter().map(|column| &column.name))));
        CsvWriter { table, run: CurrentRun::default(), failure }
    }

    /// Flushes, and gives back what was written to.
    ///
    /// # Errors
    /// The first failure to write.
    pub fn finish(self) -> io::Result<W> {
        self.failure.told()?;
        self.table.into_inner().map_err(csv::IntoInnerError::into_error)
    }

    fn pause(&mut self, pause: &Pause, cause: &str) {
        let row = Row { run: &self.run, pause, cause };
        let cells = COLUMNS.iter().map(|column| column.cell(row).to_string());
        self.failure.attempt(|| written(self.table.write_record(cells)));
    }
}

/// What has gone wrong, with the kind that it had: `csv` makes another one of it, and a closed pipe is told by its kind.
fn written(result: csv::Result<()>) -> io::Result<()> {
    result.map_err(|error| match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    })
}

impl<W: Write + Send> EventSink for CsvWriter<W> {
    fn event(&mut self, event: &Event) {
        if let Event::PauseEnded(pause) = event {
            self.pause(pause, pause.cause.name());
        }
    }
}

impl<W: Write + Send> RunSink for CsvWriter<W> {
    fn run_started(&mut self, info: &RunInfo) {
        self.run.next(info);
    }

    fn foreign_pause(&mut self, pause: &Pause, words: &str) {
        self.pause(pause, words);
    }

    fn run_ended(&mut self, _end: &RunEnd) {}
}

#[cfg(test)]
mod tests {
    use super::CsvWriter;
    use crate::export::pause_table::COLUMNS;
    use crate::record::sample;

    #[test]
    fn every_pause_is_a_record() {
        let mut writer = CsvWriter::new(Vec::new());
        sample::runs(&mut writer, &["ring", "a \"comma\", and\nmore"]);
        let file = writer.finish().expect("memory takes everything");
        let mut table = csv::Reader::from_reader(&file[..]);
        assert_eq!(table.headers().expect("names").len(), COLUMNS.len());
        let rows: Vec<_> = table.records().map(|row| row.expect("a record")).collect();
        assert_eq!(rows.len(), 100);
        let starts: Vec<_> = rows[59].iter().take(7).collect();
        assert_eq!(starts, ["2", "a \"comma\", and\nmore", "9", "full", "old limit", "19000000", "1020000"]);
    }

    #[test]
    fn the_first_failure_is_told_at_the_end() {
        let mut writer = CsvWriter::new(sample::FullDisk);
        sample::runs(&mut writer, &["ring"; 20]);
        assert!(writer.finish().is_err());
    }
}
