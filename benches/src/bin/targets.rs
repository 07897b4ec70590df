//! Prints the speed that Tenure promises, what it reaches, and what its peers reach on the same machine.

use clap::Parser;
use gc_benches::targets::{GROUPS, Peer, Report, run_lox};
use gc_benches::typed;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Measures Tenure's speed targets, each program in turn with those that it is compared with.
#[derive(Parser)]
#[command(name = "targets", version)]
struct Options {
    /// Measure only groups whose name contains this.
    filter: Option<String>,
    /// Repetitions of each program, after one that does not count.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..))]
    reps: u16,
    /// Fail if a target is missed.
    #[arg(long)]
    strict: bool,
    /// Run binary trees once, by the peer of this name at this depth, for the process that asks.
    #[arg(long, hide = true, num_args = 2, value_names = ["NAME", "DEPTH"])]
    peer: Option<Vec<String>>,
    /// Run a program once on a system, for the process that asks.
    #[arg(long, hide = true, num_args = 2, value_names = ["SYSTEM", "PROGRAM"])]
    typed: Option<Vec<String>>,
    /// Run a program in Lox once, for the process that asks.
    #[arg(long, hide = true, value_name = "FILE")]
    lox: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    match (&options.peer, &options.typed, &options.lox) {
        (Some(request), ..) => serve(request),
        (_, Some(request), _) => serve_typed(request),
        (_, _, Some(path)) => serve_lox(path),
        _ => measure(&options),
    }
}

/// Prints a run of a peer.
fn serve(request: &[String]) -> ExitCode {
    let (peer, depth) = (Peer::named(&request[0]), request[1].parse());
    let (Some(peer), Ok(depth)) = (peer, depth) else { return ExitCode::FAILURE };
    println!("{}", peer.run_here(depth));
    ExitCode::SUCCESS
}

/// Prints a run of a program on a system.
fn serve_typed(request: &[String]) -> ExitCode {
    let Some((system, program)) = typed::named(&request[0], &request[1]) else { return ExitCode::FAILURE };
    println!("{}", system.run(program));
    ExitCode::SUCCESS
}

/// Prints what a program in Lox prints.
fn serve_lox(path: &Path) -> ExitCode {
    match run_lox(path) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints the table.
fn measure(options: &Options) -> ExitCode {
    let filter = options.filter.as_deref().unwrap_or_default();
    println!("{}", Report::HEAD);
    let mut missed = 0;
    for group in GROUPS.iter().filter(|group| group.name.contains(filter)) {
        let report = group.measure(options.reps.into());
        print!("{report}");
        missed += report.missed();
    }
    println!("{missed} missed");
    ExitCode::from(u8::from(options.strict && missed > 0))
}
