//! Tables in columns, as Parquet files: what all of them have.

use super::arrow_schema;
use super::cell::Cell;
use parquet::basic::{LogicalType, Repetition, Type as PhysicalType};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;
use std::io::{self, Write};
use std::sync::Arc;

/// Rows that are kept until they are written together.
pub(crate) const ROWS_PER_GROUP: usize = 1 << 16;

/// What is known of a column.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    /// Its name, with the unit at its end where there is one.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// What it tells, if the name does not.
    pub(crate) about: &'static str,
}

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Texts, or nothing.
    Text,
    /// 64-bit integers, or nothing.
    Integer,
    /// Numbers with double precision, or nothing.
    Real,
}

/// A Parquet file in the making. Its bytes depend on its cells and metadata alone.
pub(crate) struct TableFile<W: Write + Send> {
    file: SerializedFileWriter<W>,
    columns: Vec<Values>,
    rows: usize,
}

/// The cells of one column that are not written yet, with a level for each row: 1 where there is one.
#[derive(Debug)]
enum Values {
    Texts(Vec<ByteArray>, Vec<i16>),
    Integers(Vec<i64>, Vec<i16>),
    Reals(Vec<f64>, Vec<i16>),
}

impl Head {
    /// A column of a name that tells enough.
    pub(crate) fn new(name: impl Into<String>, kind: Kind) -> Self {
        Head { name: name.into(), kind, about: "" }
    }

    /// The unit of its values, by the end of its name.
    pub(crate) fn unit(&self) -> Option<&'static str> {
        match self.name.rsplit('_').next() {
            Some("ns") => Some("nanoseconds"),
            Some("bytes") => Some("bytes"),
            Some("ppm") => Some("millionths"),
            Some("share") => Some("share of 1"),
            Some("throughput") => Some("per second"),
            _ => None,
        }
    }

    fn parquet_type(&self) -> Type {
        let (physical, logical) = match self.kind {
            Kind::Text => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Integer => (PhysicalType::INT64, None),
            Kind::Real => (PhysicalType::DOUBLE, None),
        };
        let column = Type::primitive_type_builder(&self.name, physical).with_logical_type(logical);
        column.with_repetition(Repetition::OPTIONAL).build().expect("texts are bytes")
    }
}

impl<W: Write + Send> TableFile<W> {
    /// Starts the file of a table called `name`, whose columns have names of their own.
    pub(crate) fn new(out: W, name: &str, heads: &[Head]) -> io::Result<Self> {
        let fields = heads.iter().map(|head| Arc::new(head.parquet_type())).collect();
        let schema = Type::group_type_builder(name).with_fields(fields).build().expect("names are unique");
        let properties = WriterProperties::builder().set_created_by(created_by()).build();
        let mut file =
            SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties)).map_err(as_io)?;
        let arrow = KeyValue::new(arrow_schema::KEY.into(), arrow_schema::encoded(heads));
        file.append_key_value_metadata(arrow);
        let columns = heads.iter().map(|head| Values::of(head.kind)).collect();
        Ok(TableFile { file, columns, rows: 0 })
    }

    /// A row more: a cell for each column.
    pub(crate) fn push<'a>(&mut self, row: impl IntoIterator<Item = Cell<'a>>) -> io::Result<()> {
        self.columns.iter_mut().zip(row).for_each(|(values, cell)| values.push(cell));
        self.rows += 1;
        if self.rows == ROWS_PER_GROUP { self.write_group() } else { Ok(()) }
    }

    /// Completes the file with what is known of all of it, and gives back what was written to.
    pub(crate) fn finish(
        mut self,
        metadata: impl IntoIterator<Item = (&'static str, String)>,
    ) -> io::Result<W> {
        self.write_group()?;
        for (key, value) in metadata {
            self.file.append_key_value_metadata(KeyValue::new(key.into(), value));
        }
        self.file.into_inner().map_err(as_io)
    }

    fn write_group(&mut self) -> io::Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        self.rows = 0;
        write_group(&mut self.file, &mut self.columns).map_err(as_io)
    }
}

/// The units of those columns that have one, in JSON.
pub(crate) fn units(heads: &[Head]) -> String {
    let units = heads.iter().filter_map(|head| Some((head.name.clone(), head.unit()?.into())));
    serde_json::Value::Object(units.collect()).to_string()
}

fn created_by() -> String {
    format!("tenure version {}", env!("CARGO_PKG_VERSION"))
}

fn write_group<W: Write + Send>(
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
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Text => Values::Texts(Vec::new(), Vec::new()),
            Kind::Integer => Values::Integers(Vec::new(), Vec::new()),
            Kind::Real => Values::Reals(Vec::new(), Vec::new()),
        }
    }

    /// A cell of another kind counts as one that is not told.
    fn push(&mut self, cell: Cell<'_>) {
        match (self, cell) {
            (Values::Texts(texts, levels), Cell::Text(text)) => {
                texts.push(text.into_owned().into_bytes().into());
                levels.push(1);
            }
            (Values::Integers(numbers, levels), Cell::Integer(number)) => {
                numbers.push(i64::try_from(number).unwrap_or(i64::MAX));
                levels.push(1);
            }
            (Values::Reals(numbers, levels), Cell::Real(number)) => {
                numbers.push(number);
                levels.push(1);
            }
            (Values::Texts(_, levels) | Values::Integers(_, levels) | Values::Reals(_, levels), _) => {
                levels.push(0);
            }
        }
    }

    /// Writes all of them, and is empty.
    fn write(&mut self, column: &mut SerializedColumnWriter<'_>) -> ParquetResult<()> {
        match self {
            Values::Texts(texts, levels) => {
                let (texts, levels) = (std::mem::take(texts), std::mem::take(levels));
                column.typed::<ByteArrayType>().write_batch(&texts, Some(&levels), None)?;
            }
            Values::Integers(numbers, levels) => {
                let (numbers, levels) = (std::mem::take(numbers), std::mem::take(levels));
                column.typed::<Int64Type>().write_batch(&numbers, Some(&levels), None)?;
            }
            Values::Reals(numbers, levels) => {
                let (numbers, levels) = (std::mem::take(numbers), std::mem::take(levels));
                column.typed::<DoubleType>().write_batch(&numbers, Some(&levels), None)?;
            }
        }
        Ok(())
    }
}

fn as_io(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(source) => *source,
            Err(source) => io::Error::other(source),
        },
        error => io::Error::other(error),
    }
}
