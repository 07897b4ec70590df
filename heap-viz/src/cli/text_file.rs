//! Text files that the command writes.

use super::failure::Failure;
use heap_viz::WholeFile;
use std::io::Write as _;
use std::path::Path;

/// Writes the file at `path`, whole or not at all.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let written = WholeFile::create(path).and_then(|(file, mut out)| {
        out.write_all(text.as_bytes())?;
        out.flush()?;
        file.commit()
    });
    written.map_err(|source| Failure::Write { path: path.into(), source })
}
