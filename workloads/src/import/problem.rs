//! What is wrong with a file.

use std::fmt;
use std::io;

/// Why a file cannot be imported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The system did not let us read on.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// The file is not of the kind that it was taken for, or is damaged.
    #[error("{place}: {problem}")]
    Corrupt {
        /// Where it is seen first.
        place: Place,
        /// What is wrong there.
        problem: String,
    },
    /// The file is whole, but not what it should be.
    #[error("{0}")]
    Content(String),
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is none of the kinds of file that can be imported.
    #[error(
        "not a file that can be imported: it is no V8 heap snapshot (.heapsnapshot), allocation timeline \
         (.heaptimeline) or sampling profile (.heapprofile), no OCaml memtrace (.ctf) and no memray capture (.bin)"
    )]
    UnknownFormat,
}

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Of text: line and column, both from 1.
    Line(usize, usize),
    /// Of bytes: how many are before it.
    Offset(u64),
    /// Of bytes that were compressed: how many are before it, once they are not.
    Decompressed(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Line(line, column) => write!(f, "line {line}, column {column}"),
            Place::Offset(offset) => write!(f, "offset {offset}"),
            Place::Decompressed(offset) => write!(f, "offset {offset} of the decompressed data"),
        }
    }
}
