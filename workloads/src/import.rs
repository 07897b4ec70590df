//! What other runtimes write about their heaps, read.
//!
//! | file | made by | what it holds |
//! |---|---|---|
//! | [heap snapshot](heap_snapshot) | V8: any Chrome or Node | every object alive, and its references |
//! | [heap profile](heap_profile) | V8's sampling profiler | sizes of some allocations, in order |
//! | [`memtrace`] | OCaml with the library memtrace | some or all allocations, with their ends |
//! | [`memray`] | CPython under memray | every allocation, with its end |
//!
//! All readers take a stream, are bounded in memory by what they keep, and say where a damaged file is damaged.
//! [`Imported::read`] finds out what a file is.

mod edges;
#[cfg(test)]
mod heap_model;
pub mod heap_profile;
pub mod heap_snapshot;
mod json;
pub mod lifetimes;
pub mod memray;
pub mod memtrace;
mod problem;
mod shapes;
mod snapshot_trace;
mod stream;
mod synthesis;

pub use edges::EdgeStatistics;
pub use heap_profile::HeapProfile;
pub use heap_snapshot::{Allocated, EdgeName, EdgeNames, HeapSnapshot};
pub use lifetimes::Lifetimes;
pub use memray::Memray;
pub use memtrace::Memtrace;
pub use problem::{ImportError, Place};
pub use snapshot_trace::{Order, SnapshotTrace};
pub use synthesis::Synthesis;

use std::io::{BufRead, Chain, Cursor, Read};

/// How many bytes tell what a file is.
const START_BYTES: u64 = 256;

/// A file of another runtime.
#[derive(Debug)]
pub enum Imported {
    /// A heap snapshot or an allocation timeline of V8.
    HeapSnapshot(HeapSnapshot),
    /// A sampling profile of V8.
    HeapProfile(HeapProfile),
    /// A trace of OCaml.
    Memtrace(Memtrace),
    /// A capture of CPython.
    Memray(Memray),
}

impl Imported {
    /// Reads a file, whatever it is called: its first bytes tell what it is. It should be buffered.
    ///
    /// # Errors
    /// If it is nothing that can be imported, or is damaged.
    pub fn read(file: impl BufRead) -> Result<Self, ImportError> {
        Self::read_with(file, HeapSnapshot::read)
    }

    /// Reads a file as [`Imported::read`] does, and of a heap snapshot the names of references too.
    ///
    /// # Errors
    /// If it is nothing that can be imported, or is damaged.
    pub fn read_with_names(file: impl BufRead) -> Result<Self, ImportError> {
        Self::read_with(file, HeapSnapshot::read_with_names)
    }

    fn read_with<R: BufRead>(
        mut file: R,
        heap_snapshot: impl FnOnce(Chain<Cursor<Vec<u8>>, R>) -> Result<HeapSnapshot, ImportError>,
    ) -> Result<Self, ImportError> {
        let mut start = Vec::new();
        file.by_ref().take(START_BYTES).read_to_end(&mut start)?;
        if start.is_empty() {
            return Err(ImportError::Empty);
        }
        let format = Format::of(&start).ok_or(ImportError::UnknownFormat)?;
        let file = Cursor::new(start).chain(file);
        match format {
            Format::HeapSnapshot => heap_snapshot(file).map(Imported::HeapSnapshot),
            Format::HeapProfile => HeapProfile::read(file).map(Imported::HeapProfile),
            Format::Memtrace => Memtrace::read(file).map(Imported::Memtrace),
            Format::Memray => Memray::read(file).map(Imported::Memray),
        }
    }
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    HeapSnapshot,
    HeapProfile,
    Memtrace,
    Memray,
}

impl Format {
    /// The format of a file that starts so.
    fn of(start: &[u8]) -> Option<Format> {
        match first_key(start) {
            Some(b"snapshot") => Some(Format::HeapSnapshot),
            Some(b"head" | b"samples") => Some(Format::HeapProfile),
            _ if memtrace::is_start(start) => Some(Format::Memtrace),
            _ if memray::is_start(start) => Some(Format::Memray),
            _ => None,
        }
    }
}

/// The first key of a JSON object that starts so.
fn first_key(start: &[u8]) -> Option<&[u8]> {
    let object = start.trim_ascii_start().strip_prefix(b"{")?;
    let key = object.trim_ascii_start().strip_prefix(b"\"")?;
    key.split(|byte| *byte == b'"').next()
}

#[cfg(test)]
mod tests {
    use super::{Format, ImportError, Imported};

    #[track_caller]
    fn check(start: &[u8], format: Option<Format>) {
        assert_eq!(Format::of(start), format, "{}", start.escape_ascii());
    }

    #[test]
    fn a_file_with_nothing_in_it_is_told() {
        assert!(matches!(Imported::read(&b""[..]), Err(ImportError::Empty)));
    }

    #[test]
    fn files_are_told_by_their_first_bytes() {
        check(br#"{"snapshot":{"meta":"#, Some(Format::HeapSnapshot));
        check(b" {\n \"head\" : {", Some(Format::HeapProfile));
        check(b"\xc1\x1f\xfc\xc1\x00", Some(Format::Memtrace));
        check(b"memray\0\x0d", Some(Format::Memray));
        check(b"\x04\x22\x4d\x18", Some(Format::Memray));
        check(br#"{"schema":"tenure.events/1"}"#, None);
        check(b"", None);
    }
}
