//! Pages, and other files of a command that are whole or not there: that of `--html`, figures and films.

use super::failure::Failure;
use super::input::STANDARD;
use heap_viz::WholeFile;
use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufWriter, Write};
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
        // Where commands print their reports.
        if path == Path::new(STANDARD) {
            return Err(Failure::PageToStdout);
        }
        match WholeFile::create(path) {
            Ok((file, out)) => Ok(Page { path: path.into(), file, out }),
            Err(source) => Err(Failure::Write { path: path.into(), source }),
        }
    }

    /// Writes what the page is to hold, and tells `what` is where.
    pub(crate) fn write(self, what: &str, content: impl Display) -> Result<(), Failure> {
        self.write_by(what, |out| write!(out, "{content}"))
    }

    /// The same, of what is no text.
    pub(crate) fn write_bytes(self, what: &str, content: &[u8]) -> Result<(), Failure> {
        self.write_by(what, |out| out.write_all(content))
    }

    fn write_by(
        self,
        what: &str,
        write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let Page { path, file, mut out } = self;
        let written = write(&mut out).and_then(|()| out.flush());
        match written.and_then(|()| file.commit()) {
            Ok(()) => eprintln!("{what}: {}", path.display()),
            Err(source) => return Err(Failure::Write { path, source }),
        }
        Ok(())
    }
}
