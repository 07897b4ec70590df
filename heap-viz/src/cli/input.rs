//! Files that are read: events and logs.

use super::failure::Failure;
use heap_viz::{PauseReport, ReadError, RunSink};
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

/// What stands for standard input or output in place of a file.
pub(crate) const STANDARD: &str = "-";

/// Gives the runs in a file to `sink`.
pub(crate) fn runs(path: &Path, sink: &mut dyn RunSink) -> Result<(), Failure> {
    let read = open(path).map_err(ReadError::from).and_then(|file| heap_viz::read_runs(file, sink));
    read.map_err(|problem| Failure::Input { path: path.into(), problem })
}

/// The reports on the runs in a file.
pub(crate) fn reports(path: &Path) -> Result<Vec<PauseReport>, Failure> {
    let read = open(path).map_err(ReadError::from).and_then(heap_viz::read_reports);
    read.map_err(|problem| Failure::Input { path: path.into(), problem })
}

fn open(path: &Path) -> io::Result<Box<dyn BufRead>> {
    if path == Path::new(STANDARD) {
        return Ok(Box::new(io::stdin().lock()));
    }
    Ok(Box::new(BufReader::new(File::open(path)?)))
}
