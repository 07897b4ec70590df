//! Pauses as a table in columns.

use super::current_run::CurrentRun;
use super::first_failure::FirstFailure;
use super::pause_table::{COLUMNS, Column, Row, SCHEMA, Value};
use super::table_file::{Head, Kind, TableFile, units};
use crate::run::{RunEnd, RunInfo};
use crate::run_sink::RunSink;
use gc_core::event::{Event, EventSink, Pause};
use serde::Serialize;
use std::fmt;
use std::io::{self, Write};

/// Writes one row a pause, with the columns of [`CsvWriter`](super::CsvWriter), for DuckDB, pandas and their like.
///
/// Numbers are 64-bit integers, null where a log of another runtime does not tell. The file's metadata has the schema's
/// name (`tenure.schema`), this version (`tenure.version`), the unit of each column that has one (`tenure.units`), and
/// what is known of each run, with its settings, and how it ended (`tenure.runs`), the last two in JSON. The first
/// failure to write is kept, and told by [`ParquetWriter::finish`].
pub struct ParquetWriter<W: Write + Send> {
    /// None if not even the first bytes could be written.
    file: Option<TableFile<W>>,
    run: CurrentRun,
    runs: Vec<RunMetadata>,
    failure: FirstFailure,
}

impl<W: Write + Send> fmt::Debug for ParquetWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParquetWriter").field("run", &self.run).finish_non_exhaustive()
    }
}

/// What the file's metadata says of a run.
#[derive(Debug, Serialize)]
struct RunMetadata {
    run: u64,
    info: RunInfo,
    end: RunEnd,
}

impl<W: Write + Send> ParquetWriter<W> {
    /// Starts a file.
    pub fn new(out: W) -> Self {
        let (mut file, mut failure) = (None, FirstFailure::none());
        failure.attempt(|| {
            file = Some(TableFile::new(out, "pauses", &heads())?);
            Ok(())
        });
        ParquetWriter { file, run: CurrentRun::default(), runs: Vec::new(), failure }
    }

    /// Completes the file, and gives back what was written to.
    ///
    /// # Errors
    /// The first failure to write.
    pub fn finish(self) -> io::Result<W> {
        self.failure.told()?;
        let file = self.file.expect("without a file, writing has failed");
        file.finish(metadata(&self.runs)?)
    }

    fn pause(&mut self, pause: &Pause, cause: &str) {
        let row = Row { run: &self.run, pause, cause };
        let Some(file) = &mut self.file else { return };
        self.failure.attempt(|| file.push(COLUMNS.iter().map(|column| column.cell(row))));
    }
}

impl<W: Write + Send> EventSink for ParquetWriter<W> {
    fn event(&mut self, event: &Event) {
        if let Event::PauseEnded(pause) = event {
            self.pause(pause, pause.cause.name());
        }
    }
}

impl<W: Write + Send> RunSink for ParquetWriter<W> {
    fn run_started(&mut self, info: &RunInfo) {
        self.run.next(info);
    }

    fn foreign_pause(&mut self, pause: &Pause, words: &str) {
        self.pause(pause, words);
    }

    fn run_ended(&mut self, end: &RunEnd) {
        let CurrentRun { number: run, info } = self.run.clone();
        self.runs.push(RunMetadata { run, info, end: end.clone() });
    }
}

fn heads() -> Vec<Head> {
    COLUMNS.iter().map(head).collect()
}

fn head(column: &Column) -> Head {
    let kind = match column.value {
        Value::Text(_) => Kind::Text,
        Value::Number(_) | Value::Run | Value::Phase(_) => Kind::Integer,
    };
    Head::new(&column.name, kind)
}

fn metadata(runs: &[RunMetadata]) -> io::Result<[(&'static str, String); 4]> {
    Ok([
        ("tenure.schema", SCHEMA.into()),
        ("tenure.version", env!("CARGO_PKG_VERSION").into()),
        ("tenure.units", units(&heads())),
        ("tenure.runs", serde_json::to_string(runs)?),
    ])
}

#[cfg(test)]
mod tests {
    use super::{ParquetWriter, SCHEMA};
    use crate::export::pause_table::COLUMNS;
    use crate::record::sample;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::RowAccessor;

    #[test]
    fn every_pause_is_a_row_and_the_metadata_tells_of_the_runs() {
        let mut writer = ParquetWriter::new(Vec::new());
        sample::runs(&mut writer, &["ring", "trees"]);
        let file = writer.finish().expect("memory takes everything");
        let reader = SerializedFileReader::new(bytes::Bytes::from(file)).expect("a Parquet file");
        let rows: Vec<_> = reader.get_row_iter(None).expect("rows").map(|row| row.expect("a row")).collect();
        assert_eq!((rows.len(), rows[0].len()), (100, COLUMNS.len()));
        let row = &rows[59];
        assert_eq!((row.get_long(0).ok(), row.get_string(1).ok()), (Some(2), Some(&"trees".to_owned())));
        assert_eq!(
            (row.get_string(3).ok(), row.get_long(6).ok()),
            (Some(&"full".to_owned()), Some(1_020_000))
        );
        let metadata = reader.metadata().file_metadata();
        let pairs = metadata.key_value_metadata().expect("there are pairs");
        let value = |key| pairs.iter().find(|pair| pair.key == key).and_then(|pair| pair.value.as_deref());
        assert_eq!(value("tenure.schema"), Some(SCHEMA));
        assert!(value("tenure.units").is_some_and(|units| units.contains(r#""start_ns":"nanoseconds""#)));
        assert!(value("tenure.runs").is_some_and(|runs| runs.contains("000000000000feed")));
    }

    #[test]
    fn many_pauses_are_written_in_groups() {
        let mut writer = ParquetWriter::new(Vec::new());
        sample::runs(&mut writer, &["ring"; 1_400]);
        let file = writer.finish().expect("memory takes everything");
        let reader = SerializedFileReader::new(bytes::Bytes::from(file)).expect("a Parquet file");
        let rows = reader.metadata().row_groups().iter().map(|group| group.num_rows());
        assert_eq!(rows.collect::<Vec<_>>(), [1 << 16, 70_000 - (1 << 16)]);
    }

    #[test]
    fn the_first_failure_is_told_at_the_end() {
        let mut writer = ParquetWriter::new(sample::FullDisk);
        sample::runs(&mut writer, &["ring"]);
        assert!(writer.finish().is_err());
    }
}
