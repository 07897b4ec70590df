//! A file in memory, without being read into memory.

use super::failure::Failure;
use memmap2::{Advice, Mmap, UncheckedAdvice};
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use workloads::trace::TraceBytes;

/// Memory is let go of in pieces of this size at least: a call of the system for each.
const RELEASED_BYTES: u64 = 8 << 20;

/// A file that is mapped into memory, to be read once from start to end: what has been read is let go of, so that it may be
/// larger than memory.
#[derive(Debug)]
pub(crate) struct MappedFile {
    map: Mmap,
    /// Bytes that have been let go of.
    released: AtomicU64,
}

impl MappedFile {
    /// Maps a file.
    pub(crate) fn open(path: &Path) -> Result<MappedFile, Failure> {
        MappedFile::map(path).map_err(|source| Failure::Read { path: path.into(), source })
    }

    fn map(path: &Path) -> io::Result<MappedFile> {
        let file = File::open(path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "a trace must be a file, not a pipe or a folder",
            ));
        }
        // SAFETY: the map is of a file that nobody is expected to change while it is read: `tenure` itself replaces traces
        // whole, by renaming. Should somebody write into it all the same, the reader is none the worse for it than for a
        // damaged file: it copies a block before it checks it, and reads the copy. Should somebody cut it short, the system
        // ends the process at the next access (SIGBUS): nothing is read that is not there. A lock would keep out those
        // only who ask for it.
        let map = unsafe { Mmap::map(&file)? };
        #[cfg(unix)]
        map.advise(Advice::Sequential)?;
        Ok(MappedFile { map, released: AtomicU64::new(0) })
    }
}

impl TraceBytes for MappedFile {
    fn bytes(&self) -> &[u8] {
        &self.map
    }

    fn release(&self, offset: u64) {
        let released = self.released.load(Ordering::Relaxed);
        // A second reader starts from the first byte again.
        let start = if offset < released { 0 } else { released };
        if offset - start < RELEASED_BYTES {
            return;
        }
        let end = offset - offset % RELEASED_BYTES;
        self.released.store(end, Ordering::Relaxed);
        #[cfg(unix)]
        {
            // SAFETY: the pages are those of a file and have not been written to: reading them again reads the file again.
            let released = unsafe {
                self.map.unchecked_advise_range(
                    UncheckedAdvice::DontNeed,
                    start as usize,
                    (end - start) as usize,
                )
            };
            // It is an advice: a system that does not take it needs more memory.
            drop(released);
        }
    }
}
