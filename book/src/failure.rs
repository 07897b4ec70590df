//! Why the book could not be checked.

use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// A reason that has nothing to do with what the book says.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    #[error("cannot read {}: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("cannot write {}: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("cannot run `{command}`: {source}")]
    Run { command: String, source: io::Error },
    #[error("{} is no page: pages lie in docs, and are named as from the top of the repository", path.display())]
    NoPage { path: PathBuf },
    #[error("{} is not there: build it, with `cargo build --release`", path.display())]
    NoProgram { path: PathBuf },
    #[error("what `cargo metadata` says of the workspace is not understood")]
    Metadata,
}
