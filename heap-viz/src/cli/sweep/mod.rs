//! `tenure sweep`: many runs, on one machine or on many.

mod axis;
mod batch;
mod build;
mod cell;
mod content;
mod draw;
mod file;
mod keys;
mod merge;
mod minimum;
mod plan;
mod progress;
mod run;
mod turns;

use super::failure::Failure;
use super::stdout::Stdout;
use clap::Subcommand;
use heap_viz::sweep::{Plan, Shard};
use std::fs::File;
use std::io::BufReader;
use std::num::NonZero;
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub(crate) enum SweepCommand {
    /// Make a plan: a run for each choice in FILE, or for some of them
    Plan(PlanArgs),
    /// Run a plan, or a part of it; what has been run is not run again
    Run(RunArgs),
    /// Put together what has been run, as a table, a page and Parquet files
    Merge(MergeArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct PlanArgs {
    /// What there is to choose, in TOML (docs/sweeps.md tells the keys)
    pub(crate) file: PathBuf,
    /// Parts that the sweep is to be run in, unless `run` says otherwise
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) shards: u32,
    /// Where the plan goes; beside FILE, with the ending .plan, if it is not said
    #[arg(short, long, value_name = "PLAN")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RunArgs {
    /// A plan that `tenure sweep plan` has made
    pub(crate) plan: PathBuf,
    /// The part to run, such as 3/64
    ///
    /// If it is not said, the number comes from the variables of GNU parallel, HyperQueue, Slurm, SGE, PBS, LSF or a
    /// Kubernetes indexed job, where there are any. Without them all of the plan is run.
    #[arg(long, value_name = "I/N")]
    pub(crate) shard: Option<Shard>,
    /// Folder of what comes out, a file a cell; beside the plan, with the ending .cells, if it is not said
    #[arg(long, value_name = "FOLDER")]
    pub(crate) results: Option<PathBuf>,
    /// Go on where a process that was killed has stopped: also remove the files that it has left unfinished
    ///
    /// Cells that are done are never run again, with this or without. Nobody else may be running this part.
    #[arg(long)]
    pub(crate) resume: bool,
    /// Run a plan that another build of Tenure has made, such as one for machines of another kind
    ///
    /// What is found counts as if the build that made the plan had found it; the tables say which build ran each cell.
    #[arg(long)]
    pub(crate) any_build: bool,
    /// Cells of the modelled clock that are run at once; as many as the machine has cores, if it is not said
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<NonZero<usize>>,
}

fn threads(text: &str) -> Result<NonZero<usize>, &'static str> {
    text.parse().map_err(|_| "it must be a whole number, of at least 1")
}

#[derive(Debug, clap::Args)]
pub(crate) struct MergeArgs {
    /// The plan
    pub(crate) plan: PathBuf,
    /// Folder of what has come out, of which there may be several; that of `run`, if it is not said
    #[arg(long, value_name = "FOLDER")]
    pub(crate) results: Vec<PathBuf>,
    /// Folder for tables and page; beside the plan, with the ending .merged, if it is not said
    #[arg(short, long, value_name = "FOLDER")]
    pub(crate) output: Option<PathBuf>,
}

/// Does what a command says.
pub(crate) fn sweep(command: &SweepCommand, stdout: &mut Stdout) -> Result<(), Failure> {
    match command {
        SweepCommand::Plan(args) => plan::plan(args),
        SweepCommand::Run(args) => run::run(args),
        SweepCommand::Merge(args) => merge::merge(args, stdout),
    }
}

fn read_plan(path: &Path) -> Result<Plan, Failure> {
    let file = File::open(path).map_err(|source| Failure::Read { path: path.into(), source })?;
    Plan::read(BufReader::new(file)).map_err(|problem| Failure::Plan { path: path.into(), problem })
}

/// The folder of what comes out of a plan's cells, where no other is said.
fn results_of(plan: &Path) -> PathBuf {
    plan.with_extension("cells")
}

/// Where the files that a plan names are told from.
fn folder_of(plan: &Path) -> &Path {
    plan.parent().unwrap_or(Path::new(""))
}
