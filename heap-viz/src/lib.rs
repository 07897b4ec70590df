//! What a Tenure heap did, for people and for programs.
//!
//! A heap reports [events](gc_core::event) and gives [snapshots](gc_core::snapshot) and [maps](gc_core::map); this crate
//! makes sense of them. It never changes a heap, and reports work as well on a file of events that was written last week.
//!
//! - [`Timeline`] is the sink that builds up a run in bounded memory, and [`Shared`] the way to read it afterwards.
//! - [`PauseReport`] is what a run comes to: plain data, written as [text](report::Text) or [JSON](report::Json).
//! - [`EventsWriter`] streams a run into a file of one JSON object a line; [`read_reports`] reads such a file,
//!   and the logs of some other runtimes.
//! - [`CsvWriter`], [`ParquetWriter`], [`OpenMetricsWriter`], [`HdrLogWriter`] and [`ChromeTraceWriter`] write runs for
//!   other tools: like [`EventsWriter`], they are [`RunSink`]s, which [`read_runs`] fills from a file.
//! - [`write_heap_snapshot`] writes a snapshot as Chrome's DevTools read it.
//! - [`diagnosis`] tells what hurts in a run, what to try, and what came of it.
//! - [`graph`] tells what keeps what alive in a snapshot, and how much of it, and what differs from another one.
//! - [`leak`] watches what is alive, and tells what grows without end.
//! - [`compare`] sets runs side by side, tells what differs beyond chance, and holds runs to limits.
//! - [`matrix`] sets systems side by side: what `tenure bench` has measured.
//! - [`sweep`] puts thousands of runs into cells, which any number of machines run, and merges what they find.
//! - [`picture`] shows where everything lies: figures of small heaps, films of whole runs.
//! - [`log`] shows collections as they happen, one a line; [`screen`] all of the heap, in a terminal.
//!
//! ```
//! use gc_core::event::{EventSink, Nanos};
//! use heap_viz::{PauseReport, RunEnd, RunInfo, Shared, Timeline, report::Text};
//!
//! let timeline = Shared::new(Timeline::default());
//! let _sink: Box<dyn EventSink> = Box::new(timeline.clone()); // to `Heap::set_sink`, then run the program
//! let end = RunEnd { at: Nanos(1_000_000), ..RunEnd::default() };
//! let report = PauseReport::new(RunInfo::default(), &timeline.lock(), end);
//! assert_eq!(report.pauses.count, 0);
//! println!("{}", Text(&report));
//! ```

mod collector;
mod compaction;
pub mod compare;
mod curve;
pub mod diagnosis;
mod export;
pub mod graph;
mod idle;
mod import;
mod json_problem;
mod latency;
pub mod leak;
mod live;
pub mod log;
mod markup;
pub mod matrix;
mod pause_cause;
mod pause_log;
mod percentiles;
pub mod picture;
pub mod quantity;
mod record;
pub mod report;
mod run;
mod run_sink;
pub mod screen;
mod shared;
mod snapshot_graph;
pub mod sweep;
mod thinned;
mod timeline;
mod type_names;
mod utilisation;
mod whole_file;
mod worker;
mod wrapped;

pub use collector::{Collector, Figure, UnreadLine, UnreadLines};
pub use curve::{CurvePoint, HeapCurve};
pub use diagnosis::{Advice, Diagnosis, Finding, Severity};
pub use export::{
    ChromeTraceWriter, CsvWriter, EventsWriter, FoldedStacks, HdrLogWriter, OpenMetricsWriter, ParquetWriter,
    write_heap_snapshot,
};
pub use import::{ReadError, read_reports, read_runs};
pub use latency::PausesInLatencies;
pub use live::{LiveHeap, LiveSum, LiveType};
pub use pause_cause::PauseCause;
pub use pause_log::{LongestPause, PauseCell, PauseLog};
pub use percentiles::{Bucket, CLASSES_PER_DECADE, Class, Durations, LENGTHS, Percentiles};
pub use report::PauseReport;
pub use run::{ClockKind, MachineMemory, Origin, RunEnd, RunInfo, Setting, SettingValue, Verdict};
pub use run_sink::RunSink;
pub use shared::Shared;
pub use timeline::Timeline;
pub use utilisation::{StopLog, WorstWindow};
pub use whole_file::WholeFile;
pub use worker::WorkerReport;
