//! Runs and heaps on their way out: one file format a module.

mod arrow_schema;
pub(crate) mod cell;
mod chrome;
mod csv;
mod current_run;
mod events;
mod first_failure;
mod folded;
mod hdr_log;
mod heap_snapshot;
mod open_metrics;
mod parquet;
mod pause_table;
pub(crate) mod table_file;

pub use chrome::ChromeTraceWriter;
pub use csv::CsvWriter;
pub use events::EventsWriter;
pub use folded::FoldedStacks;
pub use hdr_log::HdrLogWriter;
pub use heap_snapshot::write_heap_snapshot;
pub use open_metrics::OpenMetricsWriter;
pub use parquet::ParquetWriter;
