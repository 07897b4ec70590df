//! Runs on their way in: one file format a module.

mod error;
mod events;
mod format;
mod go;
mod hotspot;
mod lines;
mod log;
mod v8;

pub use error::ReadError;

use crate::report::PauseReport;
use crate::run_sink::{Reports, RunSink};
use format::Format;
use lines::Lines;
use std::io::BufRead;

/// Reads a file of any format that is known, told by what is in it, and gives every run in it to `sink`.
///
/// Events are passed on one by one. Of a log, whose runs may be mixed, some 300 bytes a pause are kept until its end;
/// lines of it that are not understood are counted, and told with the [end](crate::RunEnd::unread_lines) of its first
/// run.
///
/// # Errors
/// If the format is not known, or there is no reading on, or a file of events is not as
/// [`EventsWriter`](crate::EventsWriter) writes it. `sink` has the runs up to there.
pub fn read_runs(file: impl BufRead, sink: &mut dyn RunSink) -> Result<(), ReadError> {
    let (format, file) = Format::detect(file)?;
    let mut lines = Lines::new(file);
    match format {
        Format::Events => events::read(&mut lines, sink),
        Format::V8 => log::read(&mut lines, v8::V8Log::default(), sink),
        Format::HotSpot => log::read(&mut lines, hotspot::HotSpotLog::default(), sink),
        Format::Go => log::read(&mut lines, go::GoLog::default(), sink),
    }
}

/// Reads a file as [`read_runs`] does, and reports on every run in it.
///
/// # Errors
/// As [`read_runs`].
pub fn read_reports(file: impl BufRead) -> Result<Vec<PauseReport>, ReadError> {
    let mut reports = Reports::default();
    read_runs(file, &mut reports)?;
    Ok(reports.finish())
}
