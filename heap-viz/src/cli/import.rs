//! `tenure import`, and what else is made of files of other runtimes.

use super::failure::Failure;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use workloads::import::{HeapSnapshot, ImportError, Imported};

/// Reads a heap snapshot.
pub(crate) fn read_snapshot(path: &Path) -> Result<HeapSnapshot, Failure> {
    let problem = |problem| Failure::Import { path: path.into(), problem };
    match read(path).map_err(problem)? {
        Imported::HeapSnapshot(snapshot) => Ok(snapshot),
        _ => Err(problem(ImportError::Content(
            "not a heap snapshot: it does not hold the objects of a heap".into(),
        ))),
    }
}

fn read(path: &Path) -> Result<Imported, ImportError> {
    Imported::read(BufReader::new(File::open(path)?))
}
