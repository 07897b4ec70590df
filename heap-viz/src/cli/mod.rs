//! The `tenure` command, in two stages: [`args`] is what was typed, [`plan`] what it means.
//!
//! Data goes to stdout; progress, advice and errors go to stderr.

mod allocation_sites;
mod args;
mod bench;
mod calibrate;
mod compare;
mod config_file;
mod console;
mod convert;
mod doctor;
mod effective;
mod explain;
mod failure;
mod figures;
mod files;
mod film;
mod gate;
mod growth;
mod import;
mod input;
mod list;
mod live;
mod machine;
mod mapped_file;
mod named;
mod nearest;
mod optional;
mod page;
mod parallel;
mod plan;
mod predict;
mod preset;
mod printable;
mod program;
mod progress;
mod recording;
mod report;
mod rerun;
mod run;
mod scenario;
mod script;
mod settings;
mod snapshot;
mod snapshot_file;
mod stdout;
mod sweep;
mod text_file;
mod toml_file;
mod trace;
mod trace_recording;
mod validate;

use args::{Args, Command, HeapArgs, RunArgs};
use clap::{CommandFactory, Parser};
use clap_complete::Shell;
use effective::Effective;
use failure::Failure;
use files::Files;
use std::process::ExitCode;
use stdout::Stdout;

/// Does what the command line asks for.
pub(crate) fn main() -> ExitCode {
    let stdout = &mut Stdout::default();
    let done = match Args::parse().command {
        Some(command) => command.carry_out(stdout),
        None => main_job(stdout),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// What a command line without a command asks for: the default set, a page of charts, and a film.
fn main_job(stdout: &mut Stdout) -> Result<(), Failure> {
    let args = RunArgs { html: Some(page::DEFAULT_PAGE.into()), ..RunArgs::default() };
    Command::Run(args).carry_out(stdout)?;
    film::film_example()
}

impl Command {
    fn carry_out(self, stdout: &mut Stdout) -> Result<(), Failure> {
        Files::of(&self).check()?;
        match self {
            Command::Run(args) => run::run(&plan::RunPlan::new(&args)?, stdout),
            Command::Script(args) => script::script(&args, stdout),
            Command::Explain(args) => explain::explain(&args, stdout),
            Command::Live(args) => live::live(&args, stdout),
            Command::List(args) => list::list(&args, stdout),
            Command::Report(args) => report::report(&args, stdout),
            Command::Import(args) => import::import(&args, stdout),
            Command::Snapshot(args) => snapshot::snapshot(&args, stdout),
            Command::Trace(args) => trace::trace(&args, stdout),
            Command::Compare(args) => compare::compare(&args, stdout),
            Command::Convert(args) => convert::convert(&args),
            Command::Config(args) => print_config(&args, stdout),
            Command::Validate(args) => validate::validate(&args, stdout),
            Command::Calibrate(args) => calibrate::calibrate(&args, stdout),
            Command::Predict(args) => predict::predict(&args, stdout),
            Command::Doctor(args) => doctor::doctor(&args, stdout),
            Command::Bench(args) => bench::bench(&args, stdout),
            Command::Sweep(command) => sweep::sweep(&command, stdout),
            Command::Completions { shell } => print_completions(shell, stdout),
        }
    }
}

fn print_config(args: &HeapArgs, stdout: &mut Stdout) -> Result<(), Failure> {
    stdout.print(&Effective::new(args)?.to_toml())
}

fn print_completions(shell: Shell, stdout: &mut Stdout) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "tenure", &mut script);
    stdout.print(&String::from_utf8_lossy(&script))
}
