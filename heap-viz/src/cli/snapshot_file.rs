//! The snapshot of `--snapshot`.

use super::failure::Failure;
use gc_core::snapshot::Snapshot;
use heap_viz::{WholeFile, write_heap_snapshot};
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

/// A file for what is alive when a run ends.
#[derive(Debug)]
pub(crate) struct SnapshotFile {
    path: PathBuf,
    file: WholeFile,
    out: BufWriter<File>,
    written: io::Result<()>,
}

impl SnapshotFile {
    /// Opens it: that it cannot be written had better be known before the run.
    pub(crate) fn start(path: &Path) -> Result<Self, Failure> {
        let created = WholeFile::create(path);
        let (file, out) = created.map_err(|source| Failure::Write { path: path.into(), source })?;
        Ok(SnapshotFile { path: path.into(), file, out, written: Ok(()) })
    }

    /// Writes what is alive.
    pub(crate) fn write(&mut self, snapshot: &Snapshot) {
        self.written = write_heap_snapshot(snapshot, &mut self.out);
    }

    /// Completes the file.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let SnapshotFile { path, file, written, .. } = self;
        written.and_then(|()| file.commit()).map_err(|source| Failure::Write { path, source })
    }
}
