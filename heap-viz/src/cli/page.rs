//! The HTML page of `--html`.

use super::failure::Failure;
use heap_viz::WholeFile;
use std::fmt::Display;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Where the page of a command without arguments goes: beside whoever asked for it.
pub(crate) const DEFAULT_PAGE: &str = "tenure-report.html";

/// A page to be written.
#[derive(Debug)]
pub(crate) struct Page {
    path: PathBuf,
    file: WholeFile,
    out: BufWriter<File>,
}

impl Page {
    /// Begins the page at `path`: that it cannot be written had better be known before the runs.
    pub(crate) fn start(path: &Path) -> Result<Self, Failure> {
        match WholeFile::create(path) {
            Ok((file, out)) => Ok(Page { path: path.into(), file, out }),
            Err(source) => Err(Failure::Write { path: path.into(), source }),
        }
    }

    /// Writes the page, and tells where it is.
    pub(crate) fn finish(self, page: &dyn Display) -> Result<(), Failure> {
        let Page { path, file, mut out } = self;
        let written = write!(out, "{page}").and_then(|()| out.flush());
        match written.and_then(|()| file.commit()) {
            Ok(()) => eprintln!("page: {}", path.display()),
            Err(source) => return Err(Failure::Write { path, source }),
        }
        Ok(())
    }
}
