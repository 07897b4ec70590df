//! A matrix as a table: a row an invocation.

use super::{Case, Invocation, Matrix};
use crate::export::cell::Cell;
use crate::export::table_file::{Head, Kind, TableFile};
use std::io::{self, Write};

/// The schema's name.
const SCHEMA: &str = "tenure.invocations/1";

/// A column: its name, and what it holds of an invocation.
struct Column {
    name: &'static str,
    kind: Kind,
    cell: CellOf,
}

type CellOf = for<'r> fn(&'r Row<'_>) -> Cell<'r>;

impl Column {
    const fn text(name: &'static str, cell: CellOf) -> Self {
        Column { name, kind: Kind::Text, cell }
    }

    const fn integer(name: &'static str, cell: CellOf) -> Self {
        Column { name, kind: Kind::Integer, cell }
    }
}

/// A cell's invocation, or the cell alone if there is none.
#[derive(Clone)]
struct Row<'a> {
    case: &'a Case,
    system: &'a str,
    /// Why there is no invocation; empty if there is one.
    absence: String,
    number: u64,
    invocation: Option<&'a Invocation>,
}

/// A number of an invocation, if it has it.
fn number<'r>(row: &'r Row<'_>, of: impl Fn(&Invocation) -> Option<u64>) -> Cell<'r> {
    row.invocation.and_then(of).map_or(Cell::Untold, Cell::Integer)
}

fn nanoseconds(seconds: f64) -> Option<u64> {
    Some((seconds * 1e9).round() as u64)
}

/// Names end with the unit. What a system does not tell is empty.
const COLUMNS: [Column; 16] = [
    Column::text("case", |row| Cell::Text((&row.case.name).into())),
    Column::text("workload", |row| Cell::Text((&row.case.workload).into())),
    Column::text("parameters", |row| Cell::Text((&row.case.parameters).into())),
    Column::text("system", |row| Cell::Text(row.system.into())),
    Column::text("absence", |row| Cell::Text((&row.absence).into())),
    Column::integer("invocation", |row| number(row, |_| Some(row.number))),
    Column::integer("time_ns", |row| number(row, |one| nanoseconds(one.seconds))),
    Column::integer("process_ns", |row| number(row, |one| nanoseconds(one.process_seconds))),
    Column::integer("peak_bytes", |row| number(row, |one| Some(one.peak_bytes).filter(|peak| *peak > 0))),
    Column::integer("latency_p50_ns", |row| number(row, |one| Some(one.latency?.p50_ns))),
    Column::integer("latency_p99_ns", |row| number(row, |one| Some(one.latency?.p99_ns))),
    Column::integer("latency_p999_ns", |row| number(row, |one| Some(one.latency?.p999_ns))),
    Column::integer("latency_worst_ns", |row| number(row, |one| Some(one.latency?.worst_ns))),
    Column::integer("pauses", |row| number(row, |one| Some(one.pauses?.count))),
    Column::integer("pauses_total_ns", |row| number(row, |one| Some(one.pauses?.total_ns))),
    Column::integer("pauses_worst_ns", |row| number(row, |one| Some(one.pauses?.worst_ns))),
];

/// All rows, in the order of cases and systems.
fn rows(matrix: &Matrix) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for case in &matrix.cases {
        for (cell, system) in case.cells.iter().zip(&matrix.systems) {
            let absence = cell.absence().unwrap_or_default();
            let row = Row { case, system: &system.name, absence, number: 0, invocation: None };
            let invocations = cell.invocations().iter().zip(1..);
            let of = |(invocation, number)| Row { number, invocation: Some(invocation), ..row.clone() };
            rows.extend(invocations.map(of));
            if cell.invocations().is_empty() {
                rows.push(row);
            }
        }
    }
    rows
}

/// Writes one line an invocation, below a line of names: CSV as RFC 4180 has it. A cell without any is one line, which
/// says why.
///
/// # Errors
/// If there is no writing to `out`.
pub fn write_csv(matrix: &Matrix, out: impl Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(COLUMNS.iter().map(|column| column.name))?;
    for row in rows(matrix) {
        table.write_record(COLUMNS.iter().map(|column| (column.cell)(&row).to_string()))?;
    }
    table.flush()
}

/// Writes the same rows in columns. Texts are never null, numbers are where there are none.
///
/// # Errors
/// If there is no writing to `out`.
pub fn write_parquet(matrix: &Matrix, out: impl Write + Send) -> io::Result<()> {
    let heads: Vec<_> = COLUMNS.iter().map(|column| Head::new(column.name, column.kind)).collect();
    let mut file = TableFile::new(out, "invocations", &heads)?;
    for row in rows(matrix) {
        file.push(COLUMNS.iter().map(|column| (column.cell)(&row)))?;
    }
    let machine = serde_json::to_string(&(&matrix.machine, &matrix.protocol, &matrix.systems))?;
    file.finish([("tenure.schema", SCHEMA.into()), ("tenure.machine", machine)]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, SCHEMA, write_csv, write_parquet};
    use crate::matrix::sample::matrix;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::RowAccessor;

    #[test]
    fn every_invocation_is_a_line_and_every_empty_cell_another() {
        let mut out = Vec::new();
        write_csv(&matrix(), &mut out).expect("memory takes everything");
        let text = String::from_utf8(out).expect("it is text");
        let lines: Vec<_> = text.lines().collect();
        // Three cells of three invocations, one of one, and four without any.
        assert_eq!(lines.len(), 1 + 9 + 1 + 4, "{text}");
        assert_eq!(lines[1], "trees,trees,size=7 seed=1,tenure,,1,2000000000,2010000000,33554432,,,,,,,");
        assert!(
            lines[12].starts_with("ring,ring,size=7 seed=1,rc,failed: ran for longer than 60 s,,"),
            "{text}"
        );
    }

    #[test]
    fn columns_hold_the_same() {
        let mut out = Vec::new();
        write_parquet(&matrix(), &mut out).expect("memory takes everything");
        let reader = SerializedFileReader::new(bytes::Bytes::from(out)).expect("a Parquet file");
        let rows: Vec<_> = reader.get_row_iter(None).expect("rows").map(|row| row.expect("a row")).collect();
        assert_eq!((rows.len(), rows[0].len()), (14, COLUMNS.len()));
        assert_eq!(rows[0].get_long(6).ok(), Some(2_000_000_000));
        let pairs = reader.metadata().file_metadata().key_value_metadata().cloned().unwrap_or_default();
        let schema = pairs.iter().find(|pair| pair.key == "tenure.schema");
        assert_eq!(schema.and_then(|pair| pair.value.as_deref()), Some(SCHEMA));
    }
}
