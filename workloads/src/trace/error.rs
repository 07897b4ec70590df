//! Why a trace cannot be read.

use super::format::VERSION;
use std::fmt;

/// Why a trace cannot be read, or not to its end. Offsets are in bytes from the start of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TraceError {
    /// The file does not start as a trace does.
    NotATrace,
    /// The trace is of a version that this one does not know.
    OtherVersion {
        /// The version of the trace.
        found: u16,
    },
    /// The file ends before the trace does.
    Truncated {
        /// Where it ends.
        offset: u64,
        /// What should have followed.
        missing: &'static str,
    },
    /// Something in the file is not as a writer of traces writes it.
    Corrupt {
        /// Where that starts.
        offset: u64,
        /// What is wrong with it.
        problem: String,
    },
}

impl TraceError {
    /// A problem with what starts at `offset`.
    #[cold]
    pub(super) fn corrupt(offset: u64, problem: impl Into<String>) -> TraceError {
        TraceError::Corrupt { offset, problem: problem.into() }
    }
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TraceError::NotATrace => {
                write!(f, "offset 0: not a trace: it does not start with `\\x89TENURE\\n`")
            }
            TraceError::OtherVersion { found } => {
                write!(
                    f,
                    "offset 8: the trace is of version {found}, but this program reads version {VERSION}"
                )
            }
            TraceError::Truncated { offset, missing } => {
                write!(f, "offset {offset}: the file ends here, but {missing} is missing")
            }
            TraceError::Corrupt { offset, problem } => write!(f, "offset {offset}: {problem}"),
        }
    }
}

impl std::error::Error for TraceError {}
