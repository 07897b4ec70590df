//! Why a file cannot be reported on.

use crate::record::SCHEMA;
use std::io;

/// Why a file cannot be reported on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The system did not let us read on.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// There is nothing in the file.
    #[error("the file is empty")]
    Empty,
    /// The file is of no format that this version knows.
    #[error(
        "the format is not known: this version reads events of Tenure (`tenure run --events`), and logs of V8 \
         (`node --trace-gc` or `--trace-gc-nvp`), of HotSpot (`java -Xlog:gc*`) and of Go (`GODEBUG=gctrace=1`)"
    )]
    Unknown,
    /// The file is a log of HotSpot whose lines do not tell when they were written.
    #[error(
        "this is a log of HotSpot without times: have it written with them, as `java -Xlog:gc*:file=gc.log:uptime` does"
    )]
    Untimed,
    /// The file is of a version that this one does not know.
    #[error("line 1: the schema is `{found}`, but this version reads `{SCHEMA}`")]
    OtherSchema {
        /// The schema of the file.
        found: String,
    },
    /// A line of a file of events cannot be understood, or contradicts the lines before it.
    #[error("line {line}: {problem}")]
    Corrupt {
        /// Number of the line, from 1.
        line: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// The file has an end, the run has not.
    #[error("line {line}: the file ends here, but {missing}")]
    Truncated {
        /// Number of the last line, from 1.
        line: u64,
        /// What should have followed.
        missing: String,
    },
}
