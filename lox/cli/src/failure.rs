//! What ends the command early.

use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::process::ExitCode;

/// Exit codes as the book has them, which took them from BSD's `sysexits.h`.
const DOES_NOT_COMPILE: u8 = 65;
const FAILED: u8 = 70;
const INPUT_OR_OUTPUT: u8 = 74;

/// Why the command was not carried out, in the words of the book where it has any.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("Could not open file \"{}\".", .0.display())]
    Open(PathBuf),
    #[error("Could not read file \"{}\": {source}.", .path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("Could not write file \"{}\": {source}.", .path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("Could not read what was typed: {0}.")]
    Input(io::Error),
    #[error(transparent)]
    Program(#[from] lox::Failure),
    #[error("{0}")]
    Heap(#[from] gc_core::ConfigError),
}

impl Failure {
    /// Standard output takes no more.
    pub(crate) fn output(error: io::Error) -> Self {
        Failure::Program(lox::Failure::Output(error))
    }

    /// Tells the user, and goes on.
    pub(crate) fn told(self) -> Self {
        if !self.is_closed_pipe() {
            eprintln!("{self}");
        }
        self
    }

    /// Whether nobody reads any more what is printed: whoever did has seen enough, and that is no failure.
    fn is_closed_pipe(&self) -> bool {
        matches!(self, Failure::Program(lox::Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe)
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Failure::Program(lox::Failure::Compile(_)) => DOES_NOT_COMPILE.into(),
            Failure::Program(lox::Failure::Runtime(_)) | Failure::Heap(_) => FAILED.into(),
            _ if self.is_closed_pipe() => ExitCode::SUCCESS,
            _ => INPUT_OR_OUTPUT.into(),
        }
    }
}
