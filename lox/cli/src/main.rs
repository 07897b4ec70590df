//! `lox`: runs programs in Lox, or what is typed, and shows what the collector does meanwhile.
//!
//! What a program prints goes to stdout, everything else to stderr.

#![forbid(unsafe_code)]

mod args;
mod failure;
mod history;
mod output;
mod prompt;
mod session;
mod watch;

use args::Args;
use clap::Parser;
use failure::Failure;
use session::Session;
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    match carry_out(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.exit_code(),
    }
}

/// Does what the command line asks for. Failures have been told.
fn carry_out(args: &Args) -> Result<(), Failure> {
    let source = args.file.as_deref().map(read).transpose().map_err(Failure::told)?;
    let mut session = Session::start(args).map_err(Failure::told)?;
    let outcome = match source {
        Some(source) => session.run(&source),
        None if io::stdin().is_terminal() => prompt::typed(&mut session),
        None => prompt::piped(&mut session),
    };
    let outcome = outcome.map_err(Failure::told);
    // Also after a failure: it may be what somebody wants to look into.
    let ended = session.end(outcome.as_ref().err()).map_err(Failure::told);
    outcome.and(ended)
}

fn read(path: &Path) -> Result<String, Failure> {
    let mut file = File::open(path).map_err(|_| Failure::Open(path.into()))?;
    let mut source = String::new();
    let read = file.read_to_string(&mut source);
    read.map_err(|source| Failure::Read { path: path.into(), source })?;
    Ok(source)
}
