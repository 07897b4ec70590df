//! Tables in columns, as Parquet has them.

use parquet::basic::{LogicalType, Repetition, Type as PhysicalType};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;
use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

/// What stands in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cell<'a> {
    Text(&'a str),
    Number(u64),
    /// Whoever was asked does not tell.
    Untold,
}

/// As it stands in a line of text: nothing where nothing is told.
impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Text(text) => f.write_str(text),
            Cell::Number(number) => write!(f, "{number}"),
            Cell::Untold => Ok(()),
        }
    }
}

/// The cells of one column that are not written yet.
#[derive(Debug)]
pub(crate) enum Values {
    Texts(Vec<ByteArray>),
    /// With a level for each row, 1 where there is a number.
    Numbers(Vec<i64>, Vec<i16>),
}

/// Writes a table with these columns and metadata.
pub(crate) fn write_table(
    name: &str,
    columns: Vec<(&str, Values)>,
    metadata: &[(&str, &str)],
    out: impl Write + Send,
) -> io::Result<()> {
    let schema = schema(name, columns.iter().map(|(name, values)| (*name, values.is_text())));
    let properties = WriterProperties::builder().set_created_by(created_by()).build();
    let mut file = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties)).map_err(as_io)?;
    let mut values: Vec<_> = columns.into_iter().map(|(_, values)| values).collect();
    write_group(&mut file, &mut values).map_err(as_io)?;
    for (key, value) in metadata {
        file.append_key_value_metadata(KeyValue::new((*key).into(), (*value).to_owned()));
    }
    file.close().map(drop).map_err(as_io)
}

/// Writes all columns as a group of rows, and empties them.
pub(super) fn write_group<W: Write + Send>(
    file: &mut SerializedFileWriter<W>,
    columns: &mut [Values],
) -> ParquetResult<()> {
    let mut group = file.next_row_group()?;
    for values in columns {
        let mut column = group.next_column()?.expect("the schema has as many columns");
        values.write(&mut column)?;
        column.close()?;
    }
    group.close().map(drop)
}

impl Values {
    /// None yet.
    pub(crate) fn new(is_text: bool) -> Self {
        if is_text { Values::Texts(Vec::new()) } else { Values::Numbers(Vec::new(), Vec::new()) }
    }

    fn is_text(&self) -> bool {
        matches!(self, Values::Texts(_))
    }

    /// Adds the cell of one more row. Texts are never null.
    pub(crate) fn push(&mut self, cell: Cell<'_>) {
        match (self, cell) {
            (Values::Texts(texts), Cell::Text(text)) => texts.push(text.into()),
            (Values::Texts(texts), Cell::Number(_) | Cell::Untold) => texts.push("".into()),
            (Values::Numbers(numbers, levels), Cell::Number(number)) => {
                numbers.push(i64::try_from(number).unwrap_or(i64::MAX));
                levels.push(1);
            }
            (Values::Numbers(_, levels), Cell::Text(_) | Cell::Untold) => levels.push(0),
        }
    }

    /// Writes all of them, and is empty.
    fn write(&mut self, column: &mut SerializedColumnWriter<'_>) -> ParquetResult<()> {
        match self {
            Values::Texts(texts) => {
                column.typed::<ByteArrayType>().write_batch(texts, None, None)?;
                texts.clear();
            }
            Values::Numbers(numbers, levels) => {
                column.typed::<Int64Type>().write_batch(numbers, Some(levels), None)?;
                numbers.clear();
                levels.clear();
            }
        }
        Ok(())
    }
}

/// A table of columns, each with its name and whether it is of text.
pub(super) fn schema<'a>(name: &str, columns: impl Iterator<Item = (&'a str, bool)>) -> Type {
    let columns = columns.map(|(name, is_text)| Arc::new(column_type(name, is_text))).collect();
    Type::group_type_builder(name).with_fields(columns).build().expect("names are unique")
}

fn column_type(name: &str, is_text: bool) -> Type {
    let (physical, logical, repetition) = if is_text {
        (PhysicalType::BYTE_ARRAY, Some(LogicalType::String), Repetition::REQUIRED)
    } else {
        (PhysicalType::INT64, None, Repetition::OPTIONAL)
    };
    let column = Type::primitive_type_builder(name, physical).with_logical_type(logical);
    column.with_repetition(repetition).build().expect("texts are bytes")
}

/// Who has written a file.
pub(super) fn created_by() -> String {
    format!("tenure version {}", env!("CARGO_PKG_VERSION"))
}

/// The failure to write that is behind an error.
pub(super) fn as_io(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(source) => *source,
            Err(source) => io::Error::other(source),
        },
        error => io::Error::other(error),
    }
}
