//! A file that is either whole or not there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// A file as it is written: under a temporary name, until [`WholeFile::commit`] gives it its own.
///
/// A value that is dropped takes the temporary file along; only a process that is killed leaves it behind.
#[derive(Debug)]
pub struct WholeFile {
    path: PathBuf,
    /// None where the path is a pipe or a device, which is written to directly: to replace it would destroy it.
    temporary: Option<PathBuf>,
}

impl WholeFile {
    /// Starts the file that is to be at `path`, and gives what to write to.
    ///
    /// # Errors
    /// If there is no writing there.
    pub fn create(path: &Path) -> io::Result<(Self, BufWriter<File>)> {
        // A link stays a link: what it refers to is replaced.
        let path = path.canonicalize().unwrap_or_else(|_| path.into());
        let (temporary, file) = if path.exists() && !path.is_file() {
            (None, OpenOptions::new().write(true).open(&path)?)
        } else {
            let temporary = temporary_path(&path)?;
            let file = File::create_new(&temporary)?;
            (Some(temporary), file)
        };
        Ok((WholeFile { path, temporary }, BufWriter::new(file)))
    }

    /// Puts the file in its place, replacing what was there. What was written must have been flushed.
    ///
    /// # Errors
    /// If it cannot be put there.
    pub fn commit(mut self) -> io::Result<()> {
        match &self.temporary {
            Some(temporary) => fs::rename(temporary, &self.path)?,
            None => return Ok(()),
        }
        self.temporary = None;
        Ok(())
    }
}

/// The end of the names of files that are not whole.
const PARTIAL: &str = ".partial";

/// A name beside `path` that no other process uses: a rename across directories might have to copy. The time is in it since
/// processes of two containers, or of two machines, may have one number.
fn temporary_path(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos());
    let name = format!(".{}.{}.{now}{PARTIAL}", name.to_string_lossy(), std::process::id());
    Ok(path.with_file_name(name))
}

/// The files in `folder` that were to become another, with the name of that, and never did: their process was killed, or
/// still writes.
///
/// # Errors
/// If the folder cannot be read.
pub(crate) fn partial_files(folder: &Path) -> io::Result<Vec<(PathBuf, String)>> {
    let mut partial = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let stem = name.strip_prefix('.').and_then(|name| name.strip_suffix(PARTIAL));
        let whole = stem.and_then(|stem| stem.rsplitn(3, '.').nth(2));
        partial.extend(whole.map(|whole| (path.clone(), whole.to_owned())));
    }
    Ok(partial)
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            // Nobody is left to tell.
            let _ = fs::remove_file(temporary);
        }
    }
}
